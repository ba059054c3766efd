import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeEngine } from '#src/compose.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import type { Engine } from '#src/execution/engine.js';
import { demoConfiguration } from '../support/demo-configuration.js';
import { planned as plannedBy } from '../support/native-queries.js';
import { runHealthsync } from '../support/run-healthsync.js';

let configuration: string;
let engine: Engine;
beforeAll(async () => {
  configuration = await demoConfiguration();
  engine = await composeEngine(loadConfiguration(configuration), baseUrl);
});
afterAll(() => engine.close());

const baseUrl = 'http://127.0.0.1:3000/fhir';
const explain = (...args: readonly string[]) => runHealthsync('explain', '--config', configuration, ...args);

/** The plan, had without a process of its own. */
const planned = (search: string) => plannedBy({ engine, baseUrl }, search);

/** Every source and mapping that is asked, with what it answers and what remains. */
const searches: readonly (readonly [search: string, pushed: readonly string[], asked: readonly string[]])[] = [
  ['Patient?family=smith', ['family=smith'], ['his-a/patient', 'his-b/patient']],
  ['Patient?family:contains=mit', ['family:contains=mit'], ['his-a/patient', 'his-b/patient']],
  ['Patient?family=K%C3%B6nig', ['family=König'], ['his-a/patient', 'his-b/patient']],
  [
    'Patient?birthdate=ge1980&birthdate=lt1990-05',
    ['birthdate=ge1980', 'birthdate=lt1990-05'],
    ['his-a/patient', 'his-b/patient', 'his-c/patient', 'his-d/patient'],
  ],
  [
    'Patient?identifier=67592dd5',
    ['identifier=67592dd5'],
    ['his-a/patient', 'his-b/patient', 'his-c/patient', 'his-d/patient'],
  ],
  [
    'Patient?phone=07810839026',
    ['phone=07810839026'],
    ['his-a/patient', 'his-b/patient', 'his-c/patient', 'his-d/patient'],
  ],
  [
    'Encounter?patient=Patient/his-a.67592dd5&status=finished',
    ['patient=Patient/his-a.67592dd5', 'status=finished'],
    ['his-a/encounter'],
  ],
  [
    'Observation?patient=his-b.67592dd5&code=http://loinc.org|8302-2',
    ['patient=his-b.67592dd5', 'code=http://loinc.org|8302-2'],
    ['his-b/observation-height'],
  ],
  [
    'Observation?value-quantity=gt150',
    ['value-quantity=gt150'],
    [
      'his-a/observation-height',
      'his-a/observation-weight',
      'his-b/observation-haemoglobin',
      'his-b/observation-height',
      'his-b/observation-weight',
      'his-c/observation-height',
      'his-c/observation-weight',
      'his-d/observation-height',
      'his-d/observation-weight',
    ],
  ],
  ['Invoice?account=Account/his-d.67592dd5', ['account=Account/his-d.67592dd5'], ['his-d/invoice']],
  [
    'Observation?patient.family=smith',
    ['patient.family=smith'],
    ['his-a/observation-height', 'his-b/observation-weight'],
  ],
  [
    'Encounter?patient:Patient.birthdate=lt1960',
    ['patient:Patient.birthdate=lt1960'],
    ['his-a/encounter', 'his-b/encounter', 'his-c/encounter', 'his-d/encounter'],
  ],
];

describe('a search is answered by the sources alone', () => {
  test.each(searches)('%s', async (search, pushed, asked) => {
    const { sources, pruned } = await planned(search);
    const named = sources.map(({ source, mapping }) => `${source}/${mapping}`);
    // Which hospitals write a family name of its own, or a unit, is for their mappings to say.
    expect(named).toEqual(expect.arrayContaining([...asked]));
    for (const each of sources) {
      expect(each).toMatchObject({ pushed, residual: [], orderGuaranteed: true, limitGuaranteed: true });
      expect(each.queries.length).toBeGreaterThan(0);
    }
    for (const { reason } of pruned) expect(reason).toMatch(/^no row can satisfy /);
  });

  test('Condition by code reaches every mapping of coded conditions', async () => {
    const { sources } = await planned('Condition?code=http://snomed.info/sct|73211009');
    expect(new Set(sources.map(({ source }) => source))).toEqual(new Set(['his-a', 'his-b', 'his-c', 'his-d']));
    for (const { residual, pushed } of sources) {
      expect(residual).toEqual([]);
      expect(pushed).toEqual(['code=http://snomed.info/sct|73211009']);
    }
  });
});

test('a value is bound, never written into the query', async () => {
  const { sources } = await planned("Patient?family=o'brien; DROP");
  for (const { queries } of sources) {
    expect(queries.some(({ values }) => values.includes("o'brien; drop"))).toBe(true);
    for (const { text } of queries) expect(text.toLowerCase()).not.toContain('brien');
  }
});

test('what only a zone can decide remains, and says why', async () => {
  const { sources } = await planned('Invoice?date=ge2024-05-01T10:00:00Z');
  expect(sources.length).toBeGreaterThan(0);
  for (const { residual, limitGuaranteed } of sources) {
    expect(residual).toEqual([
      { condition: 'date=ge2024-05-01T10:00:00Z', reason: 'the column answers it only roughly' },
    ]);
    expect(limitGuaranteed).toBe(false);
  }
});

test('the plan as a text', async () => {
  const { code, out } = await explain('Observation?patient=his-a.67592dd5&code=8302-2');
  expect(code).toBe(0);
  const lines = out.split('\n').filter((line) => !/^ {4}|^ {2}(key|index|scan)/.test(line));
  expect(lines.slice(0, 8)).toEqual([
    'Observation?patient=his-a.67592dd5&code=8302-2&_count=20',
    'order: source, key',
    '',
    'his-a/observation-height',
    '  pushed:   patient=his-a.67592dd5 & code=8302-2',
    '  remained: nothing',
    '  order:    by the source',
    '  limit:    by the source',
  ]);
  expect(out).toMatch(/^ {2}key .*:\n {4}SELECT .*\n {4}bound: .*"67592dd5"/m);
  expect(out).toContain('\nNot asked:\n');
  expect(out).toContain('  his-b/observation-height: no row can satisfy patient=his-a.67592dd5\n');
});

test("--plan adds each database's own EXPLAIN", async () => {
  const search = 'Observation?patient=his-a.67592dd5&code=8302-2';
  const { out } = await explain('--plan', search);
  expect(out).toMatch(/^ {4}plan: {2}SEARCH t0 USING INDEX \S+ \(patient_id=\?\)$/m);
  expect((await explain(search)).out).not.toContain('plan:');
});

test('a chain that a source cannot follow alone shows its other end', async () => {
  const { out } = await explain('Encounter?service-provider.name=card');
  expect(out).toMatch(
    /^his-a\/encounter\n(?: {2}.*\n)* {2}chain: {4}service-provider\.name=card: the ids at its other end, or a probe/m,
  );
  expect(out).toMatch(/^The other end of service-provider\.name=card: Organization\n\nhis-a\//m);
  const { sources } = await planned('Patient?_has:Observation:patient:code=8302-2');
  for (const { open } of sources) expect(open).toMatchObject([{ by: 'source' }]);
});

test.each([
  ['Patient?famly=smith', 'http.famly: "famly" is not a search parameter of Patient. Valid: '],
  ['Patient?birthdate=yesterday', 'http.birthdate: '],
  ['Patient?gender:exact=male', 'http.gender: '],
  ['Patient?family=%zz', 'http.query: '],
  ['Observation?_sort=code-value-quantity', 'http._sort: '],
  ['Pateint?family=smith', 'This server has no resource type of that name; it has Account, '],
])('%s is refused as the server refuses it', async (search, words) => {
  const refused = await explain(search);
  expect(refused.code).toBe(2);
  expect(refused.out).toBe('');
  expect(refused.err).toContain(`healthsync: ${words}`);
});

test('--json tells programs the plan, and the OperationOutcome of a refusal', async () => {
  const plan = await explain('--json', 'Encounter?patient=his-a.67592dd5');
  expect(plan.code).toBe(0);
  expect(JSON.parse(plan.out)).toMatchObject({
    search: 'Encounter?patient=his-a.67592dd5&_count=20',
    sources: [{ source: 'his-a', mapping: 'encounter', pushed: ['patient=his-a.67592dd5'], residual: [] }],
    order: ['source', 'key'],
  });
  const refused = await explain('--json', 'Patient?famly=smith');
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.out)).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', expression: ['http.famly'] }],
  });
});

test('a source that is away is planned, and says that it does not answer', async () => {
  const away = await demoConfiguration({ patients: 20 });
  rmSync(join(dirname(away), 'his-a/hospital.db'));
  const { code, out } = await runHealthsync('explain', '--config', away, 'Patient?family=smith');
  expect(code).toBe(0);
  expect(out).toMatch(/^his-a\/patient\n {2}pushed: {3}family=smith\n(?: {2}.*\n)* {2}away: {5}\S/m);
  expect(out).toMatch(/^his-b\/patient\n(?: {2}.*\n)* {2}scan:\n/m);
});
