/** A start tag of `a` or `img` in XHTML, whatever is quoted in it. */
const tag = /<(a|img)((?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)>)/gi;
const attribute = /(\s([\w:.-]+)\s*=\s*)("[^"]*"|'[^']*')/g;
const linking: Readonly<Record<string, string>> = { a: 'href', img: 'src' };

/**
 * XHTML whose `a href` and `img src` are changed, and nothing else of its text.
 * @param change the new link; the same one to leave it
 */
export function mapNarrativeLinks(xhtml: string, change: (link: string) => string): string {
  return xhtml.replace(tag, (_, element: string, attributes: string) => {
    const changed = attributes.replace(attribute, (whole, before: string, name: string, quoted: string) => {
      if (name.toLowerCase() !== linking[element.toLowerCase()]) return whole;
      const link = decoded(quoted.slice(1, -1));
      const next = change(link);
      return next === link ? whole : `${before}"${encoded(next)}"`;
    });
    return `<${element}${changed}`;
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    if (name) return entities[name.toLowerCase()]!;
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const encoded = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
