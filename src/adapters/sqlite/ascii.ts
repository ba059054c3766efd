/** The ASCII characters that a text begins with. */
export function asciiHead(text: string): string {
  let end = 0;
  while (end < text.length && text.charCodeAt(end) < 0x80) end++;
  return text.slice(0, end);
}

export function isAscii(text: string): boolean {
  return asciiHead(text).length === text.length;
}
