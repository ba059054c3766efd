import type { Batch } from '../../source/adapter.js';
import type { Cell } from '../../source/row.js';
import { materialise } from './materialise.js';
import { spent } from './meter.js';
import type { Remaining } from './remaining.js';
import { select } from './select.js';
import type { Session } from './session.js';
import type { Flag } from './walk.js';

const batchSize = 500;
/** Slices after which an index that yields nothing is left: to read a table through an index costs several times the table. */
const patience = 20;

/**
 * Follows the index of the order, a slice at a time, while that finds rows: it need not see the whole table as sorting would.
 * Returns what is left to do by sorting, undefined when nothing is.
 */
export function* alongIndex(
  session: Session,
  remaining: Remaining,
  flag: Flag,
): Generator<Batch | undefined, Remaining | undefined> {
  const { scan } = remaining;
  const { meter } = session.connection;
  let { place, limit } = remaining;
  let notBefore: unknown;
  if (place?.values[0] === null) return remaining;
  for (let idle = 0; idle < patience; ) {
    const atMost = Math.min(limit, batchSize);
    const along = { access: 'ordered', order: true, cursor: true, tickOrder: true } as const;
    const { legs, layout, indexed } = select(session, scan, { ...along, place, notBefore, limit: atMost });
    if (!indexed || sorts(session.connection.plan(legs[0]!))) return { scan, limit, place };
    const rows: Cell[][] = [];
    let ended = false;
    meter.start(performance.now() + session.slice, flag);
    try {
      for (const row of session.connection.each(legs[0]!.text, legs[0]!.values)) rows.push(row);
      ended = rows.length < atMost;
    } catch (error) {
      if (error !== spent) throw error;
      // Rows that tie come out when the next value is found: those of the last value found are read again.
      notBefore = meter.found ?? meter.position![0];
    } finally {
      meter.rest();
    }
    const last = rows.at(-1);
    idle = last ? 0 : idle + 1;
    yield last && materialise(session, scan, layout, rows);
    limit -= rows.length;
    if (limit <= 0) return undefined;
    if (last) place = { values: last.slice(layout.outputs, layout.outputs + layout.order), inclusive: false };
    if (ended) return legs.length === 1 ? undefined : { scan, limit, place: { values: [null], inclusive: true } };
  }
  return { scan, limit, place };
}

/** SQLite prefers to sort the whole answer: then rows are not looked at in their order. */
function sorts(plan: readonly string[]): boolean {
  return plan.some((step) => step.includes('TEMP B-TREE FOR ORDER BY'));
}
