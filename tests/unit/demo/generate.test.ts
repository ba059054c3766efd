import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generate } from '#demo/generate.js';
import { temporaryFolder } from '../../support/demo-data.js';

const FILES = [
  'his-a/hospital.db',
  'his-b/patients.json',
  'his-b/staff.json',
  'his-b/finance.json',
  'his-c/patients.csv',
  'his-c/staff.csv',
  'his-c/finance.csv',
  'his-d/hospital.db',
  'truth.ndjson',
];

const digests = (folder: string) =>
  FILES.map((path) =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex'),
  );

describe('generate', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('the same seed gives the same bytes, another seed others, in every file', async () => {
    for (const [name, seed] of [
      ['one', 5],
      ['two', 5],
      ['three', 6],
    ] as const) {
      await generate({ seed, patients: 3_000, out: join(folder, name) });
    }
    expect(digests(join(folder, 'two'))).toEqual(digests(join(folder, 'one')));
    const others = digests(join(folder, 'three'));
    for (const [index, digest] of digests(join(folder, 'one')).entries()) expect(others[index]).not.toBe(digest);
  });

  test('reports the files it wrote with their sizes, and leaves nothing else behind', async () => {
    const { files, sources } = await generate({ seed: 1, patients: 100, out: folder });
    expect(files).toEqual(FILES.map((path) => ({ path, bytes: statSync(join(folder, path)).size })));
    expect(sources['his-a']).toEqual({ patients: 48, staff: 8, finance: 17 });
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(found).toHaveLength(FILES.length);
  });

  test('replaces an earlier run, and a journal it left', async () => {
    await generate({ seed: 1, patients: 50, out: folder });
    writeFileSync(join(folder, 'his-a/hospital.db-wal'), 'left over');
    await generate({ seed: 2, patients: 50, out: folder });
    await generate({ seed: 2, patients: 50, out: join(folder, 'fresh') });
    expect(digests(folder)).toEqual(digests(join(folder, 'fresh')));
    expect(existsSync(join(folder, 'his-a/hospital.db-wal'))).toBe(false);
  });

  test('a run that fails leaves no truth file of its own and the earlier data whole', async () => {
    await generate({ seed: 1, patients: 50, out: folder });
    const before = digests(folder);
    const stop = () => {
      throw new Error('stopped');
    };
    await expect(generate({ seed: 2, patients: 5_000, out: folder, onProgress: stop })).rejects.toThrow('stopped');
    expect(digests(folder)).toEqual(before);
  });

  test('keeps files of others in the folder', async () => {
    mkdirSync(join(folder, 'his-a'));
    writeFileSync(join(folder, 'his-a/notes.txt'), 'mine');
    await generate({ seed: 1, patients: 10, out: folder });
    expect(readFileSync(join(folder, 'his-a/notes.txt'), 'utf8')).toBe('mine');
  });

  test('progress grows to the total', async () => {
    const seen: number[] = [];
    const totals = new Set<number>();
    await generate({
      seed: 1,
      patients: 10_000,
      out: folder,
      onProgress: ({ done, total }) => {
        seen.push(done);
        totals.add(total);
      },
    });
    expect(totals).toEqual(new Set([15_000]));
    expect(seen.at(-1)).toBe(15_000);
    expect(seen).toEqual([...seen].sort((x, y) => x - y));
    expect(seen.length).toBeGreaterThan(5);
  });

  test('one patient is enough', async () => {
    const { sources } = await generate({ seed: 0, patients: 1, out: folder });
    expect(sources['his-a'].patients).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'his-b/patients.json'), 'utf8'))).toEqual([]);
  });

  test.each([
    [{ seed: -1, patients: 10 }, 'seed'],
    [{ seed: 2 ** 32, patients: 10 }, 'seed'],
    [{ seed: 0.5, patients: 10 }, 'seed'],
    [{ seed: 1, patients: 0 }, 'patients'],
    [{ seed: 1, patients: 1.5 }, 'patients'],
    [{ seed: 1, patients: Number.NaN }, 'patients'],
    [{ seed: 1, patients: 800_000_000 }, 'patients'],
  ])('refuses %j and names the argument', async (request, argument) => {
    await expect(generate({ ...request, out: folder })).rejects.toThrow(RangeError);
    await expect(generate({ ...request, out: folder })).rejects.toThrow(argument);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('memory does not grow with the patients', async () => {
    const program = `
      import { generate } from ${JSON.stringify(join(process.cwd(), 'dist/demo/generate.js'))};
      await generate({ seed: 1, patients: Number(process.argv[1]), out: process.argv[2] });
      console.log(process.resourceUsage().maxRSS / 1024);`;
    const peak = async (patients: number) => {
      const limits = ['--max-old-space-size=64', '--max-semi-space-size=1'];
      const run = ['--input-type=module', '--eval', program, String(patients), join(folder, String(patients))];
      return Number((await promisify(execFile)(process.execPath, [...limits, ...run])).stdout);
    };
    expect((await peak(50_000)) - (await peak(1_000))).toBeLessThan(30);
  });
});
