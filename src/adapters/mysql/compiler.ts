import { space } from '../../source/space.js';
import { all, any, bound, type Fragment, sql } from '../sql/fragment.js';
import type { Column } from '../sql/server/column.js';
import { ascii, literal, standardSql, type Words, writing } from '../sql/server/standard-sql.js';
import type { TextSearch, Vendor } from '../sql/server/vendor.js';
import { explain } from './explain.js';
import { meaning, refusal } from './failure.js';
import { written } from './written.js';

/** Which of the two a server is; known with its first session. */
export interface Flavour {
  mariadb: boolean;
}

export const quote = (identifier: string) => `\`${identifier.replaceAll('`', '``')}\``;
/** What a DECIMAL(65, 30) holds. */
const decimal = '[0-9]{1,30}([.][0-9]{1,30})?$';
const holds = new RegExp(`^-?${decimal}`);

const types: Words['types'] = {
  integer: 'SIGNED',
  decimal: 'DECIMAL(65, 30)',
  float: 'DOUBLE',
  date: 'DATE',
  dateTime: 'DATETIME(6)',
  instant: 'DATETIME(6)',
};

function cast({ sql: name, live: { kind, type, charset } }: Column): string {
  const text = `CAST(${name} AS CHAR)`;
  switch (kind) {
    case 'text':
      return charset === undefined || charset === 'utf8mb4' ? name : `CONVERT(${name} USING utf8mb4)`;
    case 'float':
    case 'single':
      return `(${floatText(kind === 'float' ? name : `(${text} + 0e0)`)})`;
    case 'dateTime':
      return withoutZeros(text, type);
    case 'instant':
      return `CONCAT(${withoutZeros(text, type)}, '+00:00')`;
    default:
      if (type.startsWith('bit')) return `CAST(${name} + 0 AS CHAR)`;
      return kind === 'opaque' ? `CONVERT(${name} USING utf8mb4)` : text;
  }
}

/** A double as ECMAScript writes it; the servers use exponents only below 1e-15. */
function floatText(name: string): string {
  const plain = `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(CAST(${name} AS ${types.decimal}) AS CHAR)))`;
  const exponent = `REPLACE(REPLACE(CAST(${name} AS CHAR), 'e', 'e+'), 'e+-', 'e-')`;
  const fraction = `SUBSTRING(CAST(ABS(${name}) AS CHAR), 3)`;
  const digits = `TRIM(LEADING '0' FROM ${fraction})`;
  const mantissa = `CONCAT(LEFT(${digits}, 1), IF(CHAR_LENGTH(${digits}) > 1, '.', ''), SUBSTRING(${digits}, 2))`;
  const small = `CONCAT(IF(${name} < 0, '-', ''), ${mantissa}, 'e-', CHAR_LENGTH(${fraction}) - CHAR_LENGTH(${digits}) + 1)`;
  return (
    `CASE WHEN ${name} = 0 THEN '0' WHEN ABS(${name}) >= 1e-6 AND ABS(${name}) < 1e21 THEN ${plain} ` +
    `WHEN LOCATE('e', CAST(${name} AS CHAR)) > 0 THEN ${exponent} ELSE ${small} END`
  );
}

/** A fraction of a second without the zeros behind it. */
function withoutZeros(text: string, type: string): string {
  return type.includes('(') ? `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${text}))` : text;
}

/** A pattern of LIKE that begins with the text itself. */
const like = (name: string, text: string) => sql`${name} LIKE ${bound(`${text.replace(/[|%_]/g, '|$&')}%`)} ESCAPE '|'`;

const longestSearched = 1_024;

/** What begins so, in a `_bin` collation that fills up with blanks: LIKE would miss what goes on with a character below them. */
function filled(name: string, from: string, prefix: string, length: number): Fragment {
  const low = from.padEnd(length, '\0');
  const high = prefix + '\u{10ffff}'.repeat(Math.max(0, length - [...prefix].length));
  return sql`${name} BETWEEN ${bound(low)} AND ${bound(high)}`;
}

/** Letter by letter, an index of any collation finds each text that begins so. */
function search({ sql: name, live }: Column): TextSearch | undefined {
  const { collation = '', charset = '', length = Number.POSITIVE_INFINITY } = live;
  const unicode = charset.startsWith('utf8');
  const fills = collation.endsWith('_bin') && !/_nopad_bin$|_0900_bin$/.test(collation);
  if (fills && (!unicode || length > longestSearched)) return undefined;
  const beginning = (prefix: string) => (fills ? filled(name, prefix, prefix, length) : like(name, prefix));
  const beyondAscii = (head: string) => {
    const from = `${head}\u0080`;
    if (fills) return filled(name, from, head, length);
    return all([...(head === '' ? [] : [like(name, head)]), sql`${name} >= ${bound(from)}`]);
  };
  const dates = /_bin$|_general_ci$|_0900_|^latin1_swedish_ci$|^ascii_/.test(collation);
  return {
    equal: (value) => any([sql`${name} = ${bound(value)}`, ...[...space].map((one) => beginning(value + one))]),
    beginning,
    spaced: any([...space].map(beginning)),
    ...(unicode && /_bin$|_general_ci$/.test(collation) && { beyondAscii }),
    ignoresCase: collation.endsWith('_ci'),
    ...(dates && { compared: (operator, value) => sql`${name} ${operator} ${bound(value)}` }),
  };
}

function proper({ sql: name, live: { kind } }: Column): string {
  if (kind !== 'date' && kind !== 'dateTime' && kind !== 'instant') return 'TRUE';
  return `(${name} >= '0001-01-01' AND DAYOFMONTH(${name}) BETWEEN 1 AND DAYOFMONTH(LAST_DAY(${name})))`;
}

/** How MySQL and MariaDB say it. Their collations ignore case, and blanks at the end: one of each compares by code point. */
export function dialect(flavour: Flavour): Omit<Vendor, 'connect' | 'catalog'> {
  const points = () => (flavour.mariadb ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin');
  const cut = (text: string, separator: string, count: number) =>
    `SUBSTRING_INDEX(${text}, ${literal(separator)}, ${Math.trunc(count)})`;
  const matches = (text: string, pattern: string) => `${text} REGEXP '${pattern}'`;
  const knows = {
    fold: ascii,
    decimal: {
      text: (text: string) => `(${matches(text, `^[+-]?${decimal}`)})`,
      value: (value: string) => holds.test(value),
    },
  };
  const standard = standardSql({ types, points, knows });
  return {
    ...standard,
    quote,
    text: (column) => `${cast(column)} COLLATE ${points()}`,
    trim: (text) => `REGEXP_REPLACE(${text}, '^[\\t-\\r ]+|[\\t-\\r ]+\\z', '')`,
    matches,
    piece: (text, separator, index) =>
      index === 0
        ? cut(text, separator, 1)
        : `SUBSTRING(${cut(text, separator, index + 1)}, CHAR_LENGTH(${cut(text, separator, index)}) + ${[...separator].length + 1})`,
    proper,
    improper: (column) => (proper(column) === 'TRUE' ? 'FALSE' : undefined),
    same: (column, value) =>
      column.live.type.startsWith('enum(') ? sql`${column.sql} = ${bound(value)}` : standard.same(column, value),
    like: (outer, inner) =>
      outer.live.collation === inner.live.collation
        ? outer.sql
        : `CONVERT(${outer.sql} USING ${inner.live.charset ?? 'utf8mb4'}) COLLATE ${inner.live.collation ?? points()}`,
    search,
    nullsLast: (value, direction) => (direction === 'asc' ? `${value} IS NULL, ${value} ASC` : `${value} DESC`),
    explain,
    meaning,
    writing: {
      ...writing,
      begin: 'START TRANSACTION',
      same: (one, other) => `${one} <=> ${other}`,
      written,
      deleteFrom: (table, alias) => `DELETE ${alias} FROM ${table} AS ${alias}`,
      defaults: '() VALUES ()',
      returns: () => flavour.mariadb,
      refusal,
    },
  };
}
