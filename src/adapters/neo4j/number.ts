import type { Test } from '../../source/selection.js';

type Bind = (value: unknown) => string;

export const operators: Readonly<Record<Test, string>> = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' };

/** The finite Float whose text, as ECMAScript writes it, is this; undefined when there is none. */
export function numberOfText(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && String(value) === text ? value : undefined;
}

export const fitsInteger = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/**
 * An Integer against a whole number, or a Float against one: Cypher compares the two kinds as Floats, which rounds beyond 2^53,
 * so each is told its own bound.
 */
export function integerTest(p: string, test: Test, value: bigint, bind: Bind): string {
  if (fitsInteger(value)) return `${p} ${operators[test]} ${bind(value)}`;
  const all = value > 0n ? test === 'lt' || test === 'le' : test === 'gt' || test === 'ge';
  return String(all);
}

/** A Float `p` against a whole number, exactly: the nearest Float may lie on the other side of it. */
export function floatTest(p: string, test: Test, value: bigint, bind: Bind): string {
  const near = Number(value);
  if (!Number.isFinite(near)) return integerTest(p, test, value, bind);
  const exact = BigInt(near);
  if (exact === value) return `${p} ${operators[test]} ${bind(near)}`;
  if (test === 'eq') return 'false';
  const below = test === 'lt' || test === 'le';
  const operator = exact > value ? (below ? '<' : '>=') : below ? '<=' : '>';
  return `${p} ${operator} ${bind(near)}`;
}
