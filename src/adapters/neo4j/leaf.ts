import { comparand } from '../../source/compare.js';
import type { Comparand, Expression } from '../../source/expression.js';
import type { Leaf, Test } from '../../source/selection.js';
import { isLow, neverText, wellFormed } from './capabilities.js';
import { floatTest, integerTest, numberOfText, operators } from './number.js';
import { floatHolds, isBoolean, isFloat, isInteger, isString, isTemporal, temporalText, textHolds } from './value.js';

type Bind = (value: unknown) => string;
type Value = Exclude<Comparand, null>;

/**
 * A leaf as Cypher over a property `p`: its rows, or where `exactLeaf` says no, those and more. It may be null where it is false.
 */
export function leafCypher(p: string, leaf: Leaf, bind: Bind): string {
  const { of } = leaf;
  if (of.part) return partly(p, leaf, bind);
  if ((leaf.op === 'prefix' || leaf.op === 'contains') && neverText(of)) return 'false';
  if (of.as === 'raw') return rawLeaf(p, leaf, bind);
  switch (leaf.op) {
    case 'present':
      return either([
        textHolds(p, of, of.as === 'integer' ? 'toIntegerOrNull(x) IS NOT NULL' : undefined, bind),
        ...(of.as === 'text' || of.as === 'fold' || of.as === 'decimal' ? [floatHolds(p, of, undefined, bind)] : []),
        ...(of.as === 'integer' ? [floatHolds(p, of, bigWhole(p), bind)] : []),
      ]);
    case 'compare':
      return either(test(p, of, leaf.test, valuesOf(of, [leaf.value]), bind));
    case 'in':
      return either(test(p, of, 'eq', valuesOf(of, leaf.values), bind));
    case 'prefix':
    case 'contains':
      return inText(p, leaf, bind);
  }
}

const either = (parts: readonly string[]): string =>
  parts.length === 0 ? 'false' : parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`;

/** A whole Float that has 64 bits at most, whose digits are not those of Cypher. */
const bigWhole = (p: string): string => `abs(${p}) >= ${2 ** 53}.0 AND abs(${p}) < 9223372036854775808.0`;

function valuesOf(of: Expression, values: readonly Comparand[]): readonly Value[] {
  return values.map((value) => comparand(of.as, value)).filter((value) => value !== null);
}

function test(p: string, of: Expression, how: Test, values: readonly Value[], bind: Bind): readonly string[] {
  if (values.length === 0) return [];
  switch (of.as) {
    case 'text':
      return textTest(p, of, how, values as readonly string[], bind);
    case 'date':
    case 'dateTime':
    case 'instant': {
      const known = (values as readonly string[]).filter(wellFormed);
      if (known.length === 0) return how === 'eq' ? [] : [textHolds(p, of, undefined, bind)];
      const condition = how === 'eq' ? `x IN ${bind(known)}` : `x ${operators[how]} ${bind(known[0])}`;
      return [textHolds(p, of, condition, bind)];
    }
    case 'integer':
      return (values as readonly bigint[]).flatMap((value) => [
        textHolds(p, of, integerTest('toIntegerOrNull(x)', how, value, bind), bind),
        floatHolds(p, of, `${bigWhole(p)}${floatNear(p, how, value, bind)}`, bind),
      ]);
    case 'boolean': {
      const truths = [true, false].filter((one) => values.some((value) => holds(how, Number(one) - Number(value))));
      const words = truths.flatMap((one) => (one ? ['1', 'true', 'yes'] : ['0', 'false', 'no']));
      return [textHolds(p, of, `toLower(x) IN ${bind(words)}`, bind)];
    }
    case 'fold':
      return how === 'eq'
        ? folded(p, of, (x) => `${x} IN ${bind(values)}`, bind)
        : [textHolds(p, of, undefined, bind), floatHolds(p, of, undefined, bind)];
    case 'decimal':
      return (values as readonly string[]).flatMap((value) => {
        const near = Number(value);
        const loose = { eq: '=', lt: '<=', le: '<=', gt: '>=', ge: '>=' }[how];
        const condition = (x: string) => (Number.isFinite(near) ? `${x} ${loose} ${bind(near)}` : 'true');
        return [
          textHolds(p, of, `(toFloatOrNull(x) IS NULL OR ${condition('(toFloatOrNull(x) + 0.0)')})`, bind),
          floatHolds(p, of, condition(`(${p} + 0.0)`), bind),
        ];
      });
    case 'raw':
      return [];
  }
}

const holds = (how: Test, order: number): boolean =>
  how === 'eq'
    ? order === 0
    : how === 'lt'
      ? order < 0
      : how === 'le'
        ? order <= 0
        : how === 'gt'
          ? order > 0
          : order >= 0;

/** Beyond 2^53 a Float's text may be of another number, near to it. */
function floatNear(p: string, how: Test, value: bigint, bind: Bind): string {
  if (how !== 'eq') {
    const bound = value + (how === 'lt' || how === 'le' ? 2_000n : -2_000n);
    return ` AND ${floatTest(p, how, bound, bind)}`;
  }
  return ` AND ${floatTest(p, 'ge', value - 2_000n, bind)} AND ${floatTest(p, 'le', value + 2_000n, bind)}`;
}

function textTest(p: string, of: Expression, how: Test, values: readonly string[], bind: Bind): readonly string[] {
  const known = values.filter(wellFormed);
  if (how === 'eq') {
    const numbers = known.flatMap((text) => numberOfText(text) ?? []);
    return [
      ...(known.length > 0 ? [textHolds(p, of, `x IN ${bind(known)}`, bind)] : []),
      ...(numbers.length > 0 ? [floatHolds(p, of, `${p} IN ${bind(numbers)}`, bind)] : []),
    ];
  }
  const condition = values.every(isLow) ? `x ${operators[how]} ${bind(values[0])}` : undefined;
  return [textHolds(p, of, condition, bind), floatHolds(p, of, undefined, bind)];
}

function inText(p: string, leaf: Extract<Leaf, { op: 'prefix' | 'contains' }>, bind: Bind): string {
  const { of, op, value } = leaf;
  const operator = op === 'prefix' ? 'STARTS WITH' : 'CONTAINS';
  if (of.as === 'fold') return either(folded(p, of, (x) => `${x} ${operator} ${bind(value)}`, bind));
  const condition = wellFormed(value) ? `x ${operator} ${bind(value)}` : undefined;
  const parts = [textHolds(p, of, condition, bind)];
  if (of.as === 'text' && /^[-+.\de]*$/.test(value)) parts.push(floatHolds(p, of, undefined, bind));
  return either(parts);
}

/** Letters of ASCII fold to small letters; any other text may fold to anything. */
function folded(p: string, of: Expression, condition: (x: string) => string, bind: Bind): readonly string[] {
  return [
    textHolds(p, of, `(x =~ '(?s).*[^\\\\x00-\\\\x7f].*' OR ${condition('toLower(x)')})`, bind),
    floatHolds(p, of, undefined, bind),
  ];
}

/** One piece of a text is within the text. */
function partly(p: string, leaf: Leaf, bind: Bind): string {
  const { of } = leaf;
  if ((leaf.op === 'prefix' || leaf.op === 'contains') && neverText(of)) return 'false';
  const whole: Expression = { column: of.column, as: 'text' };
  const pieces =
    of.as !== 'text'
      ? []
      : leaf.op === 'in'
        ? leaf.values
        : leaf.op === 'prefix' || leaf.op === 'contains' || (leaf.op === 'compare' && leaf.test === 'eq')
          ? [leaf.value]
          : [];
  const texts = pieces.filter((piece): piece is string => typeof piece === 'string' && wellFormed(piece));
  const condition =
    texts.length > 0 && texts.length === pieces.length && texts.length <= 10
      ? `(${texts.map((text) => `x CONTAINS ${bind(text)}`).join(' OR ')})`
      : undefined;
  return either([textHolds(p, whole, condition, bind), floatHolds(p, whole, undefined, bind)]);
}

/** A text that a temporal may be written as, and one that such a text may begin with. */
const temporal = /^([+-]?\d{4,9}-\d\d-\d\d(T.*)?|\d\d:\d\d:.*)$/;
const temporalStart = /^(\d{0,4}|\d{4}-.*|[+-].*|\d\d:.*)$/;

function rawLeaf(p: string, leaf: Leaf, bind: Bind): string {
  switch (leaf.op) {
    case 'present':
      return `(${[isString, isInteger, isBoolean, isTemporal, isFloat].map((is) => is(p)).join(' OR ')})`;
    case 'compare':
      return leaf.test === 'eq' ? rawIn(p, [leaf.value], bind) : rawRange(p, leaf.test, leaf.value, bind);
    case 'in':
      return rawIn(p, leaf.values, bind);
    case 'prefix':
    case 'contains': {
      const operator = leaf.op === 'prefix' ? 'STARTS WITH' : 'CONTAINS';
      if (!wellFormed(leaf.value)) return `(${isString(p)})`;
      const value = bind(leaf.value);
      const own = `${p} ${operator} ${value}`;
      const ofTemporal = `(${isTemporal(p)} AND ${temporalText(p)} ${operator} ${value})`;
      return leaf.op === 'prefix' && !temporalStart.test(leaf.value) ? own : `(${own} OR ${ofTemporal})`;
    }
  }
}

function rawIn(p: string, values: readonly Comparand[], bind: Bind): string {
  const plain: (string | boolean | number | bigint)[] = [];
  const parts: string[] = [];
  for (const value of values) {
    if (value === null || (typeof value === 'string' && !wellFormed(value))) continue;
    const whole =
      typeof value === 'bigint'
        ? value
        : typeof value === 'number' && Number.isInteger(value)
          ? BigInt(value)
          : undefined;
    if (whole === undefined || (whole > -(2n ** 53n) && whole < 2n ** 53n)) plain.push(whole ?? value);
    else {
      if (fits(whole)) parts.push(`(${isInteger(p)} AND ${integerTest(p, 'eq', whole, bind)})`);
      parts.push(`(${isFloat(p)} AND ${floatTest(p, 'eq', whole, bind)})`);
    }
  }
  if (plain.length > 0) parts.unshift(`${p} IN ${bind(plain)}`);
  const written = plain.filter((value) => typeof value === 'string' && temporal.test(value));
  if (written.length > 0) parts.push(`(${isTemporal(p)} AND ${temporalText(p)} IN ${bind(written)})`);
  return either(parts);
}

const fits = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

export function rawRange(p: string, how: Test, value: Comparand, bind: Bind): string {
  if (value === null) return 'false';
  const operator = operators[how];
  if (typeof value === 'boolean') return `(${isBoolean(p)} AND ${p} ${operator} ${bind(value)})`;
  if (typeof value === 'string') {
    if (!isLow(value)) return `(${isString(p)} OR ${isTemporal(p)})`;
    const bound = bind(value);
    return `(${p} ${operator} ${bound} OR (${isTemporal(p)} AND ${temporalText(p)} ${operator} ${bound}))`;
  }
  if (typeof value === 'number' && !Number.isInteger(value))
    return `((${isInteger(p)} OR ${isFloat(p)}) AND ${p} ${operator} ${bind(value)})`;
  const whole = BigInt(value);
  return `((${isInteger(p)} AND ${integerTest(p, how, whole, bind)}) OR (${isFloat(p)} AND ${floatTest(p, how, whole, bind)}))`;
}
