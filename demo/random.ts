/**
 * A stream of pseudo-random numbers that is a pure function of the words it is made from (mulberry32 over a mixed seed).
 * Any record can therefore be made without making those before it, and a run needs no memory of what it has made.
 */
export class Random {
  #state: number;

  constructor(seed: number, stream: number, index: number) {
    this.#state = mix(mix(mix(seed) ^ stream) ^ index);
  }

  /** The next number, 0 <= x < 2^32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** An integer, low <= x <= high. */
  integer(low: number, high: number): number {
    return low + Math.floor((this.next() / 0x1_0000_0000) * (high - low + 1));
  }

  /** True for the given share of draws, 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share * 0x1_0000_0000;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)]!;
  }

  /** So many decimal digits, leading zeros included. */
  digits(count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) text += this.integer(0, 9);
    return text;
  }
}

/** A bijection of the 32-bit integers (the finalizer of MurmurHash3), so that distinct inputs stay distinct. */
export function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) + 0x9e3779b9;
}
