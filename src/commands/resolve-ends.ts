import type { Resource } from '@medplum/fhirtypes';
import { local } from '../access/caller.js';
import { restrict } from '../access/restrict.js';
import type { Engine } from '../execution/engine.js';
import { searchParameters } from '../fhir/search-parameters.js';
import type { WrittenEnd } from '../identity/link-end.js';
import type { LinkEnd } from '../identity/links.js';
import type { TokenValue } from '../query/query.js';

/** What an end is, or why it is nothing that can be linked. */
export type Resolved = LinkEnd | string;

export interface ResolveSetting {
  readonly engine: Engine;
  readonly now: () => Date;
  /** Must a resource that is named by its id be there? */
  readonly present: boolean;
}

/** How many ends one search asks for. */
const most = 100;

/**
 * What ends are, by exact searches of every source. A key of a key space stands for itself: no resource is looked for.
 * @throws {Fault} when a source does not answer: what it holds might be another resource of the same identifier.
 */
export async function resolveEnds(
  ends: readonly WrittenEnd[],
  setting: ResolveSetting,
): Promise<ReadonlyMap<WrittenEnd, Resolved>> {
  const { engine, present } = setting;
  const found = new Map<WrittenEnd, Resolved>();
  const sought = new Map<string, WrittenEnd[]>();
  for (const end of ends) {
    if (!engine.types.has(end.type)) found.set(end, `no source has a ${end.type}`);
    else if ('id' in end && !present) found.set(end, { type: end.type, space: '', key: end.id });
    else if ('system' in end && engine.keySpaces.get(end.system)?.has(end.type))
      found.set(end, { type: end.type, space: end.system, key: end.value });
    else {
      const by = `${end.type} ${'id' in end ? '_id' : 'identifier'}`;
      sought.set(by, [...(sought.get(by) ?? []), end]);
    }
  }
  for (const [by, all] of sought) {
    const [type = '', code = ''] = by.split(' ');
    for (let at = 0; at < all.length; at += most) {
      const some = all.slice(at, at + most);
      const ids = await search(type, code, some.map(tokenOf), setting);
      for (const end of some) found.set(end, only(end, ids.get(nameOf(tokenOf(end))) ?? new Set()));
    }
  }
  return found;
}

function only(end: WrittenEnd, ids: ReadonlySet<string>): Resolved {
  const [id] = ids;
  if (id !== undefined && ids.size === 1) return { type: end.type, space: '', key: id };
  const what = 'id' in end ? 'id' : 'identifier';
  return ids.size === 0 ? `no ${end.type} has that ${what}` : `${ids.size} ${end.type} have that ${what}`;
}

function tokenOf(end: WrittenEnd): TokenValue {
  return 'id' in end ? { kind: 'token', code: end.id } : { kind: 'token', system: end.system, code: end.value };
}

function nameOf({ system = '', code }: TokenValue): string {
  return JSON.stringify([system, code]);
}

/** The ids of the resources that have a token, by the token. */
async function search(
  type: string,
  code: string,
  values: readonly TokenValue[],
  { engine, now }: ResolveSetting,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  const add = (token: Omit<TokenValue, 'kind'>, id: string) => {
    const name = nameOf({ kind: 'token', ...token });
    found.set(name, (found.get(name) ?? new Set()).add(id));
  };
  const parameter = engine.types.get(type)!.parameters.get(code) ?? searchParameters(type).get(code);
  if (!parameter) return found;
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const query = restrict(
      {
        type,
        conditions: [{ parameter, values, asked: { name: code, value: values.map(nameOf).join() } }],
        chains: [],
        sort: [],
        count: 500,
        total: 'none',
        summary: 'false',
        elements: [],
        include: [],
        revinclude: [],
        ...(cursor !== undefined && { cursor }),
      },
      local,
    );
    const { matches, next } = await engine.search(query, {
      signal: new AbortController().signal,
      strict: true,
      now: now(),
    });
    for (const match of matches) {
      if (code === '_id') add({ code: match.id! }, match.id!);
      else
        for (const { system, value } of identifiersOf(match))
          add({ ...(system && { system }), ...(value && { code: value }) }, match.id!);
    }
    cursor = next;
  }
  return found;
}

function identifiersOf(resource: Resource): readonly { readonly system?: string; readonly value?: string }[] {
  const { identifier } = resource as { readonly identifier?: object | readonly object[] };
  return identifier === undefined ? [] : [identifier].flat();
}
