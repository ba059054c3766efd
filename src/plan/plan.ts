import type { PermittedQuery } from '../access/restrict.js';
import { isExact } from '../mapping/bracket.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { Condition } from '../query/query.js';
import type { Adapter, OrderTerm, Scan } from '../source/adapter.js';
import type { Expression } from '../source/expression.js';
import { compareText } from '../source/fold.js';
import type { Selection } from '../source/selection.js';

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

export interface Plan {
  readonly query: PermittedQuery;
  /** In the order of their tags. */
  readonly streams: readonly Stream[];
  readonly pruned: readonly { readonly source: string; readonly mapping: string; readonly reason: string }[];
}

/** Decides, without asking any source, which are asked and what each is asked. */
export function plan(query: PermittedQuery, sources: readonly PlannedSource[]): Plan {
  const streams: Stream[] = [];
  const pruned: { source: string; mapping: string; reason: string }[] = [];
  for (const source of sources) {
    for (const mapping of source.mappings) {
      if (mapping.type !== query.type) continue;
      const brackets = query.conditions.map((condition) => mapping.condition(condition));
      const none = brackets.findIndex(({ hi }) => hi.op === 'false');
      if (none >= 0) {
        pruned.push({
          source: source.name,
          mapping: mapping.name,
          reason: `no row can satisfy ${asked(query.conditions[none]!)}`,
        });
        continue;
      }
      streams.push(stream(query, source, mapping, brackets));
    }
  }
  streams.sort((a, b) => compareText(a.tag, b.tag));
  return { query, streams, pruned };
}

function stream(
  query: PermittedQuery,
  source: PlannedSource,
  mapping: CompiledMapping,
  brackets: readonly { readonly lo: Selection; readonly hi: Selection }[],
): Stream {
  const keys = query.sort.map((key): StreamKey => {
    if (!mapping.parameters.has(key.parameter.code)) return { by: 'missing' };
    const of = mapping.order(key);
    return of ? { by: 'source', of } : { by: 'resource' };
  });
  const sortable = keys.every(({ by }) => by !== 'resource');
  const order = sortable ? [...sortTerms(query, keys), ...keyTerms(mapping)] : keyTerms(mapping);
  const { relation, output } = mapping;
  const narrowed = source.narrow({ relation, output, order }, [mapping.exists, ...brackets.map(({ hi }) => hi)]);
  const residual: { condition: Condition; reason: string }[] = [];
  const pushed: Condition[] = [];
  for (const [i, condition] of query.conditions.entries()) {
    if (!isExact(brackets[i]!)) residual.push({ condition, reason: 'the column answers it only roughly' });
    else if (!narrowed.exact[i + 1]) residual.push({ condition, reason: 'the source answers it only roughly' });
    else pushed.push(condition);
  }
  return {
    source: source.name,
    mapping,
    tag: `${source.name}/${mapping.name}`,
    scan: narrowed.scan,
    keys,
    ordered: sortable && narrowed.orderGuaranteed,
    exact: residual.length === 0 && narrowed.exact[0] === true && narrowed.limitGuaranteed,
    pushed,
    residual,
  };
}

function sortTerms(query: PermittedQuery, keys: readonly StreamKey[]): readonly OrderTerm[] {
  return keys.flatMap((key, i) => (key.by === 'source' ? [{ of: key.of, direction: query.sort[i]!.direction }] : []));
}

function keyTerms({ relation }: CompiledMapping): readonly OrderTerm[] {
  return relation.key.map((column) => ({ of: { column, as: 'raw' }, direction: 'asc' }));
}

/** A condition as it was asked: `family=smith`. */
export function asked({ asked: { name, value } }: Condition): string {
  return `${name}=${value}`;
}
