import type { PermittedQuery } from '../access/restrict.js';
import { isExact } from '../mapping/bracket.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { Condition } from '../query/query.js';
import type { OrderTerm } from '../source/adapter.js';
import { compareText } from '../source/fold.js';
import type { Selection } from '../source/selection.js';
import { type Asked, type Shared, share } from './share.js';
import type { PlannedSource, Stream, StreamKey } from './stream.js';

export interface Plan {
  readonly query: PermittedQuery;
  /** In the order of their tags. */
  readonly streams: readonly Stream[];
  /** Streams whose first page one scan may answer together. */
  readonly shared: readonly Shared[];
  readonly pruned: readonly { readonly source: string; readonly mapping: string; readonly reason: string }[];
}

/** Decides, without asking any source, which are asked and what each is asked. */
export function plan(query: PermittedQuery, sources: readonly PlannedSource[]): Plan {
  const streams: Stream[] = [];
  const shared: Shared[] = [];
  const pruned: { source: string; mapping: string; reason: string }[] = [];
  for (const source of sources) {
    const asked: Asked[] = [];
    for (const mapping of source.mappings) {
      if (mapping.type !== query.type) continue;
      const brackets = query.conditions.map((condition) => mapping.condition(condition));
      const none = brackets.findIndex(({ hi }) => hi.op === 'false');
      if (none >= 0) {
        pruned.push({
          source: source.name,
          mapping: mapping.name,
          reason: `no row can satisfy ${askedText(query.conditions[none]!)}`,
        });
        continue;
      }
      asked.push(stream(query, source, mapping, brackets));
    }
    for (const one of asked) streams.push(one.stream);
    if (asked.length > 1) shared.push(...share(source, asked));
  }
  streams.sort((a, b) => compareText(a.tag, b.tag));
  return { query, streams, shared, pruned };
}

function stream(
  query: PermittedQuery,
  source: PlannedSource,
  mapping: CompiledMapping,
  brackets: readonly { readonly lo: Selection; readonly hi: Selection }[],
): Asked {
  const keys = query.sort.map((key): StreamKey => {
    if (!mapping.parameters.has(key.parameter.code)) return { by: 'missing' };
    const of = mapping.order(key);
    return of ? { by: 'source', of } : { by: 'resource' };
  });
  const sortable = keys.every(({ by }) => by !== 'resource');
  const order = sortable ? [...sortTerms(query, keys), ...keyTerms(mapping)] : keyTerms(mapping);
  const { relation, output } = mapping;
  const conditions = brackets.map(({ hi }) => hi);
  const narrowed = source.narrow({ relation, output, order }, [mapping.exists, ...conditions]);
  const residual: { condition: Condition; reason: string }[] = [];
  const pushed: Condition[] = [];
  for (const [i, condition] of query.conditions.entries()) {
    if (!isExact(brackets[i]!)) residual.push({ condition, reason: 'the column answers it only roughly' });
    else if (!narrowed.exact[i + 1]) residual.push({ condition, reason: 'the source answers it only roughly' });
    else pushed.push(condition);
  }
  const found: Stream = {
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
  return { stream: found, conditions, exact: narrowed.exact.slice(1) };
}

function sortTerms(query: PermittedQuery, keys: readonly StreamKey[]): readonly OrderTerm[] {
  return keys.flatMap((key, i) => (key.by === 'source' ? [{ of: key.of, direction: query.sort[i]!.direction }] : []));
}

function keyTerms({ relation }: CompiledMapping): readonly OrderTerm[] {
  return relation.key.map((column) => ({ of: { column, as: 'raw' }, direction: 'asc' }));
}

/** A condition as it was asked: `family=smith`. */
export function askedText({ asked: { name, value } }: Condition): string {
  return `${name}=${value}`;
}
