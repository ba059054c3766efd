import type { Shared } from '../plan/share.js';
import type { Row } from '../source/row.js';
import type { StreamReader } from './stream-reader.js';
import { attempt, type Traversal } from './traversal.js';

/** How many rows a shared scan may have, to be worth its while: one that has more leaves each stream to itself. */
export function sharedLimit(count: number): number {
  return 4 * (count + 1);
}

/** Asks a shared scan and gives each of its streams the rows that are its own. A source that fails ends its streams. */
export async function giveShared(
  { source, scan, members }: Shared,
  readers: readonly StreamReader[],
  traversal: Traversal,
): Promise<void> {
  const limit = sharedLimit(traversal.query.count);
  const found = await attempt(traversal, source, async () =>
    traversal.sources.get(source)!.rows({ ...scan, limit }, traversal.call),
  );
  if (!found || found.rows.length >= limit) return;
  const repeated = new Set(found.duplicates);
  for (const { stream, owns, at } of members) {
    const rows: Row[] = [];
    const duplicates: number[] = [];
    for (const [i, row] of found.rows.entries()) {
      if (!owns(row)) continue;
      if (repeated.has(i)) duplicates.push(rows.length);
      rows.push(at.map((place) => row[place]!));
    }
    readers.find((reader) => reader.stream === stream)?.given(rows, duplicates);
  }
}
