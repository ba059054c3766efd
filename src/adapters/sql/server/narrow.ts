import type { Leaf } from '../../../source/selection.js';
import { trim } from '../../../source/space.js';
import { any, bound, FALSE, type Fragment } from '../fragment.js';
import { among } from '../selection.js';
import type { Column } from './column.js';
import type { TextSearch, Vendor } from './vendor.js';

/**
 * A condition on a text column that its index can answer, and that every row of the leaf satisfies. A cell may hold ' abc ' where
 * 'abc' is asked, so the texts are looked for that white space, accents or another case would put elsewhere: an index step each.
 */
export function narrowText(vendor: Vendor, column: Column, leaf: Leaf): Fragment | undefined {
  const { of } = leaf;
  if (leaf.op === 'present' || leaf.op === 'contains') return undefined;
  if (of.as === 'raw') return narrowRaw(vendor, column, leaf);
  const search = column.live.leads ? vendor.search(column) : undefined;
  if (!search) return undefined;
  if (of.part)
    return of.part.index === 0 && of.as === 'text' && of.part.separator !== '' ? narrowPiece(search, leaf) : undefined;
  switch (of.as) {
    case 'text': {
      if (leaf.op === 'prefix')
        return leaf.value === '' ? undefined : any([search.beginning(leaf.value), search.spaced]);
      const values = equalTo(leaf);
      return values && any([...possible(values, of.absent).map(search.equal), search.spaced]);
    }
    case 'fold':
      return narrowFold(search, leaf);
    case 'date':
    case 'dateTime':
    case 'instant':
      return narrowDate(search, leaf);
    default:
      return undefined;
  }
}

/** Whatever a column's own `=` is, a text is equal to itself. */
function narrowRaw(vendor: Vendor, { sql: name }: Column, leaf: Leaf): Fragment | undefined {
  const values = equalTo(leaf)?.filter((value) => typeof value === 'string');
  if (!values) return undefined;
  if (values.length === 0) return FALSE;
  return among(vendor, name, values.map(bound));
}

function equalTo(leaf: Leaf): readonly unknown[] | undefined {
  if (leaf.op === 'in') return leaf.values;
  return leaf.op === 'compare' && leaf.test === 'eq' ? [leaf.value] : undefined;
}

/** Values that a trimmed text can be equal to. */
function possible(values: readonly unknown[], absent: readonly string[] = []): string[] {
  return values.filter(
    (value): value is string =>
      typeof value === 'string' && value !== '' && trim(value) === value && !absent.includes(value),
  );
}

function narrowPiece(search: TextSearch, leaf: Leaf): Fragment | undefined {
  const values = equalTo(leaf);
  return values && any([...possible(values, leaf.of.absent).map(search.beginning), search.spaced]);
}

const searchedLetters = 3;

function narrowFold(search: TextSearch, leaf: Leaf): Fragment | undefined {
  const value = leaf.op === 'prefix' ? leaf.value : equalTo(leaf)?.length === 1 ? equalTo(leaf)![0] : undefined;
  if (typeof value !== 'string' || value === '' || !search.beyondAscii) return undefined;
  const ascii = /^[\0-\x7f]*/.exec(value)![0];
  const head = search.ignoresCase ? ascii : ascii.slice(0, searchedLetters);
  const ways = (text: string) => (search.ignoresCase ? [text] : spellings(text));
  const found: Fragment[] = head === '' ? [] : ways(head).map(search.beginning);
  for (let i = 0; i <= head.length; i++) found.push(...ways(head.slice(0, i)).map(search.beyondAscii));
  return any([...found, search.spaced]);
}

function spellings(text: string): readonly string[] {
  return [...text].reduce<string[]>(
    (heads, letter) => [...new Set([letter, letter.toUpperCase()])].flatMap((one) => heads.map((head) => head + one)),
    [''],
  );
}

/** White space behind a text leaves it at or near its place: an upper bound reaches past each of its prefixes that is a date. */
function narrowDate(search: TextSearch, leaf: Leaf): Fragment | undefined {
  const values = equalTo(leaf);
  if (values) return any([...possible(values, leaf.of.absent).map(search.equal), search.spaced]);
  if (leaf.op !== 'compare' || typeof leaf.value !== 'string' || !search.compared) return undefined;
  const { value, test } = leaf;
  if (!/^[0-9][0-9TZ:.+ -]*$/.test(value)) return undefined;
  const near = [...new Set([4, 7, 10, value.length])]
    .filter((length) => length <= value.length)
    .map((length) => search.equal(value.slice(0, length)));
  // What an index thinks of the signs within a time is its own.
  if (value.length > 10) near.push(search.beginning(value.slice(0, 10)));
  return any([search.compared(test === 'gt' || test === 'ge' ? '>=' : '<=', value), ...near, search.spaced]);
}
