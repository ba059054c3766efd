import { redact } from '../access/redact.js';
import { type PermittedQuery, restrict } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import { plan } from '../plan/plan.js';
import type { PlannedSource } from '../plan/stream.js';
import { asksForAbsence, narrowedTo, referredIds } from '../query/chain.js';
import type { Chain, Condition } from '../query/query.js';
import { idsByKey } from './ids-by-key.js';
import { StreamReader } from './stream-reader.js';
import { Budget, type Traversal } from './traversal.js';

/** The most ids that a chain becomes a list of; beyond them the searched resources are probed. */
const usual = 5_000;
/** The most rows that are looked at for what they refer to: where there are more, few of the searched resources are none's. */
const mostRows = 2_500;
/** How many ids one probe names. */
const probed = 500;

/** The search for what stands at the other end of a chain, by the same caller. */
export function otherEnd(
  { type, conditions }: Chain,
  query: PermittedQuery,
  more: readonly Condition[] = [],
): PermittedQuery {
  const { caller, count } = query;
  return restrict(
    {
      type,
      conditions: [...conditions, ...more],
      chains: [],
      sort: [],
      count,
      total: 'none',
      summary: 'false',
      elements: [],
      include: [],
      revinclude: [],
    },
    caller,
  );
}

/**
 * The ids that a chain comes down to: of the resources that satisfy its conditions (`to`), or of what those refer to (`from`).
 * Undefined when they are too many.
 */
export async function idsOf(
  chain: Chain,
  query: PermittedQuery,
  sources: readonly PlannedSource[],
  traversal: Traversal,
  mostIds = usual,
): Promise<ReadonlySet<string> | undefined> {
  const ids = new Set<string>();
  // What is spent here is not missing from the page: the list is short, or it is given up.
  const failed = new Map(traversal.failed);
  const most = chain.direction === 'to' ? mostIds : Math.min(mostIds, mostRows);
  const inside = { ...traversal, failed, budget: new Budget(Math.min(most, traversal.budget.remaining)) };
  const whole = await eachOf(otherEnd(chain, query), chain, sources, inside, (resource) => {
    for (const id of idsAt(chain, query.type, resource, traversal)) ids.add(id);
    return ids.size <= mostIds;
  });
  if (!whole || [...failed.values()].some(({ code }) => code === 'too-costly')) return undefined;
  for (const [source, fault] of failed) traversal.failed.set(source, fault);
  return ids;
}

/** `Traversal.probe`: asks the other end for these ids alone. */
export function prober(
  query: PermittedQuery,
  sources: readonly PlannedSource[],
  traversal: Traversal,
): Traversal['probe'] {
  return async (chain, ids) => {
    const holding = new Set<string>();
    for (let at = 0; at < ids.length; at += probed) {
      const chunk = ids.slice(at, at + probed);
      const wanted = new Set(chunk);
      const groups = chunk.flatMap((id) => linkedWith(chain, query.type, id, traversal));
      const inner = otherEnd(chain, query, [narrowedTo(chain, query.type, groups)]);
      const whole = await eachOf(inner, chain, sources, traversal, (resource) => {
        for (const id of idsAt(chain, query.type, resource, traversal)) if (wanted.delete(id)) holding.add(id);
        return wanted.size > 0;
      });
      if (!whole && wanted.size > 0) throw tooCostly(chain);
    }
    return holding;
  };
}

function idsAt(
  chain: Chain,
  searched: string,
  resource: Visited,
  context: Pick<Traversal, 'baseUrl' | 'links'>,
): readonly string[] {
  const ids = chain.direction === 'to' ? [resource.id!] : referredIds(chain, searched, resource, context);
  return ids.flatMap((id) => linkedWith(chain, searched, id, context));
}

/** The resource between the two, and all that it is linked with. */
function linkedWith(
  { direction, type, linked }: Chain,
  searched: string,
  id: string,
  { links }: Pick<Traversal, 'links'>,
): readonly string[] {
  return linked ? links.idsOf(direction === 'to' ? type : searched, id) : [id];
}

/** A resource, or as much of it as a chain to it has to know. */
type Visited = { readonly resourceType: string; readonly id?: string };

/**
 * Visits every match until `visit` has enough; false when it had, or the budget is spent. A source that fails is given up and
 * named; where the chain asks for what is not there, nothing can be answered without it.
 * @throws {Fault} `incomplete`
 */
async function eachOf(
  inner: PermittedQuery,
  chain: Chain,
  sources: readonly PlannedSource[],
  traversal: Traversal,
  visit: (resource: Visited) => boolean,
): Promise<boolean> {
  const planned = plan(inner, sources);
  const inside: Traversal = { ...traversal, query: { ...inner, count: 499 }, issues: [] };
  for (const stream of planned.streams) {
    if (chain.direction === 'to') {
      const { mapping } = stream;
      const source = sources.find(({ name }) => name === stream.source)!;
      const ids = await idsByKey(inner, source, mapping, traversal, inside.budget.remaining + 1);
      refuseAbsence(chain, stream.source, traversal);
      if (ids && !inside.budget.take(ids.length)) return false;
      if (ids && !ids.every((id) => visit({ resourceType: chain.type, id }))) return false;
      if (ids) continue;
    }
    const reader = new StreamReader(stream, inside, undefined);
    await reader.fill();
    for (let item = reader.peek(); item; item = reader.peek()) {
      if (!inside.budget.take()) return false;
      const { resource } = reader.decode(item);
      const seen = resource && redact(resource, inner.caller);
      if (seen && !visit(seen)) return false;
      reader.advance();
      if (!reader.peek()) await reader.fill();
    }
    refuseAbsence(chain, stream.source, traversal);
    // A resource that is left out of every answer cannot satisfy a chain: the answer says so.
    if (stream.mapping.undecodable === 'refuse') traversal.issues.push(...inside.issues.splice(0));
  }
  return true;
}

function refuseAbsence(chain: Chain, source: string, { failed }: Traversal): void {
  const fault = failed.get(source);
  if (!fault || fault.code === 'too-costly' || !asksForAbsence(chain)) return;
  throw new Fault(
    'incomplete',
    `Source ${source} did not answer, and "${chain.asked.name}" asks for what is not there: without it the answer would be wrong.`,
    { source, expression: `http.${chain.asked.name}` },
    { cause: fault },
  );
}

function tooCostly({ asked: { name } }: Chain): Fault {
  return new Fault(
    'too-costly',
    `More rows would have to be looked at for "${name}" than one request may; ask more narrowly.`,
    { expression: `http.${name}` },
  );
}
