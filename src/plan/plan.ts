import type { PermittedQuery } from '../access/restrict.js';
import { type Bracket, isExact } from '../mapping/bracket.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { Chain, Condition } from '../query/query.js';
import type { OrderTerm } from '../source/adapter.js';
import { compareText } from '../source/fold.js';
import { type Link, linkOf } from './link.js';
import { type Asked, type Shared, share } from './share.js';
import type { OpenChain, PlannedSource, Stream, StreamKey } from './stream.js';

export interface Plan {
  readonly query: PermittedQuery;
  /** In the order of their tags. */
  readonly streams: readonly Stream[];
  /** Streams whose first page one scan may answer together. */
  readonly shared: readonly Shared[];
  readonly pruned: readonly { readonly source: string; readonly mapping: string; readonly reason: string }[];
  /** All mappings that the answer may depend on: of the searched type, and of those at the ends of its chains. */
  readonly mappings: readonly CompiledMapping[];
}

/** Chains whose other end is known, each as the condition that it has become (query/chain.ts). */
export type Resolved = ReadonlyMap<Chain, Condition>;

/** Decides, without asking any source, which are asked and what each is asked. */
export function plan(query: PermittedQuery, sources: readonly PlannedSource[], resolved: Resolved = new Map()): Plan {
  const streams: Stream[] = [];
  const shared: Shared[] = [];
  const pruned: { source: string; mapping: string; reason: string }[] = [];
  for (const source of sources) {
    const asked: Asked[] = [];
    for (const mapping of source.mappings) {
      if (mapping.type !== query.type) continue;
      const demands = [
        ...query.conditions.map((condition) => demandOf(condition, mapping)),
        ...query.chains.map((chain) => demandOfChain(chain, mapping, sources, resolved)),
      ];
      const none = demands.find(({ bracket }) => bracket.hi.op === 'false');
      if (none) {
        pruned.push({
          source: source.name,
          mapping: mapping.name,
          reason: `no row can satisfy ${askedText(none.condition ?? none.chain!)}`,
        });
        continue;
      }
      asked.push(stream(query, source, mapping, demands));
    }
    for (const one of asked) streams.push(one.stream);
    if (asked.length > 1) shared.push(...share(source, asked));
  }
  streams.sort((a, b) => compareText(a.tag, b.tag));
  return { query, streams, shared, pruned, mappings: mappingsOf(query, sources) };
}

const ofType = new WeakMap<readonly PlannedSource[], Map<string, readonly CompiledMapping[]>>();

/** The same list for every query of a type that has no chain: what is found out about a list may be kept beside it. */
function mappingsOf({ type, chains }: PermittedQuery, sources: readonly PlannedSource[]): readonly CompiledMapping[] {
  const of = (types: ReadonlySet<string>) =>
    sources.flatMap(({ mappings }) => mappings.filter((mapping) => types.has(mapping.type)));
  if (chains.length > 0) return of(new Set([type, ...chains.map((chain) => chain.type)]));
  const byType = ofType.get(sources) ?? new Map<string, readonly CompiledMapping[]>();
  ofType.set(sources, byType);
  const mappings = byType.get(type) ?? of(new Set([type]));
  byType.set(type, mappings);
  return mappings;
}

/** What a stream's rows have to satisfy: a condition on their resource, or a chain as far as their source can follow it. */
interface Demand {
  readonly bracket: Bracket;
  readonly condition?: Condition;
  readonly chain?: Chain;
  readonly link?: Link;
}

function demandOf(condition: Condition, mapping: CompiledMapping): Demand {
  return { condition, bracket: mapping.condition(condition) };
}

function demandOfChain(
  chain: Chain,
  mapping: CompiledMapping,
  sources: readonly PlannedSource[],
  resolved: Resolved,
): Demand {
  const link = linkOf(chain, mapping, sources);
  const condition = link.blind ? resolved.get(chain) : undefined;
  return condition ? demandOf(condition, mapping) : { chain, link, bracket: link.bracket };
}

function stream(
  query: PermittedQuery,
  source: PlannedSource,
  mapping: CompiledMapping,
  demands: readonly Demand[],
): Asked {
  const keys = query.sort.map((key): StreamKey => {
    if (!mapping.parameters.has(key.parameter.code)) return { by: 'missing' };
    const of = mapping.order(key);
    return of ? { by: 'source', of } : { by: 'resource' };
  });
  const sortable = keys.every(({ by }) => by !== 'resource');
  const sorts = sortable ? sortTerms(query, keys) : [];
  const order = sorts.length > 0 ? [...sorts, ...mapping.keyOrder] : mapping.keyOrder;
  const { relation, output } = mapping;
  const conditions = demands.map(({ bracket }) => bracket.hi);
  const narrowed = source.narrow({ relation, output, order }, [mapping.exists, ...conditions]);
  const residual: { condition: Condition; reason: string }[] = [];
  const open: OpenChain[] = [];
  const pushed: (Condition | Chain)[] = [];
  for (const [i, { condition, chain, bracket, link }] of demands.entries()) {
    const reason = !isExact(bracket)
      ? 'the column answers it only roughly'
      : !narrowed.exact[i + 1]
        ? 'the source answers it only roughly'
        : undefined;
    if (chain && link && (reason !== undefined || link.doubt !== 'never')) open.push(opened(chain, link, reason));
    else if (condition && reason !== undefined) residual.push({ condition, reason });
    else pushed.push(condition ?? chain!);
  }
  const found: Stream = {
    source: source.name,
    mapping,
    tag: `${source.name}/${mapping.name}`,
    scan: narrowed.scan,
    keys,
    ordered: sortable && narrowed.orderGuaranteed,
    exact: residual.length === 0 && open.length === 0 && narrowed.exact[0] === true && narrowed.limitGuaranteed,
    pushed,
    residual,
    open,
  };
  return { stream: found, conditions, exact: narrowed.exact.slice(1) };
}

function opened(chain: Chain, { blind, ends, doubt }: Link, reason: string | undefined): OpenChain {
  if (blind) return { chain, ends, by: 'ids', reason: 'the source does not know the other end' };
  if (reason !== undefined || doubt === 'never') return { chain, ends, by: 'probe', reason: reason ?? '' };
  return { chain, ends, by: 'source', reason: 'a key may be too long for an id', doubt };
}

function sortTerms(query: PermittedQuery, keys: readonly StreamKey[]): readonly OrderTerm[] {
  return keys.flatMap((key, i) => (key.by === 'source' ? [{ of: key.of, direction: query.sort[i]!.direction }] : []));
}

/** A condition as it was asked: `family=smith`. */
export function askedText({ asked: { name, value } }: Condition | Chain): string {
  return `${name}=${value}`;
}
