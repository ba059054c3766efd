import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { checkSource } from '#src/check/check-source.js';
import { openSource } from '#src/compose.js';
import { checkConfiguration } from '#src/config/load-configuration.js';
import { refuseInvalid, withValidator } from '../conformance/hl7-validator.js';
import { type DemoServer, serveConfiguration } from './demo-server.js';
import { root } from './source-tree.js';
import { counted, servedCounts, syntheaCounts } from './synthea.js';

export interface SyntheaCase {
  readonly adapter: 'mysql' | 'mongodb';
  /** In `tests/fixtures`. */
  readonly mappings: string;
  /** Loads the CSV; returns the location of the database. */
  readonly load: () => Promise<string>;
  readonly drop: () => Promise<void>;
}

/** What a mapping of the CSV serves is what Synthea itself wrote as FHIR. */
export function syntheaContract({ adapter, mappings, load, drop }: SyntheaCase): void {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-synthea-'));
  const mappingFolder = join(root, 'tests/fixtures', mappings);
  const configure = (location: string) =>
    checkConfiguration(
      {
        server: { limits: { rows: 1_000_000, deadlineMs: 60_000 } },
        sources: [{ name: 'synthea', adapter, location, mappings: mappingFolder, timeoutMs: 30_000 }],
      },
      join(folder, 'healthsync.yaml'),
    );
  let location: string;
  let server: DemoServer;
  const everything: Resource[] = [];
  beforeAll(async () => {
    location = await load();
    server = await serveConfiguration(configure(location), folder);
    for (const type of server.engine.types.keys()) everything.push(...(await server.all(`${type}?_count=1000`)));
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await drop();
  });

  const truth = syntheaCounts();
  const of = (type: string) => everything.filter(({ resourceType }) => resourceType === type);

  test('the counts of each patient are those of the FHIR bundles', () => {
    const served = servedCounts([...counted, 'Observation'].flatMap(of), 'Patient/synthea.');
    expect(Object.keys(truth)).toHaveLength(10);
    expect(Object.fromEntries(Object.keys(truth).map((id) => [id, served[id]]))).toEqual(truth);
  });

  test('every patient of the CSV is served, and no id twice', () => {
    expect(of('Patient')).toHaveLength(11);
    const ids = everything.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(truth).filter((id) => !ids.includes(`Patient/synthea.${id}`))).toEqual([]);
  });

  test('a search by patient finds the same', async () => {
    const [id] = Object.entries(truth).sort(([, a], [, b]) => b.AllergyIntolerance! - a.AllergyIntolerance!)[0]!;
    for (const type of counted)
      expect([type, (await server.all(`${type}?patient=synthea.${id}&_count=1000`)).length]).toEqual([
        type,
        truth[id]![type],
      ]);
    const [condition] = of('Condition') as { code: { coding: { system: string; code: string }[] } }[] & Resource[];
    const { system, code } = condition!.code.coding[0]!;
    const found = await server.all(`Condition?code=${system}|${code}&_count=1000`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map((one) => JSON.stringify(one)).every((text) => text.includes(`"${code}"`))).toBe(true);
  });

  test('healthsync check finds no error', async () => {
    const [source] = configure(location).sources;
    const opened = await openSource(source!);
    const checked = { ...source!, adapter: opened, folder: mappingFolder, indexed: true };
    const setting = { baseUrl: server.baseUrl, now: () => new Date('2026-01-01'), timeoutMs: 60_000 };
    const { findings } = await checkSource(checked, setting);
    await opened.close();
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(findings.filter(({ kind }) => kind === 'undecodable-value' || kind === 'duplicate-key')).toEqual([]);
  }, 120_000);

  test('the mapping has less than 200 lines', () => {
    const lines = readdirSync(mappingFolder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(mappingFolder, file), 'utf8').split('\n').length - 1);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(200);
  });

  withValidator('the validator of HL7 finds no error', () => refuseInvalid(sample(everything)), 600_000);
}

/** Up to 15 resources of each type, and of Observations one of each code. */
function sample(resources: readonly Resource[]): readonly Resource[] {
  const taken = new Map<string, number>();
  return resources.filter((resource) => {
    const observation = resource.resourceType === 'Observation';
    const kind = `${resource.resourceType} ${observation ? resource.code?.coding?.[0]?.code : ''}`;
    taken.set(kind, (taken.get(kind) ?? 0) + 1);
    return taken.get(kind)! <= (observation ? 1 : 15);
  });
}
