import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import { root } from '../../../support/source-tree.js';
import { inFolder, patient, scanOf, table } from './folder.js';

const people = table('people', ['id'], { id: ['id'], count: ['count'], pad: ['pad'] });

/** Counts up in one row of a file until it is killed, and says each number that was kept. */
const counting = (folder: string) => `
import { openDuckdb } from ${JSON.stringify(join(root, 'dist/src/adapters/duckdb/adapter.js'))};
const adapter = openDuckdb({ name: 'his', location: ${JSON.stringify(folder)}, timeoutMs: 60000 });
const people = ${JSON.stringify(people)};
const call = () => ({ signal: new AbortController().signal, deadline: performance.now() + 60000 });
for (;;) {
  const kept = await adapter.writing.transaction(call(), async (transaction) => {
    const [count] = await transaction.get(people, [{ kind: 'column', column: 'count' }], ['k']);
    const next = String(Number(count) + 1);
    await transaction.update(people, ['k'], {}, { count: next, pad: 'x'.repeat(Number(next) % 7) });
    return next;
  });
  process.stdout.write(kept + '\\n');
}`;

function started(program: string, before = ''): ChildProcess {
  return spawn('bash', ['-c', `${before}exec "$0" --input-type=module -e "$1"`, process.execPath, program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const files: Readonly<Record<string, (count: string) => string>> = {
  'people.csv': (row) => `id,count,pad\n${'a,"1\n",z\n'.replace('a', 'first')}${row}\n${csvRows()}`,
  'people.json': (row) => `[\n{"id": "first", "count": "1"},\n${row}\n,${jsonRows()}]`,
};
const csvRows = () => Array.from({ length: 20_000 }, (_, i) => `r${i},${i},"y, ${i}"\n`).join('');
const jsonRows = () => Array.from({ length: 10_000 }, (_, i) => `{"id":"r${i}", "count" : ${i}}`).join(',\n');

test.each([
  ['people.csv', 'k,0,'],
  ['people.json', '{"id": "k", "count": "0", "pad": ""}'],
])(
  '%s: a writer that is killed leaves the old file or the new one, and nobody waits for it',
  async (name, row) => {
    await inFolder({ [name]: files[name]!(row) }, async (adapter, _, folder) => {
      let said = 0;
      for (let round = 0; round < 8; round++) {
        const writer = started(counting(folder));
        const lines = createInterface({ input: writer.stdout! });
        lines.on('line', (line) => {
          said = Number(line);
        });
        await once(lines, 'line');
        await new Promise((resolve) => setTimeout(resolve, round * 13));
        writer.kill('SIGKILL');
        await Promise.all([once(writer, 'exit'), once(lines, 'close')]);
        const text = await readFile(join(folder, name), 'utf8');
        const [, count] = (/\nk,(\d+),/.exec(text) ?? /"k", "count": "(\d+)"/.exec(text))!;
        // What was kept and not yet said may be there; what was said is.
        expect(Number(count)).toBeGreaterThanOrEqual(said);
        expect(Number(count)).toBeLessThanOrEqual(said + 1);
        const pad = 'x'.repeat(Number(count) % 7);
        const now = name.endsWith('csv') ? `k,${count},${pad}` : `{"id": "k", "count": "${count}", "pad": "${pad}"}`;
        expect(text === files[name]!(now)).toBe(true);
      }
      await adapter.writing!.transaction(patient(), (one) => one.update(people, ['k'], {}, { count: '-1' }));
      expect(await readdir(folder)).toEqual([name]);
    });
  },
  120_000,
);

describe('locks', () => {
  const csv = 'id,count,pad\nk,0,\n';
  const update = (adapter: Parameters<Parameters<typeof inFolder>[1]>[0], ms: number) =>
    adapter.writing!.transaction({ ...patient(), deadline: performance.now() + ms }, (one) =>
      one.update(people, ['k'], {}, { count: '1' }),
    );

  test('of a process that is there is waited for', async () => {
    await inFolder({ 'people.csv': csv }, async (adapter, put, folder) => {
      const [pid, began] = [
        process.ppid,
        (await readFile(`/proc/${process.ppid}/stat`, 'utf8')).split(') ')[1]!.split(' ')[19]!,
      ];
      const lock = { host: hostname(), pid, began, time: 0, lock: 1 };
      for (const other of [lock, { ...lock, host: 'another machine', pid: 999_999_999 }]) {
        await put('.people.csv.lock', JSON.stringify(other));
        await expect(update(adapter, 200)).rejects.toMatchObject({ name: 'Fault', code: 'source-busy' });
        expect(await readFile(join(folder, 'people.csv'), 'utf8')).toBe(csv);
      }
      // Its number is that of another process by now.
      await put('.people.csv.lock', JSON.stringify({ ...lock, began: '1' }));
      expect(await update(adapter, 5_000)).toBe(true);
      await put('.people.csv.lock', JSON.stringify({ ...lock, pid: 999_999_999 }));
      expect(await update(adapter, 5_000)).toBe(true);
      expect(await readdir(folder)).toEqual(['people.csv']);
    });
  });

  test('of writers of several processes lose no change', async () => {
    await inFolder({ 'people.csv': csv }, async (_, __, folder) => {
      const writers = [1, 2, 3].map(() => started(counting(folder)));
      const said = writers.map((writer) => {
        const numbers: number[] = [];
        createInterface({ input: writer.stdout! }).on('line', (line) => numbers.push(Number(line)));
        return numbers;
      });
      while (said.some((numbers) => numbers.length < 10)) await new Promise((resolve) => setTimeout(resolve, 50));
      for (const writer of writers) writer.kill('SIGKILL');
      await Promise.all(writers.map((writer) => once(writer, 'close')));
      const all = said.flat().sort((a, b) => a - b);
      expect(new Set(all).size).toBe(all.length);
    });
  });
});

test('a disk without room keeps the old file, and no copy', async () => {
  await inFolder({ 'people.csv': files['people.csv']!('k,0,') }, async (_, __, folder) => {
    // Files of at most 64 KiB: what is beyond is refused as by a full disk.
    const program = counting(folder)
      .replace('for (;;) {', 'try {')
      .concat(` catch (error) { process.stdout.write(error.code + ': ' + error.message + '\\n'); process.exit(3); }`);
    const writer = started(program, 'ulimit -f 64; ');
    let out = '';
    writer.stdout!.on('data', (text) => {
      out += text;
    });
    const [code] = (await once(writer, 'close')) as [number];
    expect([code, out]).toEqual([3, 'source-unavailable: The source has no room left\n']);
    expect(await readFile(join(folder, 'people.csv'), 'utf8')).toBe(files['people.csv']!('k,0,'));
    expect(await readdir(folder)).toEqual(['people.csv']);
  });
});

test('a file that cannot be replaced where it lies says so', async () => {
  await inFolder({}, async (adapter, _, folder) => {
    await symlink('/proc/self/comm', join(folder, 'people.csv'));
    await expect(
      adapter.writing!.transaction(patient(), (one) => one.get(people, scanOf(people).output, ['k'])),
    ).rejects.toMatchObject({ code: 'source-unavailable', message: expect.stringContaining('cannot be written') });
  });
});
