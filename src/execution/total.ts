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
    return attempt(traversal, stream.source, () =>
      source.count(stream.scan.relation, and(stream.scan.where, hasKey(stream.scan.relation)), traversal.call),
    );
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
