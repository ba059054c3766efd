import { comparand } from '../../source/compare.js';
import type { Leaf, Test } from '../../source/selection.js';
import { trim } from '../../source/space.js';
import {
  beginningWith,
  followedByNonAscii,
  leadingSpace,
  spellings,
  type TextRange,
  trailed,
} from '../../source/text-range.js';
import type { SqlColumn } from '../sql/dialect.js';
import { all, any, bound, FALSE, type Fragment, joined, plain, sql, TRUE } from '../sql/fragment.js';
import { comparands, operators } from '../sql/selection.js';
import { within } from '../sql/text-range.js';
import { asciiHead } from './ascii.js';
import type { ColumnFacts, OddText } from './knowledge.js';
import { quote } from './quote.js';
import { type Searched, withinAny } from './ranges.js';
import type { SqliteColumn } from './schema.js';

/** A condition that an index can answer: every row of the leaf satisfies it; when `exact`, no other does. */
export interface Narrow {
  readonly condition: Fragment;
  readonly exact: boolean;
  /** Exact of every cell that has a value: what remains to be asked is whether it has. */
  readonly onValues?: boolean;
}

type Column = SqlColumn<SqliteColumn>;

/** Each is a search of its own. */
const mostNamed = 50;

const superset = (condition: Fragment): Narrow => ({ condition, exact: false });
const exactly = (condition: Fragment): Narrow => ({ condition, exact: true });

/**
 * What of a leaf an index can answer. A typeless text column may hold ' abc ' where 'abc' is asked; so besides the value itself
 * the ranges are searched in which white space, accents or another case would put it. They are empty in an ordinary table and
 * cost an index step each; where a survey of the column has shown that it holds only trimmed text, they are left out.
 */
export function narrow(column: Column, leaf: Leaf, facts: ColumnFacts | undefined): Narrow | undefined {
  const { live } = column;
  if (leaf.op === 'present') return undefined;
  if (leaf.of.as === 'raw') return narrowRaw(column, leaf);
  if (live.collations.length === 0) return undefined;
  if (leaf.of.part && (leaf.of.part.index !== 0 || leaf.of.as !== 'text')) return undefined;
  switch (leaf.of.as) {
    case 'text':
      return live.affinity === 'text' ? narrowText(column, leaf, facts) : narrowMixedText(column, leaf, facts);
    case 'fold':
      return live.affinity === 'text' ? narrowFold(column, leaf, facts) : undefined;
    case 'date':
    case 'dateTime':
    case 'instant':
      if (leaf.of.part) return undefined;
      return live.affinity === 'text' && leaf.op === 'compare' ? narrowOrdered(column, leaf, facts) : undefined;
    case 'integer':
    case 'decimal':
      return live.affinity === 'numeric' && leaf.op === 'compare' ? narrowNumber(column, leaf, facts) : undefined;
    default:
      return undefined;
  }
}

/** A text, and what its collation takes for the same. */
function only(text: string): TextRange {
  return { from: text, to: `${text}\u0001` };
}

/** Those of a column's odd texts that are meant; undefined where they are not known, or too many to be named. */
function oddTexts(facts: ColumnFacts | undefined, means: (one: OddText) => boolean): readonly TextRange[] | undefined {
  const meant = facts?.odd?.filter(means);
  return meant && meant.length <= mostNamed ? meant.map(({ text }) => only(text)) : undefined;
}

function searched({ alias, live }: Column, collation: 'BINARY' | 'NOCASE'): Searched {
  const name = collated({ sql: live.quoted, alias, live }, collation);
  return { name, alias, table: live.table, rowid: live.rowid && quote(live.rowid) };
}

function collated({ sql: text, live }: Column, collation: 'BINARY' | 'NOCASE'): string {
  return collation === 'BINARY' && !live.collated ? text : `${text} COLLATE ${collation}`;
}

/** `raw`: the cell itself. A number is neither equal to, nor less than, a text; SQLite would convert, and order them. */
function narrowRaw(column: Column, leaf: Leaf): Narrow {
  const { affinity } = column.live;
  const name = collated(column, 'BINARY');
  const text = affinity === 'text' ? TRUE : plain(`typeof(${column.sql}) = 'text'`);
  const number = plain(`typeof(${column.sql}) IN ('integer', 'real')`);
  const test = (operator: string, value: unknown): Fragment => {
    if (typeof value === 'boolean' || value === null) return FALSE;
    if (typeof value !== 'string')
      return affinity === 'text' ? FALSE : all([sql`${name} ${operator} ${bound(value)}`, number]);
    // A unary plus keeps SQLite from converting the text to a number.
    const typed = operator !== '=' && affinity === 'numeric' ? `+${name}` : name;
    const notBlob = operator.startsWith('>') && affinity === 'text' ? plain(`typeof(${column.sql}) = 'text'`) : text;
    return all([sql`${typed} ${operator} ${bound(value)}`, notBlob]);
  };
  switch (leaf.op) {
    case 'compare':
      return exactly(test(operators[leaf.test], leaf.value));
    case 'in': {
      const texts = leaf.values.filter((value) => typeof value === 'string');
      const others = leaf.values.filter((value) => typeof value !== 'string');
      const listed = sql`${name} IN (${joined(texts.map(bound), ', ')})`;
      return exactly(
        any([texts.length === 0 ? FALSE : all([listed, text]), ...others.map((value) => test('=', value))]),
      );
    }
    case 'prefix':
      return exactly(
        all([
          within(affinity === 'numeric' ? `+${name}` : name, beginningWith(leaf.value)),
          plain(`typeof(${column.sql}) = 'text'`),
        ]),
      );
    case 'contains':
      return exactly(sql`(typeof(${column.sql}) = 'text' AND instr(${column.sql}, ${bound(leaf.value)}) > 0)`);
    case 'present':
      return exactly(plain(`(${column.sql} IS NOT NULL AND typeof(${column.sql}) <> 'blob')`));
  }
}

function narrowText(column: Column, leaf: Leaf, facts: ColumnFacts | undefined): Narrow | undefined {
  const binary = column.live.collations.includes('BINARY');
  const name = collated(column, binary ? 'BINARY' : 'NOCASE');
  const ranges = (found: readonly TextRange[], spaced: readonly TextRange[] = [leadingSpace]): Narrow =>
    superset(withinAny(searched(column, binary ? 'BINARY' : 'NOCASE'), [...found, ...(facts?.trimmed ? [] : spaced)]));
  const odd = (means: (trimmed: string) => boolean): readonly TextRange[] | undefined =>
    oddTexts(facts, ({ text, trimmed }) => text !== trimmed && means(written(trimmed)));
  switch (leaf.op) {
    case 'compare':
      if (leaf.test !== 'eq') return leaf.of.part ? undefined : narrowOrdered(column, leaf, facts);
      return equalTexts([leaf.value]);
    case 'in':
      return equalTexts(leaf.values);
    case 'prefix':
      if (leaf.value === '' || leaf.of.part) return undefined;
      return ranges(
        [beginningWith(written(leaf.value))],
        odd((text) => text.startsWith(written(leaf.value))),
      );
    default:
      return undefined;
  }

  /** NOCASE compares as if all were lower case, and so must the end of a range. */
  function written(value: string): string {
    return binary ? value : value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  }

  function equalTexts(values: readonly unknown[]): Narrow {
    const absent = new Set(leaf.of.absent);
    const possible = values.filter(
      (value): value is string =>
        typeof value === 'string' && value !== '' && trim(value) === value && !absent.has(value),
    );
    if (possible.length === 0) return exactly(FALSE);
    if (leaf.of.part) return ranges(possible.map(written).map(beginningWith));
    if (!facts?.trimmed || !binary) {
      const asked = possible.map(written);
      const spaced = odd((text) => asked.includes(text));
      return spaced ? ranges(asked.map(only), spaced) : ranges(asked.map(trailed));
    }
    if (possible.length === 1) return exactly(sql`${name} = ${bound(possible[0])}`);
    return exactly(sql`${name} IN (${joined(possible.map(bound), ', ')})`);
  }
}

/** Text in a column that may hold numbers: a number's text is asked as the number, and all texts of the column stay in question. */
function narrowMixedText(column: Column, leaf: Leaf, facts: ColumnFacts | undefined): Narrow | undefined {
  if (leaf.of.part || (leaf.op !== 'in' && !(leaf.op === 'compare' && leaf.test === 'eq'))) return undefined;
  if (column.live.affinity === 'none' || !column.live.collations.includes('BINARY')) return undefined;
  const values = leaf.op === 'in' ? comparands(leaf) : [comparand('text', leaf.value)];
  const numbers = values.filter(
    (value): value is string => typeof value === 'string' && Number.isFinite(Number(value)) && trim(value) !== '',
  );
  const wanted = numbers.flatMap((value) =>
    /^-?\d{1,19}$/.test(value) && fits(BigInt(value)) ? [BigInt(value), Number(value)] : [Number(value)],
  );
  const name = collated(column, 'BINARY');
  const texts = facts?.numeric ? FALSE : sql`${name} >= ${bound('')}`;
  return superset(any([...wanted.map((value) => sql`${name} = ${bound(value)}`), texts]));
}

/** Is it one of SQLite's integers? */
function fits(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

function narrowFold(column: Column, leaf: Leaf, facts: ColumnFacts | undefined): Narrow | undefined {
  const value =
    leaf.op === 'prefix' ? leaf.value : leaf.op === 'compare' && leaf.test === 'eq' ? leaf.value : undefined;
  if (typeof value !== 'string' || value === '') return undefined;
  const ascii = asciiHead(value);
  const whole = ascii === value;
  const noCase = column.live.collations.includes('NOCASE');
  // A binary index finds the ways of writing the first letters; NOCASE finds them all at once.
  const head = noCase ? ascii : ascii.slice(0, 3);
  const ways = (text: string): readonly string[] => (noCase ? [text] : spellings(text));
  const ranges: TextRange[] = whole || head.length < ascii.length ? ways(head).map(beginningWith) : [];
  const odd = oddTexts(facts, ({ folded }) => folded.startsWith(value));
  if (odd) ranges.push(...odd);
  else if (!facts?.ascii) {
    for (let i = 0; i <= head.length; i++) ranges.push(...ways(head.slice(0, i)).map(followedByNonAscii));
  }
  if (!odd && !facts?.trimmed) ranges.push(leadingSpace);
  const proven =
    noCase &&
    whole &&
    leaf.op === 'prefix' &&
    facts?.ascii &&
    facts.trimmed &&
    !leaf.of.absent?.length &&
    !value.endsWith('@');
  const condition = withinAny(searched(column, noCase ? 'NOCASE' : 'BINARY'), ranges);
  return proven ? exactly(condition) : superset(condition);
}

/** A comparison in text order: trailing white space leaves a text at or behind its place, so an upper bound reaches past each of its prefixes. */
function narrowOrdered(
  column: Column,
  leaf: Extract<Leaf, { op: 'compare' }>,
  facts: ColumnFacts | undefined,
): Narrow | undefined {
  if (!column.live.collations.includes('BINARY')) return undefined;
  const { value, test } = leaf;
  if (typeof value !== 'string' || value === '') return undefined;
  const name = collated(column, 'BINARY');
  if (facts?.trimmed) {
    const compared = sql`${name} ${operators[test]} ${bound(value)}`;
    const proven = (leaf.of.as === 'date' && facts.date) || (leaf.of.as === 'dateTime' && facts.dateTime);
    return proven && !leaf.of.absent?.length
      ? exactly(compared)
      : { condition: compared, exact: false, onValues: true };
  }
  const own = searched(column, 'BINARY');
  const spaced = withinAny(own, [leadingSpace]);
  if (test === 'gt' || test === 'ge') return superset(any([sql`${name} >= ${bound(value)}`, spaced]));
  if (test === 'eq') return superset(withinAny(own, [trailed(value), leadingSpace]));
  const prefixes = leaf.of.as === 'text' ? [] : [4, 7, 10, value.length].filter((length) => length <= value.length);
  if (prefixes.length === 0) return undefined;
  const behind = withinAny(
    own,
    prefixes.map((length) => trailed(value.slice(0, length))),
  );
  return superset(any([sql`${name} <= ${bound(value)}`, behind, spaced]));
}

/** Numbers by value. Doubles are bounded with room for their shortest text differing from their value; texts stay in question. */
function narrowNumber(
  column: Column,
  leaf: Extract<Leaf, { op: 'compare' }>,
  facts: ColumnFacts | undefined,
): Narrow | undefined {
  const value = comparand(leaf.of.as, leaf.value);
  if (value === null || !column.live.collations.includes('BINARY')) return undefined;
  const near = Number(value);
  if (!Number.isFinite(near)) return undefined;
  const room = Math.abs(near) * 1e-14 + 1e-300;
  const name = collated(column, 'BINARY');
  const low = sql`${name} >= ${bound(near - room)}`;
  const high = sql`${name} <= ${bound(near + room)}`;
  const bounds: Readonly<Record<Test, Fragment>> = {
    eq: sql`(${low} AND ${high})`,
    lt: high,
    le: high,
    gt: low,
    ge: low,
  };
  const texts = facts?.numeric ? FALSE : sql`${name} >= ${bound('')}`;
  return superset(any([bounds[leaf.test], texts]));
}
