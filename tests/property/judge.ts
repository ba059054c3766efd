import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '#src/errors/fault.js';
import type { Engine } from '#src/execution/engine.js';
import { type Answer, compareSortKeys, Refused, search, sortKeys } from '../oracle/oracle.js';
import type { Random } from '../oracle/random.js';
import { context, pages } from './federation.js';

/** The same data behind two engines, and read out whole for the oracle. */
export interface Trial {
  readonly pool: readonly Resource[];
  readonly byId: ReadonlyMap<string, Resource>;
  readonly on: Engine;
  readonly off: Engine;
  /** Whether totals may be asked. */
  readonly countable: boolean;
}

export interface Verdict {
  readonly matches: number;
  readonly refused: boolean;
  /** What differs; absent when all three agree. */
  readonly difference?: string;
}

type Told =
  | {
      readonly ids: readonly string[];
      readonly totals: readonly (number | undefined)[];
      readonly issues: readonly string[];
    }
  | { readonly fault: Fault };

/** Pushdown on, page by page; pushdown off, in one page; and the oracle: the same resources in the same order, none twice. */
export async function judge(trial: Trial, query: string, random: Random): Promise<Verdict> {
  const asked = query.replace(/&?_count=\d+/, '').replace('?&', '?');
  const join = asked.endsWith('?') ? '' : '&';
  const expected = oracle(trial.pool, asked);
  const matches = expected?.total ?? 0;
  const count = random.chance(0.3) ? 100_000 : random.between(Math.max(1, Math.ceil(matches / 8)), matches + 2);
  const total = random.chance(0.4) && trial.countable ? '&_total=accurate' : '';
  const on = await told(trial.on, `${asked}${join}_count=${count}${total}`);
  const off = await told(trial.off, `${asked}${join}_count=100000`);
  const difference = compare(trial, asked, expected, on, off, total !== '');
  return {
    matches,
    refused: expected === undefined,
    ...(difference !== undefined && { difference: `_count=${count}${total} ${difference}` }),
  };
}

function oracle(pool: readonly Resource[], query: string): Answer | undefined {
  try {
    return search(pool, query, context);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

async function told(engine: Engine, query: string): Promise<Told> {
  try {
    const found = await pages(engine, query);
    return {
      ids: found.flatMap(({ matches }) => matches.map((match) => match.id!)),
      totals: found.map(({ total }) => total),
      issues: found.flatMap(({ issues }) => issues.map(({ code }) => code)),
    };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

/**
 * Where the two differ on purpose: legal searches that the server refuses, each for a reason of its own.
 */
export const deliberate: readonly {
  readonly reason: string;
  readonly refuses: (fault: Fault, query: string) => boolean;
}[] = [
  {
    reason: 'a value of more than 2,000 characters is refused before anything is read (src/search/limits.ts)',
    refuses: ({ code }, query) => code === 'too-large' && query.length > 2_000,
  },
];

const refusals = new Set(['unknown-parameter', 'invalid-value', 'invalid-modifier', 'too-large']);

function compare(
  { byId }: Trial,
  query: string,
  expected: Answer | undefined,
  on: Told,
  off: Told,
  counted: boolean,
): string | undefined {
  if (expected === undefined) {
    for (const [name, answer] of [
      ['on', on],
      ['off', off],
    ] as const) {
      if (!('fault' in answer)) return `the oracle refuses, ${name} answers ${answer.ids.length}`;
      if (!refusals.has(answer.fault.code)) return `the oracle refuses, ${name} fails: ${answer.fault.code}`;
    }
    return undefined;
  }
  if (
    'fault' in on &&
    'fault' in off &&
    deliberate.some(({ refuses }) => refuses(on.fault, query) && refuses(off.fault, query))
  )
    return undefined;
  if ('fault' in on) return `on: ${on.fault.code} ${on.fault.message}`;
  if ('fault' in off) return `off: ${off.fault.code} ${off.fault.message}`;
  const type = query.slice(0, query.indexOf('?'));
  const wanted = new Set(expected.ids);
  for (const [name, { ids }] of [
    ['on', on],
    ['off', off],
  ] as const) {
    const got = new Set(ids);
    if (got.size !== ids.length) return `${name} gives a resource twice`;
    const lacking = [...wanted].filter((id) => !got.has(id));
    const extra = [...got].filter((id) => !wanted.has(id));
    if (lacking.length + extra.length > 0)
      return `${name} lacks [${lacking.slice(0, 3).join(' ')}] of ${wanted.size}, has [${extra.slice(0, 3).join(' ')}] beyond (${lacking.length}, ${extra.length})`;
  }
  const at = on.ids.findIndex((id, i) => id !== off.ids[i]);
  if (at >= 0) return `order: on has ${on.ids[at]} at ${at}, off ${off.ids[at]}`;
  const sort = new URLSearchParams(query.slice(query.indexOf('?') + 1)).get('_sort') ?? '';
  const keys = sort === '' ? [] : on.ids.map((id) => sortKeys(byId.get(`${type}/${id}`)!, sort));
  const wrong = keys.findIndex((key, i) => i > 0 && compareSortKeys(keys[i - 1]!, key, sort) > 0);
  if (wrong >= 0) return `order: ${on.ids[wrong]} stands after ${on.ids[wrong - 1]}`;
  if (counted && on.totals.some((total) => total !== expected.total))
    return `total ${on.totals.join(' ')} of ${expected.total}`;
  if (on.issues.includes('too-costly')) return 'a page was cut short';
  return undefined;
}
