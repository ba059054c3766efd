import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { generate } from '#demo/generate.js';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'healthsync-serve-'));
const config = join(folder, 'site.yaml');

beforeAll(async () => {
  await generate({ seed: 3, patients: 40, out: folder });
  const source = {
    name: 'his-a',
    adapter: 'sqlite',
    location: 'his-a/hospital.db',
    mappings: root('mappings/his-a'),
    timeZone: 'Asia/Kolkata',
  };
  writeFileSync(config, JSON.stringify({ server: { baseUrl: 'http://127.0.0.1:3000/fhir' }, sources: [source] }));
});

/** Serves on a free port, and gives the requests it prints. */
async function serve() {
  const child = spawn(process.execPath, [root('dist/src/main.js'), 'serve', '--config', config, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const urls: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^curl '(.+)'$/.exec(line)?.[1];
    if (url) urls.push(url);
    if (urls.length === 3) break;
  }
  return {
    urls,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      return code as number;
    },
  };
}

test('serve takes a free port, prints three requests that work, and ends by SIGTERM; a page link outlives it', async () => {
  const first = await serve();
  expect(first.urls[0]).toMatch(/^http:\/\/127\.0\.0\.1:(?!3000)\d+\/fhir\/Patient\?_sort=birthdate&_count=20/);
  const answers = await Promise.all(first.urls.map((url) => fetch(url)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const page = (await (await fetch(first.urls[0]!.replace('_count=20', '_count=2'))).json()) as Bundle;
  const next = new URL(page.link!.find(({ relation }) => relation === 'next')!.url!);
  const before = await (await fetch(next)).text();
  expect(await first.stop()).toBe(0);

  const second = await serve();
  const origin = new URL(second.urls[0]!).origin;
  const after = await (await fetch(origin + next.pathname + next.search)).text();
  expect(JSON.parse(after).entry).toHaveLength(2);
  expect(after.replaceAll(origin, '').replace(/_cursor=[\w-]+/g, '')).toBe(
    before.replaceAll(next.origin, '').replace(/_cursor=[\w-]+/g, ''),
  );
  expect(await second.stop()).toBe(0);
});
