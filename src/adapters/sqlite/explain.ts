import type { NativeQuery } from '../../source/adapter.js';
import type { Remaining } from './remaining.js';
import { select } from './select.js';
import type { Session } from './session.js';

/** The statements of a scan as they would be tried first, and what SQLite says of them. */
export function explained(session: Session, { scan, place, limit, values }: Remaining): readonly NativeQuery[] {
  const { legs } = select(session, scan, { access: 'search', place, values, limit, order: false, cursor: false });
  return legs.map(({ text, values: bound }) => {
    const steps = session.connection.plan({ text, values: bound });
    const own = steps.filter((step) => /\bt0\b/.test(step));
    const index = own
      .map((step) => /USING (?:COVERING )?INDEX (\S+)/.exec(step)?.[1])
      .find((name) => name !== undefined);
    return { text, values: bound, access: accessOf(own, limit), ...(index !== undefined && { index }), plan: steps };
  });
}

/** https://www.sqlite.org/eqp.html */
function accessOf(steps: readonly string[], limit: number): NativeQuery['access'] {
  if (
    steps.some((step) =>
      /INTEGER PRIMARY KEY \(rowid=\?\)|sqlite_autoindex_\S+ \([^<>]*=\?\)|PRIMARY KEY \([^<>]*=\?\)/.test(step),
    )
  )
    return 'key';
  if (steps.every((step) => !step.startsWith('SCAN') || (step.includes('USING') && limit !== Number.POSITIVE_INFINITY)))
    return 'index';
  return 'scan';
}
