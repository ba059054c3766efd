import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Coverage, Encounter, Observation, Organization, Patient } from '@medplum/fhirtypes';
import Database from 'better-sqlite3';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { and, map, reference, table } from '#src/mapping/index.js';
import type { Adapter } from '#src/source/adapter.js';
import { type WrittenHttp, writtenHttp } from './written-http.js';

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

export interface WrittenClinic extends WrittenHttp {
  rows(sql: string): readonly unknown[];
  readonly database: Database.Database;
}

/** A clinic in a SQLite file that is written over HTTP, beside another that is only read. */
export async function writtenClinic(
  more: string = '',
  withAdapter: (adapter: Adapter) => Adapter = (adapter) => adapter,
  lasting: (lasting: () => Promise<void>) => Promise<void> = (asked) => asked(),
): Promise<WrittenClinic> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-clinic-'));
  const location = join(folder, 'clinic.db');
  const database = new Database(location);
  database.exec(schema + more);
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
  const http = await writtenHttp(
    [
      {
        ...source,
        name: 'clinic',
        adapter: withAdapter(openSqlite({ name: 'clinic', location, timeoutMs: 5_000 })),
        write: true,
        mappings,
      },
      { ...source, name: 'archive', adapter: openMemory(readOnly), mappings },
    ],
    undefined,
    lasting,
  );
  return {
    ...http,
    database,
    rows: (sql) => database.prepare(sql).all(),
    async stop() {
      await http.stop();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
