const ascii = /^[\x20-\x7e]*$/;
const marks = /\p{M}+/gu;

/**
 * A text without case and accents: canonical decomposition, combining marks removed, lower case (a final sigma is a sigma), recomposed.
 * R4 search.html#string compares and sorts strings so; punctuation and white space stay (the server's discretion there).
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  const lower = text.normalize('NFD').replace(marks, '').toLowerCase();
  if (ascii.test(lower)) return lower;
  return lower.replaceAll('ς', 'σ').normalize('NFD').replace(marks, '').normalize('NFC');
}

/** Unicode code point order, which is UTF-8 byte order; JavaScript's own `<` orders by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      const surrogateX = x >= 0xd800 && x <= 0xdfff;
      const surrogateY = y >= 0xd800 && y <= 0xdfff;
      if (surrogateX !== surrogateY) return surrogateX ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}
