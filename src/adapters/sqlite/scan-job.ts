import type { Batch, Scan } from '../../source/adapter.js';
import type { Cell } from '../../source/row.js';
import type { Fragment } from '../sql/fragment.js';
import type { Place } from '../sql/order.js';
import { alongIndex } from './along-index.js';
import { Best } from './best.js';
import { materialise } from './materialise.js';
import { page, pageSize } from './page.js';
import type { Remaining } from './remaining.js';
import { tableOf } from './schema.js';
import { select, type Wanted } from './select.js';
import type { Session } from './session.js';
import { type Flag, walk } from './walk.js';

const batchSize = 500;
/** Rows that an order without index and without limit sorts in one pass over the table. */
const sortedAtOnce = 100_000;

/** Runs a scan in slices; yields batches, and nothing after a slice that found none. */
export function* scanJob(session: Session, remaining: Remaining, flag: Flag): Generator<Batch | undefined> {
  const { relation, order } = remaining.scan;
  if (relation.kind !== 'table' || tableOf(session.schema, relation).cursor.length === 0)
    yield* wholeStatement(session, remaining, flag);
  else if (order.length === 0) yield* nativeOrder(session, remaining, flag);
  else {
    const found = remaining.limit <= pageSize ? page(session, remaining).page : undefined;
    const rest = found ? undefined : yield* alongIndex(session, remaining, flag);
    if (found) yield found.batch;
    if (rest) yield* sorted(session, rest, flag);
  }
}

/** The number of rows of a selection, in slices. */
export function* countJob(session: Session, { scan, values }: Remaining, flag: Flag): Generator<undefined, number> {
  let count = 0;
  if (scan.relation.kind !== 'table' || tableOf(session.schema, scan.relation).cursor.length === 0) {
    const { legs } = select(
      session,
      { ...scan, output: [], order: [] },
      { access: 'search', order: false, cursor: false, values },
    );
    session.connection.meter.start(Number.POSITIVE_INFINITY, flag);
    for (const _ of session.connection.each(legs[0]!.text, legs[0]!.values)) count++;
    return count;
  }
  const bare = { ...scan, output: [], order: [] };
  for (const rows of walkTable(session, bare, { order: false, cursor: false, bare: true }, undefined, flag, 100_000)) {
    count += rows.length;
    yield;
  }
  return count;
}

function* nativeOrder(session: Session, { scan, place, limit }: Remaining, flag: Flag): Generator<Batch | undefined> {
  let left = limit;
  const { layout } = select(session, scan, { access: 'walk', order: false, cursor: true });
  for (const rows of walkTable(session, scan, { order: false, cursor: true }, place, flag, Math.min(batchSize, left))) {
    const wanted = rows.length > left ? rows.slice(0, left) : rows;
    yield wanted.length === 0 ? undefined : materialise(session, scan, layout, wanted);
    left -= wanted.length;
    if (left <= 0) return;
  }
}

/** The first rows of an order that no index gives: the best so far are kept while the table is walked, then fetched. */
function* sorted(session: Session, { scan, place, limit }: Remaining, flag: Flag): Generator<Batch | undefined> {
  const width = scan.order.length;
  let left = limit;
  for (let from = place; left > 0; ) {
    const best = new Best(scan.order, Math.min(left, sortedAtOnce));
    const bare = { order: true, cursor: true, bare: true } as const;
    const walked = walkTable(session, scan, bare, undefined, flag, batchSize, () => ({
      after: from,
      notBeyond: best.reach(),
    }));
    for (const rows of walked) {
      for (const row of rows) best.offer(row);
      yield;
    }
    const entries = best.take();
    for (let at = 0; at < entries.length; at += batchSize) {
      const cursors = entries.slice(at, at + batchSize).map((entry) => entry.slice(width));
      yield fetched(session, scan, cursors);
    }
    left -= entries.length;
    if (entries.length < sortedAtOnce) return;
    from = { values: entries.at(-1)!.slice(0, width), inclusive: false };
  }
}

/** A table row by row in native order; by an index where it keeps that order (equality), else by the table itself. */
function walkTable(
  session: Session,
  scan: Scan,
  wanted: Pick<Wanted, 'order' | 'cursor' | 'bare'>,
  place: Place | undefined,
  flag: Flag,
  atOnce: number,
  within: () => Pick<Wanted, 'after' | 'notBeyond'> = () => ({}),
): Generator<Cell[][]> {
  const statement = (at: Place | undefined, notIndexed: boolean): Fragment => {
    const walked = select(session, scan, { ...wanted, ...within(), access: 'walk', place: at, notIndexed });
    return walked.legs[0]!;
  };
  const plan = session.connection.plan(statement(place, false));
  const notIndexed = plan.some((step) => step.includes('TEMP B-TREE FOR'));
  return walk(session, (at) => statement(at ?? place, notIndexed), flag, atOnce);
}

function fetched(session: Session, scan: Scan, cursors: readonly Cell[][]): Batch {
  const bare = { ...scan, where: { op: 'true' }, order: [] } as const;
  const found = select(session, bare, { access: 'walk', order: false, cursor: true, among: cursors });
  const { text, values } = found.legs[0]!;
  const from = found.layout.outputs;
  const rows = new Map(session.connection.all(text, values).map((row) => [row.slice(from).map(String).join(), row]));
  const inOrder = cursors.map((cursor) => rows.get(cursor.map(String).join())).filter((row) => row !== undefined);
  return materialise(session, scan, found.layout, inOrder);
}

/** A view or a list of values has no order to walk it by: one statement, which only an abort ends early. */
function* wholeStatement(
  session: Session,
  { scan, place, limit, values }: Remaining,
  flag: Flag,
): Generator<Batch | undefined> {
  let left = limit;
  const { legs, layout } = select(session, scan, {
    access: 'search',
    order: false,
    cursor: false,
    place,
    values,
    limit,
  });
  for (const leg of legs) {
    let rows: Cell[][] = [];
    session.connection.meter.start(Number.POSITIVE_INFINITY, flag);
    for (const row of session.connection.each(leg.text, leg.values)) {
      if (left-- <= 0) break;
      rows.push(row);
      if (rows.length < batchSize) continue;
      yield materialise(session, scan, layout, rows);
      session.connection.meter.start(Number.POSITIVE_INFINITY, flag);
      rows = [];
    }
    yield rows.length === 0 ? undefined : materialise(session, scan, layout, rows);
  }
}
