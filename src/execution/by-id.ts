import type { Resource } from '@medplum/fhirtypes';
import type { CompiledMapping } from '../mapping/compile.js';
import { keyIs } from '../source/key.js';
import type { Cell } from '../source/row.js';
import { and, type Selection } from '../source/selection.js';
import { affords, attempt, type Traversal } from './traversal.js';

/** Resources of one type by their ids: one query for each mapping and chunk, whatever the number of ids. */
export async function byIds(
  mappings: readonly CompiledMapping[],
  type: string,
  ids: readonly string[],
  traversal: Traversal,
): Promise<readonly Resource[]> {
  const asked = mappings
    .filter((mapping) => mapping.type === type)
    .flatMap((mapping) => {
      const keys = ids.flatMap((id) => mapping.keysOf(id));
      const size = Math.min(traversal.sources.get(mapping.source)!.adapter.capabilities.maxIn, 500);
      return chunks(keys, size).map((chunk) => ({ mapping, chunk }));
    });
  const found = await Promise.all(
    asked.map(({ mapping, chunk }) => attempt(traversal, mapping.source, () => ask(mapping, chunk, traversal))),
  );
  return found.flatMap((resources) => resources ?? []);
}

type Key = readonly Exclude<Cell, object>[];

async function ask(mapping: CompiledMapping, keys: readonly Key[], traversal: Traversal): Promise<readonly Resource[]> {
  const { relation, output } = mapping;
  const source = traversal.sources.get(mapping.source)!;
  const order = relation.key.map((column) => ({ of: { column, as: 'raw' as const }, direction: 'asc' as const }));
  const { scan } = source.adapter.narrow({ relation, output, order }, [and(mapping.exists), keyIn(relation.key, keys)]);
  const { rows } = await source.rows(scan, traversal.call);
  return rows.flatMap((row) => {
    const lost: string[] = [];
    const resource = affords(traversal) ? mapping.read(row, ({ path }) => lost.push(path)) : undefined;
    if (lost.length > 0 && mapping.undecodable === 'refuse') return [];
    return resource ? [resource] : [];
  });
}

function keyIn(columns: readonly string[], keys: readonly Key[]): Selection {
  if (columns.length === 1)
    return { op: 'in', of: { column: columns[0]!, as: 'raw' }, values: keys.map((key) => key[0]!) };
  return keys.length === 0 ? { op: 'false' } : { op: 'or', of: keys.map((key) => keyIs(columns, key)) };
}

function chunks<T>(of: readonly T[], size: number): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [];
  for (let i = 0; i < of.length; i += size) found.push(of.slice(i, i + size));
  return found;
}
