import type { Adapter, Call } from '../source/adapter.js';
import { keyText } from '../source/key.js';
import type { TableRelation } from '../source/relation.js';
import { type Kind, namesRowOf, rowNouns } from './kind.js';
import type { SurveyedColumn, SurveyedTable } from './survey.js';
import { plain, words } from './words.js';

/** Longer texts do not fit an id of 64 characters with the source's name before them. */
const longest = 40;
/** A name of a person must not become part of an id or a URL. */
const names = /name|email|mail|phone|ssn|passport|driver|birth|dob/;

/**
 * The columns that may name a row, the likeliest first: unique keys that the database declares; else single columns that are called
 * a key and hold no value twice in the whole table.
 */
export async function keysOf(
  table: SurveyedTable,
  kind: Kind | undefined,
  adapter: Adapter,
  call: () => Call,
): Promise<readonly SurveyedColumn[]> {
  const declared = table.uniqueKeys.flatMap((key) =>
    key.length === 1 ? table.columns.filter(({ path }) => path.join('.') === key[0]) : [],
  );
  const own = new Set(
    words(table.unwind?.split('.').at(-1) ?? table.name).flatMap((word) => [
      `${word}id`,
      `${word}no`,
      `${word}number`,
      `${word}uuid`,
    ]),
  );
  const called = table.columns
    .map((column) => ({ column, rank: rank(column, own) }))
    .filter(({ column, rank }) => rank !== undefined && !declared.includes(column) && !isOfAnother(column, kind))
    .sort((a, b) => a.rank! - b.rank!)
    .map(({ column }) => column);
  const keys = declared.filter(fits);
  for (const column of called)
    if (fits(column) && isDistinct(column, table) && (await isUnique(table, column, adapter, call))) keys.push(column);
  return keys;
}

function rank(column: SurveyedColumn, own: ReadonlySet<string>): number | undefined {
  const name = plain(column.name);
  if (name === 'id' || name === '_id') return 0;
  if (own.has(name)) return 1;
  if (['mrn', 'uuid', 'guid', 'key', 'rowid'].includes(name)) return 2;
  return /(id|no|number|uuid|key)$/.test(name) ? 3 : undefined;
}

/** A number of a patient names no row of a table of visits, even where each patient has one. */
function isOfAnother({ name }: SurveyedColumn, kind: Kind | undefined): boolean {
  return (Object.keys(rowNouns) as (keyof typeof rowNouns)[]).some(
    (other) => kind !== undefined && other !== kind && namesRowOf(other, name) !== undefined,
  );
}

function fits({ path, values, type }: SurveyedColumn): boolean {
  if (names.test(plain(path.join(''))) || type === 'json' || type === 'decimal' || type === 'boolean') return false;
  return values.every((value) => value !== null && typeof value !== 'object' && String(value).length <= longest);
}

function isDistinct({ values }: SurveyedColumn, { rows }: SurveyedTable): boolean {
  return rows > 0 && values.length === rows && new Set(values.map((value) => keyText([value]))).size === rows;
}

async function isUnique(
  table: SurveyedTable,
  column: SurveyedColumn,
  adapter: Adapter,
  call: () => Call,
): Promise<boolean> {
  return (await adapter.duplicateKeys(keyed(table, column), 1, call())).length === 0;
}

/** A table of one column, which names its rows. */
export function keyed({ name, unwind }: SurveyedTable, column: SurveyedColumn): TableRelation {
  return {
    kind: 'table',
    name,
    key: [column.name],
    columns: { [column.name]: { name: column.name, path: column.path } },
    ...(unwind !== undefined && { unwind: [unwind.split('.')] }),
  };
}
