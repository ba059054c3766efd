/** One segment of a path. */
const segment = '([^/?#]+)';

/**
 * The address of a file from that of its page, by a table of how pages begin (`https://drive.example/d/{}/`) and where their files
 * lie (`https://drive.example/file?id={}`). An address that is no such page is the file's own.
 */
export function fileAddress(files: Readonly<Record<string, string>>): (address: string) => string {
  const pages = Object.entries(files).map(([page, file]) => ({
    page: new RegExp(`^${page.split('{}').map(literally).join(segment)}`),
    file,
  }));
  return (address) => {
    for (const { page, file } of pages) {
      const found = page.exec(address);
      if (found) return file.replace('{}', () => found[1] ?? '');
    }
    return address;
  };
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
