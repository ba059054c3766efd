import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import { checkSource } from '#src/check/check-source.js';
import type { Finding, FindingKind } from '#src/check/finding.js';

const fixture = new URL('../fixtures/check/clinic/', import.meta.url);
const text = (file: string) => readFileSync(new URL(file, fixture), 'utf8');

export const schema = `
  CREATE TABLE people (person_id INTEGER PRIMARY KEY, family_name TEXT, born TEXT, sex TEXT, salary REAL);
  CREATE INDEX people_family ON people (family_name COLLATE NOCASE);
  CREATE INDEX people_born ON people (born);
  CREATE INDEX people_sex ON people (sex);`;

export interface ClinicChange {
  readonly mapping?: (text: string) => string;
  readonly example?: (text: string) => string;
  readonly database?: string;
}

const people = `INSERT INTO people (person_id, family_name, born, sex) VALUES (1, 'Andersdotter', '1960-01-01', 'F'), (2, 'Berg', '1961', 'M');`;

/** A vendor's clinic outside the repository: a folder with one mapping and its example, and a database. */
export function clinicFolder({ mapping = same, example = same, database = schema + people }: ClinicChange = {}) {
  const root = mkdtempSync(join(tmpdir(), 'healthsync-clinic-'));
  const folder = join(root, 'clinic');
  const location = join(root, 'clinic.db');
  mkdirSync(join(folder, 'examples'), { recursive: true });
  writeFileSync(join(folder, 'patient.ts'), mapping(text('patient.ts.txt')));
  writeFileSync(join(folder, 'examples/patient.json'), example(text('example.json')));
  const opened = new Database(location);
  opened.exec(database);
  opened.close();
  return { root, folder, location };
}

/** What `check` finds in a clinic. */
export async function checkClinic(change: ClinicChange = {}, at = clinicFolder(change)): Promise<readonly Finding[]> {
  const timeoutMs = 10_000;
  const name = 'clinic';
  const adapter = openSqlite({ name, location: at.location, timeoutMs });
  try {
    const source = {
      name,
      adapter,
      folder: at.folder,
      indexed: true,
      required: false,
      timeZone: 'UTC',
      timeoutMs,
      limits: { concurrency: 1 },
    };
    const setting = { baseUrl: 'http://clinic.test/fhir', now: () => new Date('2026-01-01'), timeoutMs };
    return (await checkSource(source, setting)).findings;
  } finally {
    await adapter.close();
  }
}

/** `severity kind place` of what is found, but for what is always told. */
export function told(findings: readonly Finding[], ...kinds: readonly FindingKind[]): readonly string[] {
  return findings
    .filter(({ kind }) => (kinds.length > 0 ? kinds.includes(kind) : kind !== 'interactions'))
    .map(({ severity, kind, place }) => `${severity} ${kind} ${place}`);
}

function same(one: string): string {
  return one;
}
