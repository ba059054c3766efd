import type { Issue } from '../errors/fault.js';
import type { Links } from '../identity/links.js';
import type { Chain, Condition, Query, ReferenceValue } from '../query/query.js';

/** Members that a message lists; the others are counted. */
const mostTold = 10;

/**
 * The query with what the link table adds: a reference that is asked for is also asked for as each resource that it is linked with,
 * and a chain may end at any of them. What was asked stays as it was said (`asked`); the issues say what was added.
 */
export function acrossLinks(
  query: Query,
  links: Links,
): { readonly query: Query; readonly disclosed: readonly Issue[] } {
  const disclosed: Issue[] = [];
  const teller =
    ({ asked: { name } }: Pick<Condition, 'asked'>): Tell =>
    (message) =>
      disclosed.push({ severity: 'information', code: 'linked', message, place: { expression: `http.${name}` } });
  const conditions = query.conditions.map((condition) => expanded(condition, links, teller(condition)));
  const chains = query.chains.map((chain): Chain => {
    const tell = teller(chain);
    const inner = chain.conditions.map((condition) => expanded(condition, links, tell));
    const ends = links.sourcesOf(chain.direction === 'to' ? chain.type : query.type);
    if (ends.size === 0)
      return inner.every((one, i) => one === chain.conditions[i]) ? chain : { ...chain, conditions: inner };
    tell(`"${chain.asked.name}" counts resources that are linked as one.`);
    return { ...chain, conditions: inner, linked: ends };
  });
  return disclosed.length === 0 ? { query, disclosed } : { query: { ...query, conditions, chains }, disclosed };
}

type Tell = (message: string) => void;

/** The condition on any member of each group; itself when nothing that it asks for is linked. */
function expanded(condition: Condition, links: Links, tell: Tell): Condition {
  const { parameter, modifier, values } = condition;
  if (parameter.type !== 'reference' || modifier === 'missing' || modifier === 'identifier') return condition;
  const added: ReferenceValue[] = [];
  for (const value of values) {
    if (value.kind !== 'reference' || value.id === undefined) continue;
    for (const type of value.type === undefined ? (parameter.target ?? []) : [value.type]) {
      const others = othersThan(value.id, type, links);
      added.push(...others.values);
      if (others.told !== '') tell(`${type}/${value.id} is linked: ${others.told} asked for, too.`);
    }
  }
  return added.length === 0 ? condition : { ...condition, values: [...values, ...added] };
}

function othersThan(id: string, type: string, links: Links) {
  const [, ...ids] = links.idsOf(type, id);
  const told = ids.slice(0, mostTold).map((other) => `${type}/${other}`);
  if (ids.length > mostTold) told.push(`${ids.length - mostTold} more`);
  for (const [space, count] of links.spacesOf(type, id)) told.push(`${count} of ${space}`);
  const values = ids.map((other): ReferenceValue => ({ kind: 'reference', type, id: other }));
  return { values, told: told.length === 0 ? '' : `${told.join(', ')} ${told.length === 1 ? 'is' : 'are'}` };
}
