import type { Comparand, Expression } from '../../source/expression.js';
import type { Cell, Row } from '../../source/row.js';
import type { EncodeError } from '../codec.js';

/** A template as a write sees it: the same tree, each of whose leaves is known by its place. */
export type WriteNode =
  | { readonly kind: 'constant'; readonly value: string | number | boolean }
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  /** `rest`: related rows, which take what no slot takes. */
  | { readonly kind: 'list'; readonly slots: readonly WriteNode[]; readonly rest?: Leaf }
  | { readonly kind: 'element'; readonly fields: ReadonlyMap<string, WriteNode>; readonly constant: boolean }
  /** A constant that is there only for some rows: whether it is, is all that can be said of it. */
  | { readonly kind: 'sometimes'; readonly leaf: Leaf; readonly to: WriteNode };

/** An element of the resource that differs from row to row. */
export interface Leaf {
  /** `Patient.telecom.value`: without the places in lists. */
  readonly path: string;
  /** Absent: it follows from the row, and cannot be set. */
  readonly kept?: Kept;
  /** Does the value asked for say nothing else than the one found? */
  readonly agrees: (asked: unknown, found: unknown) => boolean;
}

/** How a leaf is kept in its row. */
export interface Kept {
  /** What is read of the row, each of one column. */
  readonly of: readonly Expression[];
  /** Is its place there for the row at all? */
  readonly open: (row: Row) => boolean;
  /** What the cells of its columns say; undefined: nothing. */
  readonly decode: (cells: readonly Cell[]) => unknown;
  /** What its columns say in a row. */
  readonly now: (row: Row) => unknown;
  /** Cells that say `value`. `previous`: the cells, or pieces of them, that are there so far; null in a row that is new. */
  readonly encode: (value: unknown, previous: readonly Comparand[]) => readonly Comparand[] | EncodeError;
}
