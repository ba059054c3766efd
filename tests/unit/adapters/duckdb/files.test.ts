import { rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inFolder, patient, rowsOf, scanOf, table } from './folder.js';

const people = table('people', ['id'], { id: ['id'], name: ['name'] });
const documents = table('people', ['id'], { id: ['id'], first: ['name', 'first'] });
const fault = (code: string, words: string) => ({ name: 'Fault', code, message: expect.stringContaining(words) });

describe('files', () => {
  test('a text is read as it is written', async () => {
    const csv = 'id,name\r\n007,"Line 1\nLine ""2"", x"\r\n1e5, 1.50 \r\n"9007199254740993",\r\ntrue,NULL\r\n';
    await inFolder({ 'people.csv': `\ufeff${csv}` }, async (adapter) => {
      expect(await rowsOf(adapter, scanOf(people))).toEqual([
        ['007', 'Line 1\nLine "2", x'],
        ['1e5', ' 1.50 '],
        ['9007199254740993', null],
        ['true', 'NULL'],
      ]);
      expect((await adapter.get(people, scanOf(people).output, ['7'], patient())).rows).toEqual([]);
      expect(await adapter.describe(patient())).toMatchObject([
        { name: 'people', columns: [{ name: 'id' }, { name: 'name' }] },
      ]);
    });
  });

  test('latin-1', async () => {
    await inFolder(
      { 'people.csv': Buffer.from('id,naïve\n1,Müller\n', 'latin1') },
      async (adapter) => {
        const relation = table('people', ['id'], { id: ['id'], name: ['naïve'] });
        expect(await rowsOf(adapter, scanOf(relation))).toEqual([['1', 'Müller']]);
      },
      'latin-1',
    );
  });

  test('documents that differ: nested, missing, null, numbers as written', async () => {
    const relation = table('people', ['id'], { id: ['id'], name: ['name'], first: ['name', 'first'], hb: ['hb'] });
    const json =
      '[{"id":1,"name":{"first":"A","last":["x"]},"hb":13.50},\n{"id":"1","name":null},{"id":9007199254740993,"hb":13}]';
    await inFolder({ 'people.json': json }, async (adapter) => {
      expect(await rowsOf(adapter, scanOf(relation))).toEqual([
        [1, { first: 'A', last: ['x'] }, 'A', '13.50'],
        ['1', null, null, null],
        [9007199254740993n, null, null, 13],
      ]);
    });
  });

  test.each([
    ['CSV, cut within a record', { 'people.csv': 'id,name\n1,a\n2' }],
    ['CSV, cut within quotes', { 'people.csv': 'id,name\n1,a\n2,"abc' }],
    ['CSV, one field too many', { 'people.csv': 'id,name\n1,a\n2,b,c\n3,d\n' }],
    [
      'CSV, not UTF-8',
      { 'people.csv': Buffer.from([0x69, 0x64, 0x2c, 0x6e, 0x61, 0x6d, 0x65, 10, 0x31, 0x2c, 0xff, 10]) },
    ],
    ['CSV, empty', { 'people.csv': '' }],
    ['JSON, cut within a record', { 'people.json': '[{"id":1},{"id":2,"na' }],
    ['JSON, cut between records', { 'people.json': '[{"id":1},{"id":2},' }],
    ['JSON, empty', { 'people.json': ' ' }],
    ['JSON, something after its end', { 'people.json': '[{"id":1}] [{"id":2}]' }],
    ['NDJSON, cut within a record', { 'people.ndjson': '{"id":1}\n{"id":2' }],
  ])('%s: corrupt, and well again when the file is', async (_, files) => {
    await inFolder(files, async (adapter, put) => {
      const corrupt = fault('source-corrupt', 'people');
      const relation = 'people.csv' in files ? people : documents;
      await expect(rowsOf(adapter, scanOf(relation))).rejects.toMatchObject(corrupt);
      await expect(adapter.get(relation, scanOf(relation).output, ['1'], patient())).rejects.toMatchObject(corrupt);
      const [name] = Object.keys(files) as [string];
      await put(name, name === 'people.csv' ? 'id,name\n1,a\n' : '{"id":1}\n');
      expect((await rowsOf(adapter, scanOf(relation))).length).toBe(1);
    });
  });

  test('a file that is not there, and comes', async () => {
    await inFolder({}, async (adapter, put, folder) => {
      const away = fault('source-unavailable', 'people');
      await expect(rowsOf(adapter, scanOf(people))).rejects.toMatchObject(away);
      await rowsOf(adapter, scanOf(people)).catch((error: Error) => expect(error.message).not.toContain(folder));
      await put('people.csv', 'id,name\n1,a\n');
      expect(await rowsOf(adapter, scanOf(people))).toEqual([['1', 'a']]);
      await rm(join(folder, 'people.csv'));
      await expect(rowsOf(adapter, scanOf(people))).rejects.toMatchObject(away);
    });
  });

  test('a name cannot leave the folder', async () => {
    await inFolder({ 'people.csv': 'id,name\n1,a\n' }, async (adapter, _, folder) => {
      const relation = { ...people, name: `../${folder.split('/').at(-1)}/people` };
      await expect(rowsOf(adapter, scanOf(relation))).rejects.toMatchObject(fault('source-unavailable', ''));
    });
  });

  test('a changed file is seen by the next request', async () => {
    await inFolder({ 'people.csv': 'id,name\n1,a\n' }, async (adapter, put, folder) => {
      expect(await rowsOf(adapter, scanOf(people))).toEqual([['1', 'a']]);
      await put('people.csv', 'id,name\n1,b\n');
      expect(await rowsOf(adapter, scanOf(people))).toEqual([['1', 'b']]);
      await put('next', 'name,id\n"b",1\nc,1\n');
      await rename(join(folder, 'next'), join(folder, 'people.csv'));
      const { rows, duplicates } = await adapter.get(people, scanOf(people).output, ['1'], patient());
      expect({ rows, duplicates }).toEqual({ rows: [['1', 'b']], duplicates: [0] });
      expect(await adapter.duplicateKeys(people, 5, patient())).toEqual([['1']]);
    });
  });

  test.each(['rewritten', 'touched', 'replaced', 'removed'])('a file that is %s while it is read', async (how) => {
    const csv = `id,name\n${Array.from({ length: 60_000 }, (_, n) => `${n},name ${n}\n`).join('')}`;
    await inFolder({ 'people.csv': csv }, async (adapter, put, folder) => {
      const path = join(folder, 'people.csv');
      const change = async () => {
        if (how === 'rewritten') await put('people.csv', csv.slice(0, 500_000));
        else if (how === 'touched') await utimes(path, 1, 1);
        else if (how === 'removed') await rm(path);
        else {
          await put('next', csv);
          await rename(join(folder, 'next'), path);
        }
      };
      const read = async () => {
        let batches = 0;
        for await (const { rows } of adapter.scan(scanOf(people), patient())) {
          expect(rows.length).toBeGreaterThan(0);
          if (batches++ === 3) await change();
        }
      };
      await expect(read()).rejects.toMatchObject(fault('source-changed', 'people'));
      await put('people.csv', csv);
      expect((await rowsOf(adapter, scanOf(people))).length).toBe(60_000);
    });
  });

  test('a column that a header lacks is named', async () => {
    await inFolder({ 'people.csv': 'id\n1\n' }, async (adapter) => {
      await expect(rowsOf(adapter, scanOf(people))).rejects.toMatchObject(
        fault('source-schema', 'Column name of table people'),
      );
    });
  });

  test('quoted lines that look like records stay within their field', async () => {
    const row = (n: number) => `${n},"street ${n}\n${n + 7},""name"",\n12,x\n"\n`;
    const csv = `id,name\n${Array.from({ length: 400_000 }, (_, n) => row(n)).join('')}`;
    await inFolder({ 'people.csv': csv }, async (adapter) => {
      const rows = await rowsOf(
        adapter,
        scanOf(people, { where: { op: 'prefix', of: { column: 'id', as: 'text' }, value: '39999' } }),
      );
      expect(rows.map(([id]) => id).sort()).toEqual(['39999', ...Array.from({ length: 10 }, (_, i) => `39999${i}`)]);
      expect(await adapter.count(people, { op: 'true' }, patient())).toBe(400_000);
      expect(rows[0]).toEqual(['39999', 'street 39999\n40006,"name",\n12,x\n']);
    });
  });
});
