/**
 * White space at the ends of a text that says nothing: tab, line feed, vertical tab, form feed, carriage return, space. Every
 * database can leave these out of a comparison; a no-break space and its kin are part of the text.
 */
export const space = '\t\n\v\f\r ';

/** The text without white space at its ends. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (start < end && isSpace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}
