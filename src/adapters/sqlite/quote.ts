/** An identifier as SQL text: https://www.sqlite.org/lang_keywords.html */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
