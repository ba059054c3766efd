import { comparand } from '../../source/compare.js';
import type { Comparand, Expression } from '../../source/expression.js';
import type { Leaf, Test } from '../../source/selection.js';
import { trim } from '../../source/space.js';
import { beginningWith, leadingSpace, type TextRange, trailed } from '../../source/text-range.js';
import { any, type Filter, type Superset } from './filter.js';
import { instants } from './instants.js';
import { nativeValues, othersOfText } from './native-values.js';
import { foldedAs, upTo } from './ranges.js';

/** Types other than text whose cells are a text or a number. */
const others = ['int', 'long', 'double', 'decimal', 'bool', 'date', 'objectId', 'binData'] as const;
type Other = (typeof others)[number];
const longestPattern = 500;
/** Of longer lists each value is not given ranges of its own. */
const mostRanges = 100;
const mostFolded = 10;

/**
 * A filter for a leaf over a field. A field may hold ' abc ' where 'abc' is asked, or the number 5 where '5' is; so besides the
 * value itself the ranges are searched in which white space, accents, another case or another type would put it. With an index
 * each costs one step when it is empty.
 */
export function leafFilter(field: string, leaf: Leaf): Superset {
  const { of } = leaf;
  if (leaf.op === 'present') return present(field);
  if (of.as === 'raw') return rawFilter(field, leaf);
  if (of.as === 'boolean') return booleanFilter(field, leaf);
  if (of.part) return partFilter(field, leaf);
  switch (leaf.op) {
    case 'compare': {
      const value = comparand(of.as, leaf.value);
      if (value === null) return 'none';
      if (leaf.test === 'eq') return equal(field, of, [value]);
      return of.as === 'integer' || of.as === 'decimal'
        ? numbers(field, of, leaf.test, value)
        : ordered(field, of, leaf.test, String(value));
    }
    case 'in':
      return equal(
        field,
        of,
        leaf.values.map((value) => comparand(of.as, value)).filter((value) => value !== null),
      );
    case 'prefix':
    case 'contains':
      if (of.as === 'integer' || of.as === 'decimal') return 'none';
      if (leaf.value === '') return present(field);
      if (leaf.op === 'contains') return containing(field, of, leaf.value);
      return among(field, beginnings(of, leaf.value), kindsThatMaySay(leaf.value));
  }
}

/** Where a step is a number, an element without the field beside the one that is meant counts as null. */
function present(field: string): Superset {
  return /(?:^|\.)\d+(?:\.|$)/.test(field) ? 'all' : { [field]: { $ne: null } };
}

/** Texts of the ranges, those that begin with white space, and other types. */
function among(field: string, ranges: readonly TextRange[], types: readonly Other[], values: readonly unknown[] = []) {
  return any([
    ...(values.length > 0 ? [{ [field]: { $in: values } }] : []),
    ...[...ranges, leadingSpace].map((range) => within(field, range)),
    ...(types.length > 0 ? [{ [field]: { $type: types } }] : []),
  ]);
}

function within(field: string, { from, to }: TextRange): Filter {
  return { [field]: to === undefined ? { $gte: from } : { $gte: from, $lt: to } };
}

function equal(field: string, of: Expression, values: readonly Exclude<Comparand, null>[]): Superset {
  if (of.as === 'integer' || of.as === 'decimal') {
    const filters = values.map((value) => numbers(field, of, 'eq', value));
    return filters.includes('all') ? 'all' : any(filters.filter((one) => typeof one === 'object'));
  }
  const absent = new Set(of.absent);
  const texts = [...new Set(values.map(String))].filter(
    (text) => text !== '' && (of.as === 'fold' || (trim(text) === text && !absent.has(text))),
  );
  if (texts.length === 0) return 'none';
  if (texts.length > mostRanges || (of.as === 'fold' && texts.length > mostFolded)) {
    if (of.as === 'fold') return present(field);
    const trailedByAny = { [field]: { $regex: '[\\x09-\\x0d\\x20]$' } };
    return any([
      { [field]: { $in: [...texts, ...texts.flatMap(othersOfText)] } },
      within(field, leadingSpace),
      trailedByAny,
    ]);
  }
  if (of.as === 'fold') {
    const types = others.filter((type) => texts.some((text) => kindsThatMaySay(text).includes(type)));
    return among(field, texts.flatMap(foldedAs), types);
  }
  return among(field, texts.map(trailed), [], texts.flatMap(othersOfText));
}

function beginnings({ as }: Expression, value: string): readonly TextRange[] {
  if (as === 'fold') return foldedAs(value);
  const head = wellFormed(value);
  return [head === '' ? { from: '' } : beginningWith(head)];
}

/** The part of a text before half a surrogate pair, which no text of MongoDB holds. */
function wellFormed(text: string): string {
  const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text);
  return half ? text.slice(0, half.index) : text;
}

function containing(field: string, { as }: Expression, value: string): Superset {
  const head = wellFormed(value).slice(0, longestPattern);
  const pattern = as === 'fold' ? foldedPattern(head) : escaped(wellFormed(head));
  // A symbol, which BSON had once, is a text that not every server looks into.
  return any([{ [field]: { $regex: pattern } }, { [field]: { $type: [...kindsThatMaySay(value), 'symbol'] } }]);
}

/** Any text with a character beyond ASCII may fold to what is looked for. */
function foldedPattern(value: string): string {
  const beyond = '[^\\x00-\\x7f]';
  if (/[^\0-\x7f]/.test(value)) return beyond;
  const letters = [...value].map((one) => (/[a-z]/.test(one) ? `[${one}${one.toUpperCase()}]` : escaped(one)));
  return `${letters.join('')}|${beyond}`;
}

/** A text as a pattern (PCRE) that finds just that text. */
function escaped(text: string): string {
  return text.replace(/[\0-\x7f]/g, (one) =>
    /[A-Za-z0-9]/.test(one) ? one : `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

const alphabets: Readonly<Record<Other, RegExp>> = {
  int: /^[-\d]*$/,
  long: /^[-\d]*$/,
  double: /^[-+.\de]*$|^-?(?:i?n?f?i?n?i?t?y?|n?a?n?)$/i,
  decimal: /^[-+.\de]*$|^-?(?:i?n?f?i?n?i?t?y?|n?a?n?)$/i,
  bool: /^[aeflrstu]*$/i,
  date: /^[-+.:\dtz]*$/i,
  objectId: /^[\da-f]*$/i,
  binData: /^[-\da-f]*$/i,
};

/** Types other than text of whose texts, folded or not, this may be a piece. */
function kindsThatMaySay(piece: string): readonly Other[] {
  return others.filter((type) => alphabets[type].test(piece));
}

function ordered(field: string, of: Expression, test: Test, value: string): Superset {
  if (of.as === 'fold' || wellFormed(value) !== value) return present(field);
  const ranges = test === 'gt' || test === 'ge' ? [{ from: value }] : upTo(value);
  if (of.as === 'text') return among(field, ranges, others);
  const years = { $gte: 1000, $lt: 10_000 };
  // A stored date and time is a text with a time: never a date alone.
  const stored = of.as === 'dateTime' || of.as === 'instant' ? instants(test, value) : undefined;
  const parts: Filter[] = [...ranges, leadingSpace].map((range) => within(field, range));
  if (stored) parts.push({ [field]: { $gte: new Date(stored[0]), $lte: new Date(stored[1]) } });
  return any([...parts, { [field]: years }]);
}

/** Numbers by value, with room for the shortest text of a double differing from its value; and every text of a number. */
function numbers(field: string, { as }: Expression, test: Test, value: Exclude<Comparand, null>): Superset {
  const near = Number(value);
  if (!Number.isFinite(near)) return present(field);
  const room = Math.abs(near) * 1e-14 + 1e-300;
  const low = { $gte: near - room };
  const high = { $lte: near + room };
  const bounds: Readonly<Record<Test, Filter>> = { eq: { ...low, ...high }, lt: high, le: high, gt: low, ge: low };
  return any([
    { [field]: bounds[test] },
    { [field]: { $regex: '^[\\x09-\\x0d\\x20]*[-+]?[0-9]' } },
    // 24 hexadecimal digits may read as a number.
    ...(as === 'decimal' ? [{ [field]: { $type: 'objectId' } }] : []),
  ]);
}

function booleanFilter(field: string, leaf: Leaf): Superset {
  if (leaf.op === 'prefix' || leaf.op === 'contains') return 'none';
  const values = leaf.op === 'in' ? leaf.values : leaf.op === 'compare' ? [leaf.value] : [];
  if (!values.some((value) => typeof value === 'boolean')) return 'none';
  return present(field);
}

function partFilter(field: string, leaf: Leaf): Superset {
  const { of } = leaf;
  const { separator, index } = of.part!;
  const values = leaf.op === 'in' ? leaf.values : leaf.op === 'compare' || leaf.op === 'prefix' ? [leaf.value] : [];
  const searched =
    of.as === 'text' && index === 0 && separator !== '' && !(leaf.op === 'compare' && leaf.test !== 'eq');
  const texts = values.filter((value) => typeof value === 'string' && value !== '' && wellFormed(value) === value);
  if (!searched || texts.length === 0 || texts.length < values.length || texts.length > mostRanges)
    return present(field);
  return among(
    field,
    texts.map((text) => beginningWith(String(text))),
    others,
  );
}

/** `raw`: the cell itself. Cells of other types than text may be texts. */
function rawFilter(field: string, leaf: Leaf): Superset {
  switch (leaf.op) {
    case 'in': {
      const values = leaf.values.flatMap(nativeValues);
      return values.length === 0 ? 'none' : { [field]: values.length === 1 ? values[0] : { $in: values } };
    }
    case 'compare': {
      const { test, value } = leaf;
      if (value === null) return 'none';
      if (test === 'eq') return rawFilter(field, { op: 'in', of: leaf.of, values: [value] });
      if (typeof value === 'boolean') return { [field]: { $type: 'bool' } };
      if (typeof value !== 'string') return rawNumbers(field, test, value);
      if (wellFormed(value) !== value) return present(field);
      const range = test === 'gt' || test === 'ge' ? { $gte: value } : { $lte: value };
      return any([{ [field]: range }, { [field]: { $type: ['date', 'objectId', 'binData', 'decimal', 'double'] } }]);
    }
    case 'prefix': {
      const head = wellFormed(leaf.value);
      const range = within(field, head === '' ? { from: '' } : beginningWith(head));
      return any([range, { [field]: { $type: ['date', 'objectId', 'binData', 'decimal', 'double'] } }]);
    }
    case 'contains':
      return leaf.value === '' ? present(field) : containing(field, leaf.of, leaf.value);
    case 'present':
      return present(field);
  }
}

function rawNumbers(field: string, test: Test, value: number | bigint): Superset {
  if (!Number.isFinite(Number(value))) return present(field);
  const wide = typeof value === 'bigint' && BigInt.asIntN(64, value) !== value ? Number(value) : value;
  const operators = { lt: '$lte', le: '$lte', gt: '$gte', ge: '$gte', eq: '$eq' } as const;
  return { [field]: { [operators[test]]: wide } };
}
