import { isDate } from '../../../source/calendar.js';
import { decimalText } from '../../../source/decimal.js';
import { beginningWith } from '../../../source/text-range.js';
import { bound, FALSE, type Fragment, sql, TRUE } from '../fragment.js';
import { within } from '../text-range.js';
import type { Kind } from './column.js';
import { explainedByLines } from './explain.js';
import { bySqlState, refusedBySqlState } from './failure.js';
import type { Known, TextSearch, Vendor, WriteWords } from './vendor.js';

/** What standard SQL leaves to the vendor. */
export interface Words {
  /** What CAST calls each kind; `text` for the texts of others. */
  readonly types: Readonly<Partial<Record<Kind, string>>>;
  /** The collation that compares texts by code point, as COLLATE names it. */
  readonly points: () => string;
  /** Of which texts and values `fold` and `number` are known to be what is meant; absent: `fold` of ASCII, any number. */
  readonly knows?: Vendor['knows'];
  /** Where the values of a kind lie, all but those that no expression has: NaN, the year 10000. Absent: years of four digits. */
  readonly spans?: Readonly<Partial<Record<Kind, readonly [from: string, to: string]>>>;
}

type Said = 'connect' | 'catalog' | 'trim' | 'matches' | 'piece';

/** What standard SQL (ISO/IEC 9075-2) says for all vendors. A vendor spreads it, and says what it says in another way. */
export function standardSql({ types, points, knows = { fold: ascii }, spans = years }: Words): Omit<Vendor, Said> {
  const param = (kind: Kind, value: string): Fragment => {
    if (kind === 'boolean') return value === 'true' ? TRUE : FALSE;
    const type = kind === 'text' ? undefined : types[kind];
    return type ? sql`CAST(${bound(value)} AS ${type})` : bound(value);
  };
  return {
    quote,
    marked: (text) => text,
    param,
    text: ({ sql: name, live: { kind, plainOrder } }) => {
      if (kind === 'text' && plainOrder) return name;
      const text = (value: string) => `CAST(${value} AS ${types.text})`;
      const written = kind === 'instant' ? `(${text(`CAST(${name} AS ${types.dateTime})`)} || '+00:00')` : text(name);
      return `${written} COLLATE ${points()}`;
    },
    number: (text) => `CAST(${text} AS ${types.decimal})`,
    fold: (text) => `LOWER(${text})`,
    knows,
    startsWith: (text, prefix) => sql`POSITION(${bound(prefix)} IN (${text})) = 1`,
    contains: (text, infix) => sql`POSITION(${bound(infix)} IN (${text})) > 0`,
    proper: ({ sql: name, live: { kind } }) => {
      const span = spans[kind];
      return span ? `${name} BETWEEN '${span[0]}' AND '${span[1]}'` : 'TRUE';
    },
    improper: ({ sql: name, live: { kind } }) => {
      const span = spans[kind];
      return span ? `(${name} < '${span[0]}' OR ${name} > '${span[1]}')` : 'FALSE';
    },
    same: ({ sql: name, live: { kind } }, value) => {
      const decimal = kind === 'decimal' ? decimalText(value) : undefined;
      if (decimal !== undefined && knows.decimal?.value(decimal) !== false)
        return sql`${name} = ${param('decimal', decimal)}`;
      const date = kind === 'date' && isDate(value) && value.length === 10;
      return date ? sql`${name} = ${param('date', value)}` : undefined;
    },
    like: (outer, inner) =>
      outer.live.collation === inner.live.collation
        ? outer.sql
        : `${outer.sql} COLLATE ${inner.live.collation ?? points()}`,
    search: ({ sql: name, live }) => (live.plainOrder ? searchByPoints(name) : undefined),
    nullsLast: (value, direction) => `${value} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`,
    limit: (rows) => `LIMIT ${Math.trunc(rows)}`,
    impossible: () => false,
    explain: explainedByLines,
    meaning: bySqlState,
    writing,
  };
}

/** How standard SQL (ISO/IEC 9075-2), and RETURNING beside it, changes rows. */
export const writing: WriteWords = {
  begin: 'START TRANSACTION ISOLATION LEVEL READ COMMITTED',
  lock: ' FOR UPDATE',
  same: (one, other) => `${one} IS NOT DISTINCT FROM ${other}`,
  deleteFrom: (table, alias) => `DELETE FROM ${table} AS ${alias}`,
  defaults: 'DEFAULT VALUES',
  returns: () => true,
  refusal: refusedBySqlState,
};

export const quote = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Placeholders that are numbered: `$1`, `$2`. */
export function numbered(statement: string): string {
  let position = 0;
  return statement.replace(/E?'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (part) => (part === '?' ? `$${++position}` : part));
}

/** Servers that cannot decompose letters still know those that have no accent. */
export const ascii: Known = {
  text: (text) => `(OCTET_LENGTH(${text}) = CHAR_LENGTH(${text}))`,
  value: () => true,
};

/** The years that a date can be written in. */
export const years: NonNullable<Words['spans']> = {
  date: ['0001-01-01', '9999-12-31'],
  dateTime: ['0001-01-01 00:00:00', '9999-12-31 23:59:59.999999'],
  instant: ['0001-01-01 00:00:00+00:00', '9999-12-31 23:59:59.999999+00:00'],
};

/** Of numbers those that are neither NaN nor infinite; decimals have no infinite ones in each version, and end at 131072 digits. */
export const finite: NonNullable<Words['spans']> = {
  decimal: ['-1e131071', '1e131071'],
  float: [String(-Number.MAX_VALUE), String(Number.MAX_VALUE)],
};

/** How an index finds texts whose order is that of code points; `operators`: those of that order. */
export function searchByPoints(column: string, [ge, lt, le]: readonly string[] = ['>=', '<', '<=']): TextSearch {
  return {
    equal: (value) => within(column, { from: value, to: `${value}!` }, ge, lt),
    beginning: (prefix) => within(column, beginningWith(prefix), ge, lt),
    spaced: within(column, { from: '\t', to: '!' }, ge, lt),
    beyondAscii: (head) => within(column, { ...beginningWith(head), from: `${head}\u0080` }, ge, lt),
    ignoresCase: false,
    compared: (operator, value) => sql`${column} ${operator === '>=' ? ge! : le!} ${bound(value)}`,
  };
}
