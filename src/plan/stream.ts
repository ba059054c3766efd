import type { CompiledMapping } from '../mapping/compile.js';
import type { Chain, Condition } from '../query/query.js';
import type { Adapter, Scan } from '../source/adapter.js';
import type { Expression } from '../source/expression.js';
import type { Joins } from './joins.js';

/** What the planner knows of a source: its mappings, and what its adapter takes of a scan. */
export interface PlannedSource {
  readonly name: string;
  readonly narrow: Adapter['narrow'];
  readonly mappings: readonly CompiledMapping[];
  /** What is known of joins inside the source, if anything is. */
  readonly joins?: Joins;
}

/**
 * A key that is too long for an id makes neither a resource nor a reference to one, and no source knows that. `never`: that
 * cannot happen here. `unless referred`: it shows in the resource, which then lacks its one reference. Otherwise, for which
 * resources it cannot have happened.
 */
export type Doubt = 'never' | 'unless referred' | ((id: string) => boolean);

/** A chain that the source does not decide alone. */
export interface OpenChain {
  readonly chain: Chain;
  /**
   * `source`: it follows the chain itself, but for `doubt`. `ids`: it can tell little before the other end is known. `probe`: it
   * tells roughly, and the other end is asked for what it hands over.
   */
  readonly by: 'source' | 'ids' | 'probe';
  /** The sources where the other end may be. */
  readonly ends: ReadonlySet<string>;
  readonly reason: string;
  /** For which resources the source's word counts; it is probed for the others. Undefined: for none. */
  readonly doubt?: Exclude<Doubt, 'never'>;
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
  readonly pushed: readonly (Condition | Chain)[];
  readonly residual: readonly { readonly condition: Condition; readonly reason: string }[];
  readonly open: readonly OpenChain[];
}
