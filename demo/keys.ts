import { mix } from './random.js';

const HALF_OF_WORDS = 0x8000_0000;
const SEVEN_DIGITS = 0x1000_0000;
const HALF_OF_DIGITS = SEVEN_DIGITS / 2;
const SEVEN_DIGIT_MASK = SEVEN_DIGITS - 1;
/** Odd, so that multiplying by it permutes the numbers of seven hexadecimal digits. */
const STRIDE = 0x9e3_779b;

/** The most rows one table can hold before a key of an existing row could equal a dangling one. */
export const MOST_ROWS = HALF_OF_DIGITS;

/** Row index -> native key, without a table of the keys given out: a permutation of the key space, different per seed. */
export interface KeySpace {
  /** The key of an existing row. */
  at(index: number): string;
  /** A well-formed key that no row has: from the half of the space that rows never reach. */
  dangling(index: number): string;
}

/** Keys of eight hexadecimal digits, as the first group of a UUID. */
export function hexKeys(salt: number): KeySpace {
  const key = (word: number) => ((mix(mix(word ^ salt)) ^ salt) >>> 0).toString(16).padStart(8, '0');
  return { at: (index) => key(index), dangling: (index) => key((index % HALF_OF_WORDS) + HALF_OF_WORDS) };
}

/** Keys of a letter and seven hexadecimal digits. */
export function letterKeys(letter: string, salt: number): KeySpace {
  const key = (index: number) =>
    letter + ((Math.imul(index, STRIDE) + salt) & SEVEN_DIGIT_MASK).toString(16).padStart(7, '0');
  return { at: (index) => key(index), dangling: (index) => key((index % HALF_OF_DIGITS) + HALF_OF_DIGITS) };
}
