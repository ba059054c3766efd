import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { demoConfiguration } from '../support/demo-configuration.js';
import { installSchemathesis, runSchemathesis, validateOpenapi } from '../support/schemathesis.js';
import { root } from '../support/source-tree.js';

const described = join(root, 'openapi/healthsync.json');
const folder = mkdtempSync(join(tmpdir(), 'healthsync-openapi-'));

let server: ChildProcess;
let url = '';
beforeAll(async () => {
  installSchemathesis();
  const config = await demoConfiguration({ patients: 40, write: true });
  // A random search by GET may be any length, and 414 is no answer to judge it by.
  const longer = { ...JSON.parse(readFileSync(config, 'utf8')), server: { limits: { urlBytes: 65_536 } } };
  writeFileSync(config, JSON.stringify(longer));
  server = spawn(process.execPath, [join(root, 'dist/src/main.js'), 'serve', '--config', config, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: server.stdout! })) {
    url = /^HealthSync serves (.+)$/.exec(line)?.[1] ?? '';
    if (url !== '') break;
  }
  expect(url).not.toBe('');
}, 300_000);
afterAll(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

const ask = (file: string, ...options: string[]) => runSchemathesis(file, url, folder, options);

interface Operation {
  parameters: { $ref?: string; name?: string; schema?: object }[];
  responses: Record<string, object>;
}

interface Described {
  paths: Record<string, Record<string, Operation>>;
  components: {
    parameters: Record<string, { schema: object }>;
    schemas: Record<string, { enum?: string[]; properties: Record<string, object> }>;
  };
}

/** The document with something else in it. */
function changed(name: string, change: (document: Described) => void): string {
  const document = JSON.parse(readFileSync(described, 'utf8')) as Described;
  change(document);
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** What OpenAPI cannot say: that one value of a parameter goes not with another parameter, or with a body. */
function apart({ components: { schemas, parameters } }: Described): void {
  parameters.validate_mode_of_id!.schema = { enum: ['create', 'update'] };
  schemas.search_summary!.enum = schemas.search_summary!.enum!.filter((value) => value !== 'text');
}

test('the document is OpenAPI 3.1', async () => {
  expect(await validateOpenapi(described)).toMatchObject({ code: 0, out: expect.stringContaining('OK') });
  const broken = changed('broken.json', ({ paths }) => Object.assign(paths['/Patient']!.get!, { responses: 1 }));
  expect((await validateOpenapi(broken)).code).not.toBe(0);
});

test('a lie in it is found', async () => {
  const lie = changed('lie.json', ({ components }) => {
    components.schemas.CapabilityStatement!.properties.fhirVersion = { const: '5.0.0' };
  });
  const { code, out } = await ask(lie, '--include-path=/metadata', '--phases=fuzzing', '--max-examples=2');
  expect(code).toBe(1);
  expect(out).toContain('fhirVersion');
}, 120_000);

test('every value of every parameter, and what is none', async () => {
  const asked = await ask(
    changed('apart.json', apart),
    '--include-operation-id-regex=^(capabilities|readPatient|searchPatient|searchObservationByPost)$',
    '--phases=coverage',
  );
  expect(asked).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${asked.cases} generated, ${asked.cases} passed`),
  });
  expect(asked.cases).toBeGreaterThan(1000);
}, 300_000);

test('every search at random', async () => {
  const asked = await ask(
    changed('apart.json', apart),
    '--include-operation-id-regex=(ByPost|^validate\\w+)$',
    '--phases=fuzzing',
    '--max-examples=3',
  );
  expect(asked).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${asked.cases} generated, ${asked.cases} passed`),
  });
  expect(asked.cases).toBeGreaterThan(45);
}, 300_000);

test('pages that hold matches, in every shape, and the matches read', async () => {
  const ids = new Map<string, readonly string[]>();
  for (const type of Object.keys(JSON.parse(readFileSync(described, 'utf8')).paths)) {
    if (!/^\/[A-Z][A-Za-z]*$/.test(type)) continue;
    const { entry = [] } = (await (await fetch(`${url}${type}?_count=5`)).json()) as Bundle;
    ids.set(
      type,
      entry.map(({ resource }) => resource!.id!),
    );
  }
  expect([...ids].filter(([, found]) => found.length === 0)).toEqual([]);
  // Random conditions match nothing, and random ids are nobody's: without conditions everything matches, and these are there.
  const shapes = changed('shapes.json', (document) => {
    apart(document);
    const shaping = /\/(_format|_pretty|Prefer|X-Request-Id|If-[A-Za-z-]+|read_\w+|search_[\w.]+)$/;
    for (const [path, { get }] of Object.entries(document.paths)) {
      if (!get) continue;
      get.parameters = get.parameters.filter(({ $ref }) => $ref === undefined || shaping.test($ref));
      const found = ids.get(path.replace('/{id}', ''));
      const id = get.parameters.find(({ name }) => name === 'id');
      if (!found || !id) continue;
      id.schema = { enum: found };
      delete get.responses[404];
    }
  });
  const asked = await ask(
    shapes,
    '--include-method=GET',
    '--phases=fuzzing,stateful',
    '--mode=positive',
    '--max-examples=5',
  );
  expect(asked).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${asked.cases} generated, ${asked.cases} passed`),
  });
  expect(asked.cases).toBeGreaterThan(150);
  expect(Number(/API Links: +(\d+) covered/.exec(asked.out)![1])).toBeGreaterThan(0);
}, 300_000);

test('every way to write a Patient, with what is a resource by its name alone: no answer that is not described', async () => {
  // What a resource must be beside its name is said by R4 and not by the document: most of these are refused.
  const asked = await ask(
    described,
    '--include-operation-id-regex=^(transaction|(create|update|patch|delete)Patient(ByCriteria)?)$',
    '--phases=coverage,fuzzing',
    '--exclude-checks=positive_data_acceptance',
    '--max-examples=5',
  );
  expect(asked).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${asked.cases} generated, ${asked.cases} passed`),
  });
  expect(asked.cases).toBeGreaterThan(100);
}, 300_000);
