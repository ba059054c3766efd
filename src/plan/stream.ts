import type { CompiledMapping } from '../mapping/compile.js';
import type { Condition } from '../query/query.js';
import type { Adapter, Scan } from '../source/adapter.js';
import type { Expression } from '../source/expression.js';

/** What the planner knows of a source: its mappings, and what its adapter takes of a scan. */
export interface PlannedSource {
  readonly name: string;
  readonly narrow: Adapter['narrow'];
  readonly mappings: readonly CompiledMapping[];
}

/** How one sort key is had from a stream: ordered by the source, the same (missing) for every row, or after decoding. */
export type StreamKey =
  | { readonly by: 'source'; readonly of: Expression }
  | { readonly by: 'missing' }
  | { readonly by: 'resource' };

/** One mapping's rows in one source, in the total order of the query, before paging. */
export interface Stream {
  readonly source: string;
  readonly mapping: CompiledMapping;
  /** Breaks ties between streams; `source/mapping`. */
  readonly tag: string;
  readonly scan: Scan;
  readonly keys: readonly StreamKey[];
  /** Rows come in the total order; otherwise they are sorted after decoding, within the budget. */
  readonly ordered: boolean;
  /** The source may be told how many rows are wanted, and may count. */
  readonly exact: boolean;
  readonly pushed: readonly Condition[];
  readonly residual: readonly { readonly condition: Condition; readonly reason: string }[];
}
