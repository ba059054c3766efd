import { compareText } from '../../source/fold.js';
import type { Test } from '../../source/selection.js';

const first = -62_167_219_200_000;
const last = 253_402_300_799_999;

/**
 * The dates (of the years 0000 to 9999, in milliseconds from 1970) whose ISO text compares so with a text, whatever that text is:
 * from and to, both included; undefined when there are none. Their texts are in the order of time.
 */
export function instants(test: Test, text: string): readonly [number, number] | undefined {
  const from = least((order) => order >= 0, text);
  const beyond = least((order) => order > 0, text);
  const bounds: Readonly<Record<Test, readonly [number, number]>> = {
    eq: [from, beyond - 1],
    lt: [first, from - 1],
    le: [first, beyond - 1],
    gt: [beyond, last],
    ge: [from, last],
  };
  const [low, high] = bounds[test];
  return low <= high ? [low, high] : undefined;
}

/** The first instant whose text stands so to the text; one after the last when none does. */
function least(holds: (order: number) => boolean, text: string): number {
  let low = first;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(compareText(new Date(middle).toISOString(), text))) high = middle;
    else low = middle + 1;
  }
  return low;
}
