import type { IdScheme } from '../mapping/id-scheme.js';
import { hasKey } from '../plan/has-key.js';
import type { Plan } from '../plan/plan.js';
import type { Stream } from '../plan/stream.js';
import { and } from '../source/selection.js';
import { StreamReader } from './stream-reader.js';
import { attempt, type Traversal } from './traversal.js';

/**
 * Matches over all pages (R4 search.html#total): counted by the sources where they answer exactly, else by looking at the
 * rows, within the budget. Undefined when it is not certain.
 */
export async function total(plan: Plan, traversal: Traversal): Promise<number | undefined> {
  const counts = await Promise.all(plan.streams.map((stream) => countOf(stream, traversal)));
  if (traversal.failed.size > 0 || counts.includes(undefined)) return undefined;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

async function countOf(stream: Stream, traversal: Traversal): Promise<number | undefined> {
  const source = traversal.sources.get(stream.source)!;
  const estimated = traversal.query.total === 'estimate' && traversal.query.summary !== 'count';
  // A distinct text may be too long for an id, and a row that cannot be decoded may be left out: those make no resource.
  const everyRowServed = stream.mapping.undecodable !== 'refuse' && stream.scan.relation.kind !== 'distinct';
  if (source.adapter.capabilities.count && ((stream.exact && everyRowServed) || estimated)) {
    const { scan } = stream;
    const where = and(scan.where, hasKey(scan.relation));
    return attempt(traversal, stream.source, async () => {
      const rows = await source.count(scan.relation, where, traversal.call);
      const unnamed =
        rows === 0 || estimated || isShort(stream.mapping.id) ? 0 : await withoutId(stream, rows, traversal);
      return rows - unnamed;
    });
  }
  const inside: Traversal = { ...traversal, issues: [], query: { ...traversal.query, count: 999 } };
  const reader = new StreamReader(stream, inside, undefined);
  let count = 0;
  await reader.fill();
  for (let item = reader.peek(); item; item = reader.peek()) {
    if (stream.ordered && !traversal.budget.take()) {
      traversal.issues.push({
        severity: 'warning',
        code: 'too-costly',
        message: 'The total is not known: too many rows would have to be looked at.',
        place: { expression: 'http._total' },
      });
      return undefined;
    }
    if (reader.decode(item).resource) count++;
    reader.advance();
    if (!reader.peek()) await reader.fill();
  }
  return count;
}

/** A whole number is never too long for an id, and neither is an id that is stored. */
function isShort({ relation, integers, stored }: IdScheme): boolean {
  return stored === true || relation.key.every((column) => relation.key.length === 1 && integers.includes(column));
}

/** How many of the rows have a key that is too long for an id, and are not served: no source can count them, so their keys are read. */
async function withoutId({ scan, mapping, source }: Stream, rows: number, traversal: Traversal): Promise<number> {
  const { relation } = scan;
  if (relation.kind !== 'table') return 0;
  if (!traversal.budget.take(rows)) {
    sayUnread(traversal);
    return 0;
  }
  const output = mapping.output.slice(0, Math.max(...mapping.keyAt) + 1);
  const where = and(scan.where, hasKey(relation));
  const found = await traversal.sources.get(source)!.rows({ relation, output, where, order: [] }, traversal.call);
  return found.rows.filter((row) => mapping.resourceId(row) === undefined).length;
}

function sayUnread({ issues }: Traversal): void {
  const message =
    'The total counts rows whose key is too long for an id, if there are any: too many keys would have to be read.';
  if (issues.some((issue) => issue.message === message)) return;
  issues.push({ severity: 'information', code: 'too-costly', message, place: { expression: 'http._total' } });
}
