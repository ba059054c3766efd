import { mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Adapter, Cells, Transaction } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell } from '#src/source/row.js';
import { inFolder, patient, rowsOf, scanOf, table } from './folder.js';

const people = table('people', ['id'], { id: ['id'], name: ['name'], city: ['city'] });
const nested = table('people', ['id'], {
  id: ['id'],
  first: ['name', 'first'],
  last: ['name', 'last'],
  hb: ['hb'],
  ok: ['ok'],
  street: ['home', 'address', 'street'],
});
const fault = (code: string, words = '') => ({ name: 'Fault', code, message: expect.stringContaining(words) });
const content = async (folder: string, name: string, encoding: BufferEncoding = 'utf8') =>
  (await readFile(join(folder, name))).toString(encoding);

function write<T>(adapter: Adapter, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return adapter.writing!.transaction(patient(), work);
}

function cellsOf(relation: TableRelation, row: readonly Cell[] | undefined): Cells {
  return Object.fromEntries(Object.keys(relation.columns).map((name, i) => [name, row![i]!]));
}

/** Changes a row as the server does: it is read, changed, and read again. */
function change(adapter: Adapter, relation: TableRelation, key: Cell, cells: Cells): Promise<Cells> {
  const { output } = scanOf(relation);
  return write(adapter, async (transaction) => {
    const before = cellsOf(relation, await transaction.get(relation, output, [key]));
    const { [relation.key[0]!]: _, ...held } = before;
    expect(await transaction.update(relation, [key], held, cells)).toBe(true);
    return cellsOf(relation, await transaction.get(relation, output, [key]));
  });
}

const texts = [
  ' ',
  ' two  blanks ',
  '"quoted"',
  '"',
  '""',
  'a"b',
  ',',
  'back\\slash\\',
  'tab\there',
  '\n',
  'line\nline\r\nline\r',
  '\ufeff mark',
  'e\u0301 is not \u00e9',
  '😀👩‍👩‍👧',
  'العربية 中文',
  '\u2028\u0085\u00a0',
  'NULL',
  'null',
  '007',
  '1e5',
  '#comment',
  "'; DROP TABLE people; --",
  '=1+1',
  '[{"id":1}]',
  'x'.repeat(100_000),
];

describe('CSV', () => {
  test.each([
    ['plain', 'id,name,city\n1,Ann,Rome\n2,Bo,\n', '2,Bo,\n', '2,Bo,Oslo\n'],
    ['line ends of Windows', 'id,name,city\r\n1,Ann,Rome\r\n2,Bo,\r\n', '2,Bo,\r\n', '2,Bo,Oslo\r\n'],
    ['no line end at the end', 'id,name,city\n1,Ann,Rome\n2,Bo,x', '2,Bo,x', '2,Bo,Oslo'],
    ['quoted', '"id","name","city"\n"1","Ann","Rome"\n"2","B ""o"", x",""\n', ',""\n', ',"Oslo"\n'],
    ['a mark, odd quotes', '\ufeffid,name,city\n"1",Ann,"Ro\nme"\n2,"Bo",x\n3,C,"a, b"\n', '"Bo",x', '"Bo",Oslo'],
    ['empty lines', 'id,name,city\n1,"a",b\n\n2,Bo,x\n\n\n3,c,d\n\n', '2,Bo,x', '2,Bo,Oslo'],
  ])('%s: one field is written anew, and no other byte', async (_, text, was, is) => {
    await inFolder({ 'people.csv': text }, async (adapter, __, folder) => {
      const before = await rowsOf(adapter, scanOf(people));
      expect(await change(adapter, people, '2', { city: 'Oslo' })).toMatchObject({ city: 'Oslo' });
      expect(await content(folder, 'people.csv')).toBe(text.replace(was, is));
      expect(await rowsOf(adapter, scanOf(people))).toEqual(
        before.map((row) => (row[0] === '2' ? [...row.slice(0, 2), 'Oslo'] : row)),
      );
      expect(await readdir(folder)).toEqual(['people.csv']);
    });
  });

  test('a field is quoted where it has to be, and emptied', async () => {
    await inFolder({ 'people.csv': 'id,name,city\n1,Ann,Rome\n' }, async (adapter, _, folder) => {
      await change(adapter, people, '1', { name: 'a "b", c\nd', city: null });
      expect(await content(folder, 'people.csv')).toBe('id,name,city\n1,"a ""b"", c\nd",\n');
      expect(await rowsOf(adapter, scanOf(people))).toEqual([['1', 'a "b", c\nd', null]]);
    });
  });

  test.each([
    ['id,name,city\n1,Ann,Rome\n', '2,,Oslo\n'],
    ['id,name,city\r\n1,Ann,Rome', '\r\n2,,Oslo'],
    ['"id","name","city"\n"1","Ann","Rome"\n', '"2","","Oslo"\n'],
    ['id,name,city\n', '2,,Oslo\n'],
  ])('a new record is written as the last one is, in %j', async (text, added) => {
    await inFolder({ 'people.csv': text }, async (adapter, _, folder) => {
      await write(adapter, async (transaction) => {
        expect(await transaction.insert(people, { id: '2', city: 'Oslo' })).toEqual(['2']);
        expect(await transaction.get(people, scanOf(people).output, ['2'])).toEqual(['2', null, 'Oslo']);
      });
      expect(await content(folder, 'people.csv')).toBe(text + added);
      await expect(write(adapter, (transaction) => transaction.insert(people, { id: '2' }))).rejects.toMatchObject(
        fault('duplicate'),
      );
      await expect(write(adapter, (transaction) => transaction.insert(people, { name: 'x' }))).rejects.toMatchObject(
        fault('constraint'),
      );
    });
  });

  test.each([
    ['id,name,city\n1,A,x\n2,B,y\n3,C,z\n', '2', 'id,name,city\n1,A,x\n3,C,z\n'],
    ['id,name,city\n1,A,x\n2,B,y', '2', 'id,name,city\n1,A,x'],
    ['id,name,city\n2,"B\n",y', '2', 'id,name,city'],
  ])('a record goes with its line end: %j', async (text, key, left) => {
    await inFolder({ 'people.csv': text }, async (adapter, _, folder) => {
      await write(adapter, async (transaction) => {
        expect(await transaction.delete(people, [key], { name: 'someone else' })).toBe(false);
        expect(await transaction.delete(people, [key], {})).toBe(true);
        expect(await transaction.get(people, scanOf(people).output, [key])).toBeUndefined();
      });
      expect(await content(folder, 'people.csv')).toBe(left);
    });
  });

  test.each([
    ['latin-1', 'latin1', 'Zürich', 'Łódź'],
    ['utf-16', 'utf16le', 'Łódź', '\ud800'],
    ['utf-8', 'utf8', '東京', '\ud800'],
  ] as const)('%s: letters that it has are written, others are refused', async (encoding, node, city, other) => {
    const text = `${node === 'utf16le' ? '\ufeff' : ''}id,name,city\r\n1,Jürgen,x\r\n`;
    await inFolder(
      { 'people.csv': Buffer.from(text, node) },
      async (adapter, _, folder) => {
        await change(adapter, people, '1', { city });
        expect(await content(folder, 'people.csv', node)).toBe(text.replace(',x', `,${city}`));
        await expect(change(adapter, people, '1', { city: other })).rejects.toMatchObject(fault('constraint'));
        expect(await content(folder, 'people.csv', node)).toBe(text.replace(',x', `,${city}`));
      },
      encoding,
    );
  });

  test.each([
    ['people.csv', 'id,name,city\n1,Ann,Rome\n'],
    ['people.csv', '"id","name","city"\r\n"1","Ann","Rome"\r\n'],
    ['people.json', '[{"id": "1", "name": "Ann", "city": "Rome"}]'],
  ])('texts are kept to the letter: %s %j', async (name, text) => {
    await inFolder({ [name]: text }, async (adapter) => {
      const { output } = scanOf(people);
      await write(adapter, async (transaction) => {
        for (const [i, city] of texts.entries()) {
          await transaction.update(people, ['1'], {}, { city });
          await transaction.insert(people, { id: `n${city}${i}`, name: city, city });
          const row = await transaction.get(people, output, [`n${city}${i}`]);
          expect([row, (await transaction.get(people, output, ['1']))![2]]).toEqual([
            [`n${city}${i}`, city, city],
            city,
          ]);
        }
      });
      expect(await rowsOf(adapter, scanOf(people))).toHaveLength(texts.length + 1);
    });
  });

  test('records longer than a part of a file, and keys across its parts', async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => `${i},"${'x\n'.repeat(i % 97)}",c${i}\r\n`);
    const long = `L,"${'""é'.repeat(200_000)}",end\r\n`;
    const text = `id,name,city\r\n${rows.join('')}${long}${rows[1]!.replace('1', 'last')}`;
    await inFolder({ 'people.csv': text }, async (adapter, _, folder) => {
      for (const key of ['0', '3999', 'L', 'last']) await change(adapter, people, key, { city: 'Oslo' });
      const expected = [...rows.slice(1, -1)];
      expect(await content(folder, 'people.csv')).toBe(
        `id,name,city\r\n0,"",Oslo\r\n${expected.join('')}${rows[3999]!.replace('c3999', 'Oslo')}${long.replace('end', 'Oslo')}last,"x\n",Oslo\r\n`,
      );
    });
  });
});

describe('JSON', () => {
  const array = `[
  {
    "id": 1,
    "name": {"first": "Ann", "last": "Berg"},
    "hb": 13.50, "tags": [1, {"hb": 2}],
    "ok": true
  },
  { "id" : 2 , "name" : null, "hb":null }
]
`;
  test.each([
    [{ hb: '14.20' }, 1, '"hb": 13.50', '"hb": 14.20'],
    [{ hb: 15 }, 1, '"hb": 13.50', '"hb": 15'],
    [{ first: 'É "x"\\' }, 1, '"Ann"', '"É \\"x\\"\\\\"'],
    [{ ok: 'false' }, 1, '"ok": true', '"ok": false'],
    [{ first: null }, 1, '"Ann"', 'null'],
    [
      { street: 'Hill 1' },
      1,
      '"ok": true\n',
      '"ok": true,\n    "home": {\n      "address": {\n        "street": "Hill 1"\n      }\n    }\n',
    ],
    [{ hb: '9.1' }, 2, '"hb":null', '"hb":9.1'],
    [{ first: 'Bo', last: 'Li' }, 2, '"name" : null', '"name" : {"first": "Bo", "last": "Li"}'],
    [{ ok: 'true' }, 2, '"hb":null }', '"hb":null, "ok":true }'],
    [{ last: null }, 2, '', ''],
  ])('%j of document %i changes no other byte', async (cells, key, was, is) => {
    await inFolder({ 'people.json': array }, async (adapter, _, folder) => {
      await change(adapter, nested, key, cells);
      expect(await content(folder, 'people.json')).toBe(array.replace(was, () => is));
      expect(await readdir(folder)).toEqual(['people.json']);
    });
  });

  test('what is nested is not lost to a single value', async () => {
    await inFolder({ 'people.json': '[{"id":1,"hb":{"a":1},"name":"x"}]' }, async (adapter) => {
      await expect(change(adapter, nested, 1, { hb: 3 })).rejects.toMatchObject(fault('constraint'));
      await expect(change(adapter, nested, 1, { first: 'x' })).rejects.toMatchObject(fault('constraint'));
    });
  });

  test('a text of a number that is none stays a text, one beyond ASCII is escaped where all are', async () => {
    const text = '[{"id":"1","name":{"first":"\\u00e9"},"hb":12},{"id":"2","name":{"first":"x"}}]';
    await inFolder({ 'people.json': text }, async (adapter, _, folder) => {
      await change(adapter, nested, '1', { hb: '012' });
      await change(adapter, nested, '2', { first: 'ü' });
      expect(await content(folder, 'people.json')).toBe(
        text.replace('"hb":12', '"hb":"012"').replace('"x"', '"\\u00fc"'),
      );
    });
  });

  test.each([
    [
      'people.json',
      '[\n  {"id": 1, "hb": 1.5},\n  {"id": 2}\n]\n',
      '[\n  {"id": 1, "hb": 1.5},\n  {"id": 2},\n  {"id": 3, "name": {"first": "C"}, "hb": 2.5}\n]\n',
    ],
    ['people.json', '[{"id":1,"hb":1.5}]', '[{"id":1,"hb":1.5},{"id":3,"hb":2.5,"name":{"first":"C"}}]'],
    ['people.json', '[]', '[{"id": 3, "name": {"first": "C"}, "hb": "2.5"}]'],
    ['people.json', '{"id": 1}\n{"id": 2}\n', '{"id": 1}\n{"id": 2}\n{"id": 3, "name": {"first": "C"}, "hb": "2.5"}\n'],
    [
      'people.ndjson',
      '{"hb":1,"id":1}\r\n{"hb":2,"id":2}\r\n',
      '{"hb":1,"id":1}\r\n{"hb":2,"id":2}\r\n{"hb":2.5,"id":3,"name":{"first":"C"}}\r\n',
    ],
    ['people.jsonl', '{"id":1}', '{"id":1}\n{"id":3,"name":{"first":"C"},"hb":"2.5"}'],
  ])('a new document of %s %j is written as the others are', async (name, text, expected) => {
    await inFolder({ [name]: text }, async (adapter, _, folder) => {
      await write(adapter, async (transaction) => {
        expect(await transaction.insert(nested, { id: 3, first: 'C', hb: '2.5' })).toEqual([3]);
        const row = await transaction.get(nested, scanOf(nested).output, [3]);
        expect(row?.slice(0, 3)).toEqual([3, 'C', null]);
      });
      expect(await content(folder, name)).toBe(expected);
    });
  });

  test.each([
    ['people.json', '[\n {"id":1},\n {"id":2},\n {"id":3}\n]', 2, '[\n {"id":1},\n {"id":3}\n]'],
    ['people.json', '[\n {"id":1},\n {"id":2}\n]', 2, '[\n {"id":1}\n]'],
    ['people.json', '[ {"id":2} ]\n', 2, '[  ]\n'],
    ['people.json', '{"id":2}\n{"id":3}\n', 2, '{"id":3}\n'],
    ['people.ndjson', '{"id":1}\n{"id":2}\n', 2, '{"id":1}\n'],
    ['people.ndjson', '{"id":1}\n{"id":2}', 2, '{"id":1}'],
  ])('a document goes with what divides it from the next: %s %j', async (name, text, key, left) => {
    await inFolder({ [name]: text }, async (adapter, _, folder) => {
      await write(adapter, async (transaction) => {
        expect(await transaction.delete(nested, [key], { ok: null })).toBe(true);
        expect(await transaction.get(nested, scanOf(nested).output, [key])).toBeUndefined();
      });
      expect(await content(folder, name)).toBe(left);
    });
  });
});

describe('a transaction', () => {
  const text = 'id,name,city\n1,Ann,Rome\n2,Bo,x\n2,Bob,y\n3,C,z\n';

  test('keeps all of its changes, or none', async () => {
    await inFolder({ 'people.csv': text, 'other.csv': text }, async (adapter, _, folder) => {
      const other = { ...people, name: 'other' };
      await expect(
        write(adapter, async (transaction) => {
          await transaction.insert(people, { id: '9' });
          await transaction.update(people, ['1'], {}, { city: 'x' });
          await transaction.delete(people, ['3'], {});
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await content(folder, 'people.csv')).toBe(text);
      await expect(
        write(adapter, async (transaction) => {
          await transaction.insert(people, { id: '9' });
          await transaction.insert(other, { id: '9' });
        }),
      ).rejects.toMatchObject(fault('unprocessable', 'together'));
      expect(await content(folder, 'people.csv')).toBe(text);
      await write(adapter, async (transaction) => {
        await transaction.get(other, scanOf(other).output, ['1']);
        await transaction.insert(people, { id: '9', city: 'new' });
        await transaction.update(people, ['1'], { city: 'Rome' }, { city: 'Bonn' });
        await transaction.update(people, ['9'], {}, { name: 'Nina' });
        await transaction.delete(people, ['3'], { city: 'z' });
      });
      expect(await content(folder, 'people.csv')).toBe('id,name,city\n1,Ann,Bonn\n2,Bo,x\n2,Bob,y\n9,Nina,new\n');
      expect((await readdir(folder)).sort()).toEqual(['other.csv', 'people.csv']);
    });
  });

  test('a key that several rows have names none of them', async () => {
    await inFolder({ 'people.csv': text }, async (adapter) => {
      await expect(
        write(adapter, (transaction) => transaction.get(people, scanOf(people).output, ['2'])),
      ).rejects.toMatchObject(fault('duplicate-key'));
    });
  });

  test('the rights of a file stay, and what a link leads to is replaced', async () => {
    await inFolder({ 'real.txt': text }, async (adapter, _, folder) => {
      await mkdir(join(folder, 'there'));
      await rename(join(folder, 'real.txt'), join(folder, 'there', 'people.csv'));
      await symlink(join(folder, 'there', 'people.csv'), join(folder, 'people.csv'));
      const { mode } = await stat(join(folder, 'people.csv'));
      await change(adapter, people, '1', { city: 'Bonn' });
      expect(await content(join(folder, 'there'), 'people.csv')).toBe(text.replace('Rome', 'Bonn'));
      expect((await stat(join(folder, 'people.csv'))).mode).toBe(mode);
    });
  });

  test('an owner who writes the file meanwhile wins', async () => {
    await inFolder({ 'people.csv': text }, async (adapter, put, folder) => {
      const theirs = text.replace('Ann', 'Eva');
      const replaced = write(adapter, async (transaction) => {
        await transaction.update(people, ['1'], {}, { city: 'Bonn' });
        await put('new', theirs);
        await rename(join(folder, 'new'), join(folder, 'people.csv'));
      });
      await expect(replaced).rejects.toMatchObject(fault('source-changed'));
      expect(await content(folder, 'people.csv')).toBe(theirs);
      const inPlace = write(adapter, async (transaction) => {
        await transaction.update(people, ['1'], {}, { city: 'Bonn' });
        await writeFile(join(folder, 'people.csv'), text);
      });
      await expect(inPlace).rejects.toMatchObject(fault('source-changed'));
      expect(await content(folder, 'people.csv')).toBe(text);
      expect(await readdir(folder)).toEqual(['people.csv']);
    });
  });

  test('two at a time do not lose a change', async () => {
    await inFolder({ 'people.csv': 'id,name,city\n1,0,x\n' }, async (adapter, _, folder) => {
      const count = () =>
        write(adapter, async (transaction) => {
          const row = await transaction.get(people, scanOf(people).output, ['1']);
          await transaction.update(people, ['1'], {}, { name: String(Number(row![1]) + 1) });
        });
      await Promise.all(Array.from({ length: 20 }, count));
      expect(await content(folder, 'people.csv')).toBe('id,name,city\n1,20,x\n');
    });
  });

  test('is not kept when it is no longer wanted', async () => {
    await inFolder({ 'people.csv': text }, async (adapter, _, folder) => {
      const stop = new AbortController();
      const given = adapter.writing!.transaction(
        { signal: stop.signal, deadline: performance.now() + 60_000 },
        async (transaction) => {
          await transaction.update(people, ['1'], {}, { city: 'Bonn' });
          stop.abort();
        },
      );
      await expect(given).rejects.toMatchObject(fault('cancelled'));
      expect(await content(folder, 'people.csv')).toBe(text);
      expect(await readdir(folder)).toEqual(['people.csv']);
    });
  });
});
