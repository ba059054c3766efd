import { randomBytes } from 'node:crypto';
import type { Observation, Patient } from '@medplum/fhirtypes';
import { type Caller, local } from '#src/access/caller.js';
import { restrict } from '#src/access/restrict.js';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { Fault } from '#src/errors/fault.js';
import { createEngine } from '#src/execution/create-engine.js';
import type { Engine, Explanation, Page } from '#src/execution/engine.js';
import { map, reference, table } from '#src/mapping/index.js';
import { parse } from '#src/search/parse.js';
import type { Adapter, Scan } from '#src/source/adapter.js';
import type { Row } from '#src/source/row.js';

const patients = table('patients', { key: ['id'], columns: { id: 'text', family: 'text', sex: 'text' } });
const samples = table('samples', { key: ['id'], columns: { id: 'text', patient: 'text', test: 'text' } });

const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  to: {
    resourceType: 'Patient',
    name: [{ family: patients.text('family') }],
    gender: patients.code('sex', { codes: { f: 'female', m: 'male' }, canonical: { female: 'f', male: 'm' } }),
  },
});

const observation = map<Observation>('Observation', {
  name: 'observation',
  id: samples.id,
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: samples.concept('test', { system: 'urn:test' }),
    // The laboratory knows the registry's number of each patient.
    subject: { reference: reference('Patient', patients.idIn('registry'), { rows: samples, columns: ['patient'] }) },
  },
});

export interface Hospital {
  /** `registry` holds patients, `laboratory` samples with the registry's numbers, `annex` a patient whom nothing refers to. */
  readonly engine: Engine;
  /** What each source was asked, in order. */
  readonly asked: readonly { readonly source: string; readonly scan: Scan }[];
  /** Sources that do not answer. */
  readonly down: Set<string>;
  page(query: string, options?: { readonly caller?: Caller; readonly strict?: boolean }): Promise<Page>;
  /** All pages. */
  ids(query: string): Promise<readonly string[]>;
  explain(query: string): Promise<Explanation>;
}

export interface Rows {
  readonly patients: readonly Row[];
  readonly samples: readonly Row[];
}

/** A registry, a laboratory and an annex, held in memory. */
export function hospital(
  { patients: known, samples: taken }: Rows,
  { rows = 100_000, pushdown = true } = {},
): Hospital {
  const asked: { source: string; scan: Scan }[] = [];
  const down = new Set<string>();
  const source = (name: string, held: { patients?: readonly Row[]; samples?: readonly Row[] }) => ({
    name,
    adapter: watched(
      name,
      openMemory({
        ...(held.patients && { patients: { columns: ['id', 'family', 'sex'], rows: held.patients } }),
        ...(held.samples && { samples: { columns: ['id', 'patient', 'test'], rows: held.samples } }),
      }),
    ),
    mappings: {
      folder: name,
      mappings: [...(held.patients ? [patient] : []), ...(held.samples ? [observation] : [])],
      conceptMaps: new Map(),
    },
    required: false,
    timeZone: 'UTC',
    timeoutMs: 10_000,
    limits: { concurrency: 8 },
  });
  const watched = (name: string, adapter: Adapter): Adapter =>
    new Proxy(adapter, {
      get(target, property) {
        if (property === 'scanAtOnce') return undefined;
        const value: unknown = Reflect.get(target, property);
        if (property !== 'scan') return typeof value === 'function' ? value.bind(target) : value;
        return (scan: Scan, call: never) => {
          asked.push({ source: name, scan });
          if (down.has(name)) throw new Fault('source-unavailable', 'away');
          return target.scan(scan, call);
        };
      },
    });
  const engine = createEngine({
    sources: [
      source('annex', { patients: [['a1', 'Ng', 'f']] }),
      source('laboratory', { samples: taken }),
      source('registry', { patients: known }),
    ],
    baseUrl: 'http://h/fhir',
    limits: { rows, deadlineMs: 10_000 },
    cursorKey: Buffer.alloc(32, 1),
    randomBytes,
    pushdown,
  });
  const read = (query: string, caller: Caller) => {
    const [type = '', search = ''] = query.split('?');
    const context = {
      baseUrl: 'http://h/fhir',
      now: new Date('2026-01-01'),
      maxCount: 100_000,
      defaultCount: 100,
      handling: 'none',
      supported: (of: string) => engine.types.get(of)?.parameters ?? new Map(),
      leadsTo: (of: string, code: string) => engine.types.get(of)?.targets.get(code) ?? [],
    } as const;
    return restrict(parse(type, [...new URLSearchParams(search)], context).query, caller);
  };
  const page = async (query: string, { caller = local, strict = false } = {}) =>
    engine.search(read(query, caller), {
      signal: new AbortController().signal,
      strict,
      now: new Date('2026-01-01'),
    });
  return {
    engine,
    asked,
    down,
    page,
    explain: async (query) => engine.explain(read(query, local)),
    async ids(query) {
      const found: string[] = [];
      for (let cursor = ''; ; ) {
        const { matches, next } = await page(query + cursor);
        found.push(...matches.map(({ id }) => id!));
        if (next === undefined) return found;
        cursor = `&_cursor=${next}`;
      }
    },
  };
}
