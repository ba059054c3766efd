import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import type { Plan } from '../plan/plan.js';
import type { Stream } from '../plan/stream.js';
import type { SortKey } from '../query/query.js';
import { comparePlaces, type Place } from './order.js';
import { giveShared } from './shared-rows.js';
import { type Item, StreamReader } from './stream-reader.js';
import type { Traversal } from './traversal.js';

/** The matches of one page, and where the traversal stands after it; no place: there is no more. */
export interface Gathered {
  readonly matches: readonly Resource[];
  readonly next?: Place;
  /** The budget ended the page before it was full. */
  readonly cut: boolean;
}

/** Merges the streams into one page: sorted, complete, each row once. */
export async function gather(plan: Plan, traversal: Traversal, from: Place | undefined): Promise<Gathered> {
  const { count, sort } = traversal.query;
  const readers = plan.streams
    .filter(({ source }) => !traversal.failed.has(source))
    .map((stream) => new StreamReader(stream, traversal, from));
  // A later page starts at another place in each stream.
  if (plan.shared.length === 0 || from) await allOf(readers.map((reader) => reader.fill()));
  else await fillShared(plan, readers, traversal);
  const least = leastOf(sort);
  const matches: Resource[] = [];
  let emitted: Place | undefined;
  let scanned: Place | undefined;
  const short = (): Gathered => (scanned ? { matches, next: scanned, cut: true } : { matches, cut: true });
  for (;;) {
    const reader = least(readers);
    const item = reader?.peek();
    if (!reader || !item) return { matches, cut: false };
    // A page is full when one more match is known to follow: the link then leads to something.
    if (reader.stream.ordered && !traversal.budget.take()) return short();
    const { resource } = reader.decode(item);
    if (resource) {
      if (matches.length === count) return { matches, ...(emitted && { next: emitted }), cut: false };
      matches.push(resource);
      emitted = item.place;
    }
    scanned = item.place;
    reader.advance();
    if (!reader.peek() && !reader.exhausted && !(await affordable(reader))) return short();
  }
}

async function fillShared({ shared }: Plan, readers: readonly StreamReader[], traversal: Traversal): Promise<void> {
  const given = new Map<Stream, Promise<void>>();
  for (const one of shared) {
    const giving = giveShared(one, readers, traversal);
    for (const { stream } of one.members) given.set(stream, giving);
  }
  await Promise.all(
    readers.map(async (reader) => {
      await given.get(reader.stream);
      await reader.fill();
    }),
  );
}

/** Mostly there is one. */
function allOf(filling: readonly Promise<void>[]): Promise<unknown> {
  return filling.length === 1 ? filling[0]! : Promise.all(filling);
}

/** Fills a reader; false when what its chains lead to is more than may be looked at. */
async function affordable(reader: StreamReader): Promise<boolean> {
  try {
    await reader.fill();
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'too-costly') return false;
    throw error;
  }
}

function leastOf(sort: readonly SortKey[]): (readers: readonly StreamReader[]) => StreamReader | undefined {
  const compare = comparePlaces(sort);
  return (readers) => {
    let best: StreamReader | undefined;
    let bestItem: Item | undefined;
    for (const reader of readers) {
      const item = reader.peek();
      if (item && (!bestItem || compare(item.place, bestItem.place) < 0)) {
        best = reader;
        bestItem = item;
      }
    }
    return best;
  };
}
