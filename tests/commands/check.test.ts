import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { clinicFolder } from '../support/clinic.js';
import { demoConfiguration } from '../support/demo-configuration.js';
import { runHealthsync } from '../support/run-healthsync.js';

function clinicConfiguration(change: Parameters<typeof clinicFolder>[0] = {}): string {
  const { root } = clinicFolder(change);
  const file = join(root, 'clinic.yaml');
  writeFileSync(file, 'sources: [{ name: clinic, adapter: sqlite, location: clinic.db, mappings: clinic }]');
  return file;
}

test("a vendor's clinic without errors ends with 0", async () => {
  const { code, out, err } = await runHealthsync('check', '--config', clinicConfiguration());
  expect(err).toBe('');
  expect(out).toContain('people.salary: Left out: personnel data.');
  expect(out).toMatch(/^1 sources, 1 mappings: 0 errors, 0 warnings, \d+ to know\.$/m);
  expect(code).toBe(0);
});

test('one with an error ends with 1, and --json says the same to programs', async () => {
  const mapping = (text: string) => text.replace("text('family_name')", "text('famly_name')");
  const { code, out } = await runHealthsync('check', '--json', '--config', clinicConfiguration({ mapping }));
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject([
    {
      source: 'clinic',
      findings: [{ severity: 'error', kind: 'type-error', place: 'patient.ts:15' }, { kind: 'unloadable' }],
    },
  ]);
});

test('the demo has no errors', async () => {
  const { code, out } = await runHealthsync('check', '--json', '--config', await demoConfiguration());
  const reports = JSON.parse(out) as readonly {
    source: string;
    findings: readonly { severity: string; kind: string; source: string }[];
  }[];
  expect(reports.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'))).toEqual([]);
  expect(reports.flatMap(({ findings }) => findings.filter(({ kind }) => kind === 'no-example'))).toEqual([]);
  expect(reports.map(({ source }) => source)).toEqual(['his-a', 'his-b', 'his-c', 'his-d']);
  expect(code).toBe(0);
});

test('a configuration that cannot be read ends with 1', async () => {
  const { code, err } = await runHealthsync('check', '--config', '/nowhere/at-all.yaml');
  expect(code).toBe(1);
  expect(err).toMatch(/^healthsync: /);
});
