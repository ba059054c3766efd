import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ownServer } from '../../support/own-server.js';
import { serverUrl } from '../../support/server-url.js';
import { root } from '../../support/source-tree.js';

const shared = serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL');
const server = await ownServer('influxdb');
afterAll(() => server.close());

const folder = join(mkdtempSync(join(tmpdir(), 'services-')), 'servers');
/** `scripts/services` in a folder of its own: its exit code and what it printed. */
const services = (args: readonly string[], given: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string; said: string }>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, HEALTHSYNC_SERVICES: folder, ...given };
    const child = execFile(join(root, 'scripts/services'), args, { env }, (_, out, said) =>
      resolve({ code: child.exitCode!, out, said }),
    );
  });

const ask = async (q: string) => {
  const answer = await fetch(`${server.url}/query?${new URLSearchParams({ q, db: 'd' })}`, { method: 'POST' });
  return answer.text();
};

test('a server that was killed comes back with its address and its data, and one that runs is left alone', async () => {
  await ask('CREATE DATABASE d');
  expect((await fetch(`${server.url}/write?db=d`, { method: 'POST', body: 'pulse bpm=61' })).status).toBe(204);
  const first = server.pid();
  server.kill();
  await server.start();
  const second = server.pid();
  expect(second).not.toBe(first);
  expect(await ask('SELECT bpm FROM pulse')).toContain(',61]');
  await server.start();
  expect(server.pid()).toBe(second);
});

test('what is up is told to the shell and noted for nobody else; down leaves nothing', async () => {
  const up = await services(['up', 'influxdb']);
  expect(up.code).toBe(0);
  const [line, url] = /^export \w+='(http:\/\/127\.0\.0\.1:\d+)'\n/.exec(up.out)!;
  expect([server.url, shared]).not.toContain(url);
  const file = /^# all of them: (.*)$/m.exec(up.out)![1]!;
  expect(readFileSync(file, 'utf8')).toBe(line);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect((await fetch(`${url}/ping`)).status).toBe(204);
  expect((await services(['down'])).code).toBe(0);
  await expect(fetch(`${url}/ping`)).rejects.toThrow();
  expect(existsSync(folder)).toBe(false);
});

test('a server that the environment names is left alone, and must be there', async () => {
  const given = await services(['up', 'influxdb'], { HEALTHSYNC_TEST_INFLUXDB_URL: shared });
  expect({ ...given, said: '' }).toMatchObject({ code: 0, out: expect.not.stringContaining('export') });
  const gone = await services(['up', 'influxdb'], { HEALTHSYNC_TEST_INFLUXDB_URL: 'http://user:secret@127.0.0.1:1' });
  expect(gone.code).toBe(2);
  expect(gone.said).toContain('nothing answers');
  expect(gone.said).not.toContain('secret');
});

test.each([['up', 'oracle'], ['sideways'], []])('%s %s is refused', async (...args) => {
  expect((await services(args.filter((each) => typeof each === 'string'))).code).toBe(2);
});
