import type { OrderTerm, Output } from '../../../source/adapter.js';
import type { Relation } from '../../../source/relation.js';
import type { Scope } from '../dialect.js';
import type { Fragment } from '../fragment.js';
import type { ReadCell } from './cell.js';
import type { ServerColumn } from './column.js';

/** What is the same in every statement that asks a relation for an output, whatever is asked of the rows. No value of a request is in it. */
export interface Beginning {
  readonly relation: Relation;
  readonly scope: Scope<ServerColumn>;
  /** How many tables have a name in it. */
  readonly aliases: number;
  /** Up to `WHERE`. */
  readonly head: Fragment;
  /** What every row satisfies besides. */
  readonly each: readonly Fragment[];
  /** Reads the cells of an output, from its place in a result row on; how many columns it takes. */
  readonly outputs: readonly { readonly at: number; readonly cells: readonly ReadCell[] }[];
  /** Where a result row says whether its key occurs again; absent where no key does. */
  readonly repeatedAt?: number;
  /** By the native order of a key, read from its first row on. */
  readonly alongKey: WeakMap<readonly OrderTerm[], readonly OrderedLeg[]>;
}

/** A part of the rows in an order: which they are, and its ORDER BY. */
export interface OrderedLeg {
  readonly only: Fragment;
  readonly order: string;
}

/** By the output, which a mapping has once. */
export type Beginnings = WeakMap<readonly Output[], Beginning>;
