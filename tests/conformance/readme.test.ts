import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { local } from '#src/access/caller.js';
import { permitRead } from '#src/access/restrict.js';
import { check } from '#src/commands/check.js';
import { commands } from '#src/commands/table.js';
import { composeEngine } from '#src/compose.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import { configurationSchema } from '#src/config/schema.js';
import { root } from '../support/source-tree.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const block = (language: string, holding: string) =>
  [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].find(
    ([, of, text]) => of === language && text!.includes(holding),
  )![2]!;

test('the example attaches a database as it is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-readme-'));
  mkdirSync(join(folder, 'clinic'));
  writeFileSync(join(folder, 'clinic/patient.ts'), block('ts', 'healthsync/mapping'));
  writeFileSync(join(folder, 'clinic.yaml'), block('yaml', 'clinic'));
  const database = new Database(join(folder, 'clinic.db'));
  const columns = /`people \(([^)]*)\)`/.exec(readme)![1]!;
  database.exec(`CREATE TABLE people (${columns.replace('id', 'id INTEGER PRIMARY KEY')})`);
  database.prepare('INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)').run(7, 'Iyer', 'Asha', 'f', '1980-02-03', '+91 1');
  database.close();

  const file = join(folder, 'clinic.yaml');
  expect(await check({ config: file }, [])).toBe(0);
  const engine = await composeEngine(loadConfiguration(file), 'http://127.0.0.1:3000/fhir');
  const options = { signal: new AbortController().signal, strict: true, now: new Date(0) };
  const { resource, issues } = await engine.read(permitRead('Patient', 'clinic.7', local), options);
  expect(issues).toEqual([]);
  expect(resource).toMatchObject({
    name: [{ family: 'Iyer', given: ['Asha'] }],
    gender: 'female',
    birthDate: '1980-02-03',
  });
  const named = /^That is all: (.*) can now be searched/m
    .exec(readme)![1]!
    .match(/`[\w-]+`/g)!
    .map((code) => code.slice(1, -1));
  for (const parameter of named) expect([...engine.types.get('Patient')!.parameters.keys()]).toContain(parameter);
  await engine.close();
  rmSync(folder, { recursive: true });
}, 60_000);

test('every command and every key of the configuration is told of', () => {
  for (const { usage } of Object.values(commands)) expect(readme).toContain(`\`healthsync ${usage}\``);
  const { server, sources } = configurationSchema.properties as Record<
    string,
    { properties: object; items: { properties: object } }
  >;
  const table = readme.slice(readme.indexOf('## Configuration'));
  for (const key of [...Object.keys(server!.properties), ...Object.keys(sources!.items.properties)])
    expect(table).toMatch(new RegExp(`[\`.]${key}\\b`));
});
