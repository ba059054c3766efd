import { isDate } from '../../source/calendar.js';
import { decimalText } from '../../source/decimal.js';
import { beginningWith } from '../../source/text-range.js';
import { bound, type Fragment, joined, sql } from '../sql/fragment.js';
import type { Column, Kind } from '../sql/server/column.js';
import { isUnwritten } from '../sql/server/possible.js';
import type { TextSearch, Vendor } from '../sql/server/vendor.js';
import { within } from '../sql/text-range.js';
import { foldSql } from './fold.js';

export const quote = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const spaces = String.raw`E'\t\n\u000b\f\r '`;

const types: Readonly<Partial<Record<Kind, string>>> = {
  integer: 'bigint',
  decimal: 'numeric',
  float: 'float8',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'timestamp',
  instant: 'timestamptz',
  uuid: 'uuid',
};

/** Exponents as ECMAScript writes them. */
const floatText = (name: string) =>
  `CASE WHEN abs(${name}) >= 1e-6 AND abs(${name}) < 1e21 OR ${name} = 0 THEN ${name}::text::numeric::text ` +
  `ELSE regexp_replace(${name}::text, 'e([+-])0', 'e\\1') END`;

function text({ sql: name, live }: Column): string {
  switch (live.kind) {
    case 'text':
      return live.plainEqual ? (live.plainOrder ? name : `${name} COLLATE "C"`) : `${name}::text COLLATE "C"`;
    case 'float':
    case 'single':
      return `(${floatText(name)}) COLLATE "C"`;
    case 'instant':
      return `regexp_replace(${name}::text, '([+-][0-9][0-9])$', '\\1:00') COLLATE "C"`;
    default:
      return `${name}::text COLLATE "C"`;
  }
}

function search({ sql: name, live }: Column): TextSearch | undefined {
  if (!live.plainOrder && !live.pointIndex) return undefined;
  const column = live.pointIndex === 'collation' ? `${name} COLLATE "C"` : name;
  const [ge, lt, le] = live.pointIndex === 'operators' ? ['~>=~', '~<~', '~<=~'] : ['>=', '<', '<='];
  return {
    equal: (value) => within(column, { from: value, to: `${value}!` }, ge, lt),
    beginning: (prefix) => within(column, beginningWith(prefix), ge, lt),
    spaced: within(column, { from: '\t', to: '!' }, ge, lt),
    beyondAscii: (head) => within(column, { ...beginningWith(head), from: `${head}\u0080` }, ge, lt),
    ignoresCase: false,
    compared: (operator, value) => sql`${column} ${operator === '>=' ? ge : le} ${bound(value)}`,
  };
}

function proper({ sql: name, live: { kind } }: Column): string {
  switch (kind) {
    case 'date':
      return `${name} BETWEEN '0001-01-01' AND '9999-12-31'`;
    case 'dateTime':
      return `(${name} >= '0001-01-01' AND ${name} < '9999-12-31 24:00:00')`;
    case 'instant':
      return `(${name} >= '0001-01-01 00:00:00+00' AND ${name} < '9999-12-31 24:00:00+00')`;
    case 'decimal':
    case 'float':
      return `${name} NOT IN ('NaN', 'Infinity', '-Infinity')`;
    default:
      return 'TRUE';
  }
}

function improper({ sql: name, live: { kind } }: Column): string {
  switch (kind) {
    case 'date':
      return `(${name} < '0001-01-01' OR ${name} > '9999-12-31')`;
    case 'dateTime':
      return `(${name} < '0001-01-01' OR ${name} >= '9999-12-31 24:00:00')`;
    case 'instant':
      return `(${name} < '0001-01-01 00:00:00+00' OR ${name} >= '9999-12-31 24:00:00+00')`;
    case 'decimal':
    case 'float':
      return `${name} IN ('NaN', 'Infinity', '-Infinity')`;
    default:
      return 'FALSE';
  }
}

function same({ sql: name, live: { kind } }: Column, value: string): Fragment | undefined {
  if (kind === 'decimal' && decimalText(value) !== undefined) return sql`${name} = ${param('decimal', value)}`;
  return kind === 'date' && isDate(value) && value.length === 10 ? sql`${name} = ${param('date', value)}` : undefined;
}

function param(kind: Kind, value: string): Fragment {
  const type = types[kind];
  return { text: type ? `?::${type}` : '?', values: [value] };
}

/** How PostgreSQL says it. Its default operators compare texts by the locale; `COLLATE "C"` by code point. */
export const dialect: Omit<Vendor, 'connect' | 'catalog' | 'explain' | 'meaning'> = {
  quote,
  literal,
  marked: (statement) => {
    let position = 0;
    return statement.replace(/E?'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (part) => (part === '?' ? `$${++position}` : part));
  },
  param,
  text,
  trim: (value) => `btrim(${value}, ${spaces})`,
  lower: (value) => `lower(${value} COLLATE "C")`,
  matches: (value, pattern) => `${value} ~ '${pattern}'`,
  pieces: (value, separator) =>
    `(char_length(${value}) - char_length(replace(${value}, ${literal(separator)}, ''))) / ${[...separator].length} + 1`,
  piece: (value, separator, index) => `split_part(${value}, ${literal(separator)}, ${Math.trunc(index) + 1})`,
  number: (value) => `CAST(${value} AS numeric)`,
  fold: foldSql,
  // One text whatever their number, so that it is prepared once.
  among: (value, values) => {
    const [{ text: one }] = values as readonly [Fragment, ...Fragment[]];
    if (!values.every(({ text: other }) => other === one) || !/^\?(::\w+)?$/.test(one)) return undefined;
    const list = values.map(({ values: [single] }) => single);
    return { text: `${value} = ANY(${one === '?' ? one : `${one}[]`})`, values: [list] };
  },
  startsWith: (value, prefix) => sql`starts_with(${value}, ${joined([bound(prefix)], '')})`,
  contains: (value, infix) => sql`strpos(${value}, ${bound(infix)}) > 0`,
  proper,
  improper,
  same,
  like: (outer, inner) =>
    outer.live.collation === inner.live.collation ? outer.sql : `${outer.sql} COLLATE ${inner.live.collation ?? '"C"'}`,
  search,
  nullsLast: (value, direction) => (direction === 'asc' ? `${value} ASC NULLS LAST` : `${value} DESC NULLS LAST`),
  rowOrder: 'ctid',
  impossible: isUnwritten,
};
