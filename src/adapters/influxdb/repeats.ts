import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Point } from './points.js';
import type { Measurement } from './schema.js';

/**
 * How points of one native key are told apart from the first of them.
 *
 * | kind    | when | how |
 * | ---     | ---  | --- |
 * | none    | there is no key, or it has the time and every tag: they name a point | |
 * | second  | it has the time | points of one key are in one second |
 * | counted | else | all keys were counted before |
 */
export type RepeatsKind = 'none' | 'second' | 'counted';

export function repeatsKind({ key, columns }: TableRelation, { tags }: Measurement): RepeatsKind {
  const stored = new Set(key.map((name) => columns[name]?.path[0]));
  if (key.length === 0) return 'none';
  if (!stored.has('time')) return 'counted';
  return [...tags].every((tag) => stored.has(tag)) ? 'none' : 'second';
}

/** A point that is the first of its key, and whether others follow. */
export interface First {
  readonly point: Point;
  readonly repeated: boolean;
}

export class Keys {
  private readonly counts = new Map<string, { readonly first: string; count: number }>();

  constructor(private readonly relation: TableRelation) {}

  /** Points in native order. */
  add(points: readonly Point[]): void {
    for (const point of points) {
      const key = this.keyOf(point);
      const known = key === null ? undefined : this.counts.get(key);
      if (known) known.count++;
      else if (key !== null) this.counts.set(key, { first: identity(point), count: 1 });
    }
  }

  /** The points that are first of their keys. */
  firsts(points: readonly Point[]): readonly First[] {
    return points.flatMap((point) => {
      const key = this.keyOf(point);
      const known = key === null ? undefined : this.counts.get(key);
      if (!known) return [{ point, repeated: false }];
      return known.first === identity(point) ? [{ point, repeated: known.count > 1 }] : [];
    });
  }

  private keyOf({ cells }: Point): string | null {
    return keyText(this.relation.key.map((name) => cells.get(name) ?? null));
  }
}

const identity = ({ time, tags }: Point): string => JSON.stringify([String(time), tags]);
