import { invalidValue } from './invalid-value.js';

/**
 * Cuts a value at each separator that is not escaped; the pieces keep their escapes. R4 search.html#escaping:
 * `\,` `\$` `\|` `\\`.
 */
export function split(text: string, separator: ',' | '$' | '|'): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === separator) {
      pieces.push(text.slice(start, i));
      start = i + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** The text that a piece stands for. @throws {Fault} `invalid-value` for a backslash before anything else, or at the end. */
export function unescaped(text: string, parameter: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\s\S]?)/g, (_, character: string) => {
    if (character === '' || !',$|\\'.includes(character)) {
      throw invalidValue(parameter, 'a backslash may only stand before "," "$" "|" or another backslash');
    }
    return character;
  });
}
