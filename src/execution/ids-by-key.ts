import type { PermittedQuery } from '../access/restrict.js';
import { isExact } from '../mapping/bracket.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { PlannedSource } from '../plan/stream.js';
import type { Output } from '../source/adapter.js';
import { attempt, type Traversal } from './traversal.js';

/**
 * The ids of a mapping's resources that satisfy a query, from their keys alone: where the source decides every condition, and
 * no row is left out for what it holds. At most `limit`; undefined where the rows have to be looked at, or the source failed.
 */
export async function idsByKey(
  query: PermittedQuery,
  { narrow }: PlannedSource,
  mapping: CompiledMapping,
  traversal: Traversal,
  limit: number,
): Promise<readonly string[] | undefined> {
  const brackets = query.conditions.map((condition) => mapping.condition(condition));
  if (mapping.undecodable === 'refuse' || mapping.document || !brackets.every(isExact)) return undefined;
  const { relation, source } = mapping;
  const output = relation.key.map((column): Output => ({ kind: 'column', column }));
  const narrowed = narrow({ relation, output, order: [] }, [mapping.exists, ...brackets.map(({ hi }) => hi)]);
  if (!narrowed.limitGuaranteed || !narrowed.exact.every(Boolean)) return undefined;
  const found = await attempt(traversal, source, async () =>
    traversal.sources.get(source)!.rows({ ...narrowed.scan, limit }, traversal.call),
  );
  return found?.rows.flatMap((row) => {
    // A row without a whole key has no id.
    const whole = row.every((cell) => cell !== null && typeof cell !== 'object');
    return (whole && mapping.idOf(row.map(String))) || [];
  });
}
