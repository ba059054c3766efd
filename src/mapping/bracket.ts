import { and as all, or as any, not as complement, FALSE, type Selection, TRUE } from '../source/selection.js';

/** Bounds of the rows that satisfy a test: `lo` only rows that do, `hi` at least all of them. Exact when both are one selection. */
export interface Bracket {
  readonly lo: Selection;
  readonly hi: Selection;
}

export const always: Bracket = { lo: TRUE, hi: TRUE };
export const never: Bracket = { lo: FALSE, hi: FALSE };
/** Nothing is known: every row has to be looked at. */
export const unknown: Bracket = { lo: FALSE, hi: TRUE };

export function exactly(selection: Selection): Bracket {
  return { lo: selection, hi: selection };
}

export function isExact(bracket: Bracket): boolean {
  return (
    bracket.lo === bracket.hi ||
    (bracket.lo.op === bracket.hi.op && (bracket.lo.op === 'true' || bracket.lo.op === 'false'))
  );
}

export function and(...of: readonly Bracket[]): Bracket {
  return of.every(isExact)
    ? exactly(all(...of.map((b) => b.hi)))
    : { lo: all(...of.map((b) => b.lo)), hi: all(...of.map((b) => b.hi)) };
}

export function or(...of: readonly Bracket[]): Bracket {
  return of.every(isExact)
    ? exactly(any(...of.map((b) => b.hi)))
    : { lo: any(...of.map((b) => b.lo)), hi: any(...of.map((b) => b.hi)) };
}

/** The complement swaps the bounds: what surely matches surely does not, and the reverse. */
export function not(of: Bracket): Bracket {
  return isExact(of) ? exactly(complement(of.hi)) : { lo: complement(of.hi), hi: complement(of.lo) };
}
