import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import type { Encounter, Patient } from '@medplum/fhirtypes';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { composeApp } from '#src/compose.js';
import { createEngine, type EngineSource } from '#src/execution/create-engine.js';
import { listen } from '#src/http/listen.js';
import { map, reference, table } from '#src/mapping/index.js';
import type { MappingFolder } from '#src/mapping/load-folder.js';
import type { Adapter } from '#src/source/adapter.js';
import { createLogger } from '#src/telemetry/logger.js';
import { columns, people } from './people.js';

/** Milliseconds that a source has while it is harmed. */
export const TIMEOUT_MS = 300;
/** What a request has: no source that is late takes time from the others, however busy the machine is. */
const deadlineMs = 60_000;

export interface Federation {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

export interface Faulty {
  readonly name: string;
  readonly adapter: Adapter;
  /** Its table of people. */
  readonly table: string;
  readonly required: boolean;
  /** What it has to answer. */
  readonly timeoutMs: number;
}

/** The source that is always there. */
export const STEADY = 'steady';

const ofPatients = (name: string) =>
  table(name, { key: ['id'], columns: { id: 'text', family: 'text', sex: 'text', address: 'text' } });

function patients(from: ReturnType<typeof ofPatients>) {
  return map<Patient>('Patient', {
    name: 'patient',
    id: from.id,
    to: {
      resourceType: 'Patient',
      name: [{ family: from.text('family') }],
      gender: from.code('sex', { codes: { f: 'female', m: 'male' }, canonical: { female: 'f', male: 'm' } }),
      address: [{ text: from.text('address') }],
    },
  });
}

function visits(name: string, patientsOf: string) {
  const from = table(name, { key: ['id'], columns: { id: 'text', patient: 'text' } });
  return map<Encounter>('Encounter', {
    name,
    id: from.facet(name),
    to: {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: {
        reference: reference('Patient', ofPatients('people').idIn(patientsOf), { rows: from, columns: ['patient'] }),
      },
    },
  });
}

/** A source that may be harmed, and beside it a steady one whose visits are of patients of both; served over HTTP. */
export async function serveBeside(faulty: Faulty): Promise<Federation> {
  const { name } = faulty;
  const ofSome = (prefix: string, every: number) =>
    people.filter((_, i) => i % every === 0).map(({ id }) => [`${prefix}${id}`, id]);
  const adapter = openMemory({
    people: {
      columns: [...columns],
      rows: people.slice(0, 30).map((person) => columns.map((column) => person[column] || null)),
    },
    visit: { columns: ['id', 'patient'], rows: ofSome('v', 10).slice(0, 3) },
    elsewhere: { columns: ['id', 'patient'], rows: ofSome('e', 6) },
  });
  const mappings = [patients(ofPatients('people')), visits('visit', STEADY), visits('elsewhere', name)];
  return serveSources([
    { ...faulty, mappings: [patients(ofPatients(faulty.table))] },
    { name: STEADY, adapter, required: false, timeoutMs: deadlineMs, mappings },
  ]);
}

/** Sources of people alone, served over HTTP. */
export function servePeople(sources: readonly Faulty[]): Promise<Federation> {
  return serveSources(sources.map((source) => ({ ...source, mappings: [patients(ofPatients(source.table))] })));
}

type Served = Pick<EngineSource, 'name' | 'adapter' | 'required' | 'timeoutMs'> & {
  readonly mappings: MappingFolder['mappings'];
};

async function serveSources(sources: readonly Served[]): Promise<Federation> {
  const listening = await listen('127.0.0.1', 0, 8192);
  const baseUrl = `http://127.0.0.1:${listening.port}/fhir`;
  const limits = { rows: 20_000, deadlineMs };
  const engine = createEngine({
    sources: sources.map(({ name, adapter, required, timeoutMs, mappings }) => ({
      name,
      adapter,
      required,
      timeoutMs,
      timeZone: 'UTC',
      limits: { concurrency: 16 },
      mappings: { folder: name, mappings, conceptMaps: new Map() },
    })),
    baseUrl,
    limits,
    cursorKey: randomBytes(32),
    randomBytes,
  });
  const server = {
    host: '127.0.0.1',
    port: 0,
    stateFolder: '',
    limits: { ...limits, count: { default: 20, max: 1000 }, bodyBytes: 8192, urlBytes: 8192, concurrency: 1000 },
  };
  const silent = createLogger(new Writable({ write: (_chunk, _encoding, done) => done() }));
  listening.serve(await composeApp({ server, sources: [] }, engine, baseUrl, silent));
  return {
    baseUrl,
    async stop() {
      await listening.stop(100);
      await engine.close();
    },
  };
}
