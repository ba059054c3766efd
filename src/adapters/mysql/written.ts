import type { Cell } from '../../source/row.js';
import { bound, type Fragment, sql } from '../sql/fragment.js';
import type { ServerColumn } from '../sql/server/column.js';

const moment = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** What a column takes otherwise than as a text: bits, and moments, whose offsets not every version understands. */
export function written({ kind, type }: ServerColumn, cell: Exclude<Cell, null>): Fragment | undefined {
  if (type.startsWith('bit')) return sql`CAST(${bound(String(Number(cell)))} AS UNSIGNED)`;
  if (kind !== 'instant' || typeof cell !== 'string') return undefined;
  const match = moment.exec(cell);
  if (!match) return undefined;
  const at = Date.parse(`${match[1]}T${match[2]}:${match[3] ?? '00'}${match[5]}`);
  return Number.isNaN(at)
    ? undefined
    : bound(new Date(at).toISOString().slice(0, 19).replace('T', ' ') + (match[4] ?? ''));
}
