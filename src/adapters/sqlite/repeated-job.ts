import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { all, bound, type Fragment, plain, sql } from '../sql/fragment.js';
import { afterPlace, type Place, type SqlTerm } from '../sql/order.js';
import { HashSet } from './hash-set.js';
import type { Repeated } from './knowledge.js';
import { quote } from './quote.js';
import { columnOf, tableOf } from './schema.js';
import type { Session } from './session.js';
import { type Flag, walk } from './walk.js';

/** Names of a table's key and cursor within the statements of this file. */
interface Keyed {
  readonly table: string;
  readonly key: readonly string[];
  readonly cursor: readonly string[];
}

/** Finds the native keys that occur more than once: in the index of the key where there is one, else by their hashes. */
export function* repeatedJob(session: Session, relation: TableRelation, flag?: Flag): Generator<undefined, Repeated> {
  const table = tableOf(session.schema, relation);
  const columns = relation.key.map((name) => columnOf(table, relation, name));
  const keyed: Keyed = {
    table: `${table.quoted} AS t`,
    key: columns.map((column) => `t.${quote(column.name)}${column.collated ? ' COLLATE BINARY' : ''}`),
    cursor: table.cursor.map((name) => `t.${quote(name)}`),
  };
  const leads = table.indexes.some((index) =>
    columns.every((column) => index.columns.slice(0, columns.length).includes(column.name)),
  );
  const binary = columns.every((column) => column.collations.includes('BINARY'));
  const groups =
    leads && binary && columns.length === 1
      ? yield* inIndex(session, keyed, flag)
      : yield* byHash(session, keyed, flag);
  const later = new Set<string>();
  const first = new Set<string>();
  for (const [one, ...others] of groups) {
    first.add(one!);
    for (const other of others) later.add(other);
  }
  return { later, first };
}

/** Groups of cursors, each of one key, in native order. */
type Groups = Iterable<readonly string[]>;

function* inIndex(session: Session, { table, key, cursor }: Keyed, flag?: Flag): Generator<undefined, Groups> {
  const name = key[0]!;
  const statement = (place: Place | undefined): Fragment => {
    const from = plain(
      `SELECT ${name} FROM ${table} WHERE ${name} IS NOT NULL AND typeof(${name}) <> 'blob' AND hs_tick(${name})`,
    );
    const after = afterPlace(
      [{ value: name, direction: 'asc', nullable: false }],
      place ?? { values: [], inclusive: true },
    );
    return sql`${from} AND ${after} GROUP BY ${name} HAVING count(*) > 1`;
  };
  const repeated = new Map<string, Cell>();
  for (const rows of walk(session, statement, flag, Number.POSITIVE_INFINITY)) {
    for (const row of rows) repeated.set(keyText(row)!, row[0]!);
    yield;
  }
  const groups: string[][] = [];
  for (const cell of repeated.values()) {
    const found = sql`SELECT ${cursor.join(', ')} FROM ${table} WHERE ${name} = ${bound(cell)} AND (typeof(${name}) = 'text') = ${bound(typeof cell === 'string' ? 1 : 0)} ORDER BY ${cursor.join(', ')}`;
    groups.push(session.connection.all(found.text, found.values).map((row) => row.map(String).join()));
    if (groups.length % 100 === 0) yield;
  }
  return groups;
}

/** Two walks over the table: hashes that occur twice, then the keys and rows behind them. */
function* byHash(session: Session, { table, key, cursor }: Keyed, flag?: Flag): Generator<undefined, Groups> {
  const terms = cursor.map((value): SqlTerm => ({ value, direction: 'asc', nullable: false }));
  const statement = (place: Place | undefined): Fragment => {
    const present = key.map((name) => plain(`${name} IS NOT NULL`));
    const after = afterPlace(terms, place ?? { values: [], inclusive: true });
    const conditions = all([plain(`hs_tick(${cursor.join(', ')})`), ...present, after]);
    return sql`SELECT ${[...key, ...cursor].join(', ')} FROM ${table} NOT INDEXED WHERE ${conditions} ORDER BY ${cursor.join(', ')}`;
  };
  const seen = new HashSet();
  const twice = new Set<number>();
  for (const rows of walk(session, statement, flag)) {
    for (const row of rows) {
      const text = keyText(row.slice(0, key.length));
      if (text !== null && !seen.add(text)) twice.add(HashSet.hash(text));
    }
    yield;
  }
  if (twice.size === 0) return [];
  const groups = new Map<string, string[]>();
  for (const rows of walk(session, statement, flag)) {
    for (const row of rows) {
      const text = keyText(row.slice(0, key.length));
      if (text === null || !twice.has(HashSet.hash(text))) continue;
      const group = groups.get(text);
      const at = row.slice(key.length).map(String).join();
      if (group) group.push(at);
      else groups.set(text, [at]);
    }
    yield;
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
