/**
 * A text without case and accents (R4 search.html#string): canonical decomposition, combining marks removed, lower case,
 * recomposed, so that a Hangul syllable stays one letter. Lower case is of the letter, not of its place: a final sigma is a sigma.
 * Punctuation and white space stay.
 */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

/** Order by Unicode code point; JavaScript's own `<` orders by UTF-16 unit. */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
