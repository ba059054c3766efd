import { bound, type Fragment, sql } from '../sql/fragment.js';
import type { Column } from '../sql/server/column.js';
import { isUnwritten } from '../sql/server/possible.js';
import { finite, literal, numbered, searchByPoints, standardSql, years } from '../sql/server/standard-sql.js';
import type { TextSearch, Vendor } from '../sql/server/vendor.js';
import { explain } from './explain.js';
import { foldSql } from './fold.js';

const types = {
  integer: 'bigint',
  decimal: 'numeric',
  float: 'float8',
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

/** By an index of that collation, or of the operators that make do with another. */
function search({ sql: name, live }: Column): TextSearch | undefined {
  if (live.pointIndex === 'operators') return searchByPoints(name, ['~>=~', '~<~', '~<=~']);
  if (live.pointIndex === 'collation') return searchByPoints(`${name} COLLATE "C"`);
  return live.plainOrder ? searchByPoints(name) : undefined;
}

/** One text whatever their number, so that it is prepared once. */
function among(value: string, values: readonly Fragment[]): Fragment | undefined {
  const one = values[0]!.text;
  if (!/^(\?|CAST\(\? AS \w+\))$/.test(one) || !values.every(({ text: other }) => other === one)) return undefined;
  const list = one === '?' ? one : one.replace(')', '[])');
  return { text: `${value} = ANY(${list})`, values: [values.map(({ values: [single] }) => single)] };
}

/** How PostgreSQL says it. Its default operators compare texts by the locale; `COLLATE "C"` by code point. */
export const dialect: Omit<Vendor, 'connect' | 'catalog'> = {
  ...standardSql({ types, points: () => '"C"', knows: {}, spans: { ...years, ...finite } }),
  marked: numbered,
  text,
  trim: (value) => String.raw`btrim(${value}, E'\t\n\u000b\f\r ')`,
  matches: (value, pattern) => `${value} ~ '${pattern}'`,
  piece: (value, separator, index) => `split_part(${value}, ${literal(separator)}, ${Math.trunc(index) + 1})`,
  fold: foldSql,
  among,
  startsWith: (value, prefix) => sql`starts_with(${value}, ${bound(prefix)})`,
  search,
  rowOrder: 'ctid',
  impossible: isUnwritten,
  explain,
};
