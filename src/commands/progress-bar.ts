/** A bar on one line of a terminal; nothing when the stream is no terminal. */
export function progressBar(stream: NodeJS.WriteStream): {
  show(done: number, total: number, label: string): void;
  end(): void;
} {
  const width = 30;
  let shown = '';
  const draw = (text: string) => {
    if (text === shown) return;
    shown = text;
    // Back to the start of the line, and clear it (ECMA-48 EL).
    stream.write(`\r\x1b[K${text}`);
  };
  return {
    show(done, total, label) {
      if (!stream.isTTY) return;
      const part = total === 0 ? 1 : done / total;
      const filled = Math.round(part * width);
      draw(
        `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${String(Math.floor(part * 100)).padStart(3)} % ${label}`,
      );
    },
    end() {
      if (stream.isTTY) draw('');
    },
  };
}
