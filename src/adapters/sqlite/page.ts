import type { Batch } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import type { Place } from '../sql/order.js';
import type { Access } from './compiler.js';
import { materialise } from './materialise.js';
import { spent } from './meter.js';
import type { Remaining } from './remaining.js';
import { columnOf, type SqliteColumn, tableOf } from './schema.js';
import { type Select, select } from './select.js';
import type { Session } from './session.js';

export const pageSize = 500;
/** So many times a slice may a statement take that looks at few rows. */
const patience = 6;
/** Characters of a list of distinct values that one statement may read in the serving thread. */
const shortList = 50_000;

export interface Page {
  readonly batch: Batch;
  /** Where the next page starts; absent after the last. */
  readonly next?: Place;
}

export interface Attempt {
  /** Undefined: it takes longer than a slice. */
  readonly page?: Page;
  /** Columns whose survey would help later statements. */
  readonly wished: ReadonlySet<SqliteColumn>;
}

/**
 * The next page of a scan if it can be found within one slice: by whatever index SQLite thinks best, or else along the index of
 * the order. The meter ends a statement that examines too many rows, whatever was planned.
 */
export function page(session: Session, remaining: Remaining): Attempt {
  const first = attempt(session, remaining, 'search');
  if (first.page || !first.indexed || remaining.limit > pageSize) return first;
  return { ...attempt(session, remaining, 'ordered'), wished: first.wished };
}

/** The number of rows if they can be counted within one slice. */
export function counted(session: Session, remaining: Remaining): number | undefined {
  if (!metered(session, remaining)) return undefined;
  const { legs } = select(
    session,
    { ...remaining.scan, output: [], order: [] },
    { access: 'search', order: false, cursor: false, count: true, values: remaining.values },
  );
  return withinSlice(session, () => Number(session.connection.all(legs[0]!.text, legs[0]!.values)[0]![0]));
}

/** The first of the keys that occur more than once, with the rows that count. */
export function repeatedKeys(session: Session, relation: TableRelation, limit: number): readonly Row[] {
  const { first } = session.repeated(relation)!;
  const table = tableOf(session.schema, relation);
  const key = relation.key.map(
    (name) => ({ kind: 'column', column: columnOf(table, relation, name) && name }) as const,
  );
  const cursors = [...first].slice(0, limit).map((one) => one.split(','));
  if (cursors.length === 0) return [];
  const among =
    table.cursor.length === 1 && /^-?\d+$/.test(cursors[0]![0]!)
      ? cursors.map(([cursor]) => [BigInt(cursor!)])
      : cursors;
  const { legs } = select(
    session,
    { relation, output: key, where: { op: 'true' }, order: [] },
    { access: 'walk', order: false, cursor: false, among },
  );
  return session.connection.all(legs[0]!.text, legs[0]!.values);
}

function attempt(session: Session, remaining: Remaining, access: Access): Attempt & { indexed: boolean } {
  if (!metered(session, remaining)) return { wished: new Set(), indexed: false };
  const { scan, place, limit, values } = remaining;
  const listed = scan.relation.kind !== 'table' && scan.order.length === 0;
  const atMost = listed ? limit : Math.min(limit, pageSize);
  const repeated = scan.relation.kind === 'table' && session.repeated(scan.relation)!.first.size > 0;
  const more = limit > atMost;
  const chosen = select(session, scan, { access, place, values, limit: atMost, order: more, cursor: repeated });
  const { compiler, indexed } = chosen;
  const facts = { wished: compiler.wanted, indexed };
  const text = chosen.legs[0]!.text;
  if (session.tooLong(text)) return facts;
  const found = withinSlice(session, () => {
    const rows = collected(session, chosen, atMost);
    return { rows, batch: materialise(session, scan, chosen.layout, rows) };
  });
  if (!found) {
    if (session.connection.meter.many) session.took(text);
    return facts;
  }
  const last = found.rows.at(-1);
  const { outputs, order } = chosen.layout;
  if (!more || !last || found.rows.length < atMost) return { ...facts, page: { batch: found.batch } };
  return {
    ...facts,
    page: { batch: found.batch, next: { values: last.slice(outputs, outputs + order), inclusive: false } },
  };
}

function collected(session: Session, { legs }: Select, limit: number): Cell[][] {
  let rows: Cell[][] = [];
  for (const { text, values } of legs) {
    const found = session.connection.all(text, values);
    rows = rows.length === 0 ? found : rows.concat(found);
    if (rows.length >= limit) return rows.length > limit ? rows.slice(0, limit) : rows;
  }
  return rows;
}

/** Can the statement be ended after a slice, or is it short anyway? A view has no rows that a meter could count. */
function metered(session: Session, { scan, values }: Remaining): boolean {
  if (scan.relation.kind === 'table') return tableOf(session.schema, scan.relation).cursor.length > 0;
  return values === undefined || values.length < shortList;
}

/** Undefined when the statements need more than a slice. */
export function withinSlice<T>(session: Session, run: () => T): T | undefined {
  const now = performance.now();
  session.connection.meter.start(now + session.slice, undefined, now + session.slice * patience);
  try {
    return run();
  } catch (error) {
    if (error !== spent) throw error;
    return undefined;
  } finally {
    session.connection.meter.rest();
  }
}
