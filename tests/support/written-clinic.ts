import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Coverage, Encounter, Observation, Organization, Patient, Resource } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { composeApp } from '#src/compose.js';
import { createEngine } from '#src/execution/create-engine.js';
import type { Engine } from '#src/execution/engine.js';
import { listen } from '#src/http/listen.js';
import { and, map, reference, table } from '#src/mapping/index.js';
import type { Adapter } from '#src/source/adapter.js';
import { stateDatabase } from '#src/state/database.js';
import { type WriteRecord, writeLog } from '#src/state/write-log.js';
import { createLogger } from '#src/telemetry/logger.js';

export const schema = `
  CREATE TABLE people (
    mrn TEXT PRIMARY KEY, family TEXT NOT NULL, given TEXT, phone TEXT CHECK (length(phone) <= 12), email TEXT, sex TEXT,
    born TEXT, policy TEXT, insurer TEXT, weight NUMERIC, secret TEXT DEFAULT 'untold'
  );
  CREATE TABLE visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT, mrn TEXT NOT NULL REFERENCES people, state TEXT NOT NULL, began TEXT, ended TEXT,
    reason TEXT DEFAULT NULL
  );
  CREATE TABLE wards (code TEXT PRIMARY KEY, name TEXT);
  INSERT INTO people (mrn, family, given, phone, sex, born, policy, insurer, weight)
    VALUES ('p1', 'Berg ', 'Anna', '555-1', 'Female', '1980-02-29', 'A-1', 'Acme', 72.5),
           ('p2', 'Chen', 'Wei', NULL, 'M', 'unknown', NULL, NULL, NULL),
           ('p3', 'Diaz', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  INSERT INTO visits (mrn, state, began, ended) VALUES ('p1', 'done', '2024-05-01 08:00:00', '2024-05-01 09:00:00');`;

const people = table('people', {
  key: ['mrn'],
  columns: {
    mrn: 'text',
    family: 'text',
    given: 'text',
    phone: 'text',
    email: 'text',
    sex: 'text',
    born: 'date',
    policy: 'text',
    insurer: 'text',
    weight: 'decimal',
  },
});
const visits = table('visits', {
  key: ['id'],
  columns: { id: 'integer', mrn: 'text', state: 'text', began: 'dateTime', ended: 'dateTime', reason: 'text' },
});
const wards = table('wards', { key: ['code'], columns: { code: 'text', name: 'text' } });
const subject = { reference: reference('Patient', people.id) };

export const clinicMappings = [
  map<Patient>('Patient', {
    name: 'patient',
    id: people.id,
    write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
    to: {
      resourceType: 'Patient',
      identifier: [{ system: 'urn:clinic:mrn', value: people.text('mrn') }],
      name: [{ use: 'official', family: people.text('family'), given: [people.text('given')] }],
      telecom: [
        { system: 'phone', value: people.text('phone') },
        { system: 'email', value: people.text('email') },
      ],
      gender: people.code('sex', {
        codes: { F: 'female', Female: 'female', M: 'male', Male: 'male' },
        canonical: { female: 'Female', male: 'Male' },
      }),
      birthDate: people.date('born'),
    },
  }),
  map<Coverage>('Coverage', {
    name: 'coverage',
    id: people.facet('coverage'),
    exists: and(people.present('policy'), people.present('insurer')),
    write: { create: 'columns', update: true, delete: 'columns' },
    to: {
      resourceType: 'Coverage',
      status: 'active',
      subscriberId: people.text('policy'),
      beneficiary: subject,
      payor: [{ display: people.text('insurer') }],
    },
  }),
  map<Observation>('Observation', {
    name: 'weight',
    id: people.facet('weight'),
    exists: people.present('weight'),
    write: { create: 'columns', update: true, delete: 'columns' },
    to: {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Body weight' }] },
      subject,
      valueQuantity: {
        value: people.decimal('weight'),
        unit: 'kg',
        system: 'http://unitsofmeasure.org',
        code: 'kg',
      },
    },
  }),
  map<Encounter>('Encounter', {
    name: 'encounter',
    id: visits.id,
    write: { create: 'row', key: 'source', update: true, delete: 'row' },
    to: {
      resourceType: 'Encounter',
      status: visits.code('state', { codes: { done: 'finished', open: 'in-progress' } }),
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: { reference: reference('Patient', people.id, { rows: visits, columns: ['mrn'] }) },
      period: { start: visits.dateTime('began'), end: visits.dateTime('ended') },
      reasonCode: [{ text: visits.text('reason') }],
    },
  }),
  map<Organization>('Organization', {
    name: 'ward',
    id: wards.id,
    write: { create: 'row', key: 'uuid', delete: 'row' },
    to: { resourceType: 'Organization', name: wards.text('name') },
  }),
];

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the answer has no content. */
  readonly resource: Resource | undefined;
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WrittenClinic {
  readonly baseUrl: string;
  readonly engine: Engine;
  /** `PUT Patient/clinic.p1`: with a body as FHIR JSON, unless a header says otherwise. */
  ask(request: string, asked?: Asked): Promise<Answer>;
  rows(sql: string): readonly unknown[];
  readonly database: Database.Database;
  records(): readonly WriteRecord[];
  stop(): Promise<void>;
}

/** A clinic in a SQLite file that is written over HTTP, beside another that is only read. */
export async function writtenClinic(
  more: string = '',
  withAdapter: (adapter: Adapter) => Adapter = (adapter) => adapter,
): Promise<WrittenClinic> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-written-'));
  const location = join(folder, 'clinic.db');
  const database = new Database(location);
  database.exec(schema + more);
  const listening = await listen('127.0.0.1', 0, 8192);
  const baseUrl = `http://127.0.0.1:${listening.port}/fhir`;
  const state = stateDatabase(join(folder, 'state'));
  const log = writeLog(state);
  const source = { required: false, timeoutMs: 5_000, timeZone: 'Asia/Kolkata', limits: { concurrency: 8 } };
  const mappings = { folder: '', mappings: clinicMappings, conceptMaps: new Map() };
  const readOnly = {
    people: {
      columns: Object.keys(people.relation.columns),
      rows: [['q1', 'Read', null, null, null, null, null, null, null, null]],
    },
    visits: { columns: Object.keys(visits.relation.columns), rows: [] },
    wards: { columns: ['code', 'name'], rows: [] },
  };
  const engine = createEngine({
    sources: [
      {
        ...source,
        name: 'clinic',
        adapter: withAdapter(openSqlite({ name: 'clinic', location, timeoutMs: 5_000 })),
        write: true,
        mappings,
      },
      { ...source, name: 'archive', adapter: openMemory(readOnly), mappings },
    ],
    baseUrl,
    limits: { rows: 20_000, deadlineMs: 10_000 },
    cursorKey: randomBytes(32),
    randomBytes,
    writer: { creates: {}, log, now: () => new Date(), uuid: randomUUID },
  });
  const limits = {
    rows: 20_000,
    deadlineMs: 10_000,
    count: { default: 20, max: 1000 },
    bodyBytes: 100_000,
    urlBytes: 8192,
    concurrency: 100,
  };
  const silent = createLogger(new Writable({ write: (_chunk, _encoding, done) => done() }));
  listening.serve(await composeApp({ server: { limits }, sources: [] }, engine, baseUrl, silent));
  return {
    baseUrl,
    engine,
    database,
    rows: (sql) => database.prepare(sql).all(),
    records: () => [...log.records(1000)].reverse(),
    async ask(request, { body, headers = {} } = {}) {
      const [method, path] = request.split(' ') as [string, string];
      const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await fetch(`${baseUrl}/${path}`, {
        method,
        headers: { ...(body !== undefined && { 'Content-Type': 'application/fhir+json' }), ...headers },
        ...(content !== undefined && { body: content as string }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        resource: text === '' ? undefined : (JSON.parse(text) as Resource),
      };
    },
    async stop() {
      await listening.stop(100);
      await engine.close();
      state.close();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
