import { randomBytes } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { local } from '#src/access/caller.js';
import { type PermittedQuery, restrict } from '#src/access/restrict.js';
import { createEngine } from '#src/execution/create-engine.js';
import type { Engine, Explanation, Page } from '#src/execution/engine.js';
import { Decimal } from '#src/fhir/decimal.js';
import { exampleIds } from '#src/identity/stored-ids.js';
import { parse } from '#src/search/parse.js';
import type { Context } from '../oracle/oracle.js';
import type { Store } from './materialise.js';

export const context: Context = { base: 'http://127.0.0.1:3000/fhir', now: new Date('2026-01-01T00:00:00Z') };

/** An id that one engine gave is known to the others. */
const ids = exampleIds();

/** An engine over a stored data set. */
export function federate(
  { sources }: Pick<Store, 'sources'>,
  pushdown: boolean,
  { rows = 1_000_000, required = true, chainIds = 5_000 } = {},
): Engine {
  return createEngine({
    sources: sources.map(({ name, folder, adapter }) => ({
      name,
      adapter,
      mappings: folder,
      required,
      timeZone: 'Asia/Kolkata',
      timeoutMs: 600_000,
      limits: { concurrency: 8 },
    })),
    baseUrl: context.base,
    limits: { rows, deadlineMs: 600_000, chainIds },
    cursorKey: Buffer.alloc(32, 7),
    randomBytes,
    ids,
    pushdown,
  });
}

/** One request: `Type?name=value&...`. Throws the engine's Fault. */
export async function page(engine: Engine, query: string, strict = true): Promise<Page> {
  return engine.search(permitted(engine, query), {
    signal: new AbortController().signal,
    strict,
    now: context.now,
  });
}

/** How it would be answered. */
export function explain(engine: Engine, query: string): Promise<Explanation> {
  return engine.explain(permitted(engine, query));
}

function permitted(engine: Engine, query: string): PermittedQuery {
  const at = query.indexOf('?');
  const type = query.slice(0, at);
  const { query: parsed } = parse(type, [...new URLSearchParams(query.slice(at + 1))], {
    baseUrl: context.base,
    now: context.now,
    maxCount: 100_000,
    defaultCount: 100_000,
    handling: 'none',
    supported: (of) => engine.types.get(of)?.parameters ?? new Map(),
  });
  return restrict(parsed, local);
}

/** All pages of a search, one after the other. */
export async function pages(engine: Engine, query: string, strict = true): Promise<readonly Page[]> {
  const found: Page[] = [];
  let cursor = '';
  do {
    const next = await page(engine, query + cursor, strict);
    found.push(next);
    if (found.length > 200) throw new Error(`no end of pages: ${query}`);
    cursor = next.next === undefined ? '' : `&_cursor=${next.next}`;
  } while (cursor !== '');
  return found;
}

/** Every resource of the federation, read with nothing pushed, as plain JSON; a decimal that a double would change is its text. */
export async function everything(engine: Engine, count = 100): Promise<readonly Resource[]> {
  const all: Resource[] = [];
  for (const type of engine.types.keys()) {
    for (const { matches } of await pages(engine, `${type}?_count=${count}`)) all.push(...matches.map(plain));
  }
  return all;
}

function plain(resource: Resource): Resource {
  return copy(resource) as Resource;
}

function copy(value: unknown): unknown {
  if (value instanceof Decimal) return value.text;
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)]));
}
