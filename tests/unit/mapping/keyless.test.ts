import { afterEach, describe, expect, test } from '@jest/globals';
import type { Basic } from '@medplum/fhirtypes';
import { compileSource } from '#src/execution/create-engine.js';
import { exampleIds } from '#src/identity/stored-ids.js';
import { each, keylessTable, type Mapping, map, reference, table } from '#src/mapping/index.js';
import { kinds, type Mapped, mapped } from '../../support/mapped.js';

const queue = keylessTable('queue', { columns: { what: 'text', old: 'text', size: 'decimal' } });
const change = (facet: string) =>
  map<Basic>('Basic', {
    name: facet,
    id: queue.facet(facet),
    exists: queue.present('what'),
    to: {
      resourceType: 'Basic',
      code: { text: queue.text('what'), coding: [{ system: 'urn:what', code: queue.text('what') }] },
      subject: {
        display: queue.text('old'),
        ...(facet === 'b' && { reference: reference('Basic', queue.facet('a')) }),
      },
    },
  });
const mappings = [change('a'), change('b')];
const rows = [
  ['INSERT', null, 1],
  ['UPDATE', 'x', 2],
  ['INSERT', null, 1],
  ['INSERT', '', 1],
  [null, 'x', 2],
  ['INSERT', null, 1],
  ['UPDATE', 'y', 9007199254740993n],
] as const;
const tables = { queue: { columns: ['what', 'old', 'size'], rows } };

let clinic: Mapped | undefined;
afterEach(async () => {
  await clinic?.close();
  clinic = undefined;
});

const cases = kinds.flatMap((kind) => [true, false].map((pushdown) => ({ kind, pushdown })));
describe.each(cases)('$kind, pushdown $pushdown', ({ kind, pushdown }) => {
  const open = (of: typeof tables = tables) => {
    clinic = mapped(kind, of, mappings, pushdown);
    return clinic;
  };
  const all = async (query: string) => {
    const found: Basic[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await clinic!.search(`${query}${cursor && `&_cursor=${cursor}`}`);
      found.push(...(page.matches as Basic[]));
      cursor = page.next;
    }
    return found;
  };

  test('every row is a resource of its own, equal ones too, on pages of any size', async () => {
    open();
    const found = await all('Basic?_count=100');
    expect(found.map(({ code }) => code.text).sort()).toEqual([...Array(8).fill('INSERT'), ...Array(4).fill('UPDATE')]);
    const ids = found.map(({ id }) => id!);
    expect(new Set(ids).size).toBe(12);
    for (const id of ids) expect(id).toMatch(/^s\.[a-z2-7]{16}\.[ab]$/);
    for (const count of [1, 2, 5]) expect((await all(`Basic?_count=${count}`)).map(({ id }) => id)).toEqual(ids);
    expect((await clinic!.search('Basic?_total=accurate&_count=1')).total).toBe(12);
    for (const one of found) expect(await clinic!.read('Basic', one.id!)).toEqual(one);
    expect((await all(`Basic?_id=${ids.slice(0, 3).join(',')}`)).map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const [b] = found.filter(({ subject }) => subject?.reference !== undefined);
    expect((await all(`Basic?subject=${b!.subject!.reference}`)).map(({ id }) => id)).toEqual([b!.id]);
    expect((await all('Basic?subject:Basic.code=INSERT')).length).toBe(4);
  });

  test('a search by columns and by nothing at all numbers them alike; so does another order of the rows', async () => {
    open();
    const inserted = (await all('Basic?code=INSERT&_count=3')).map(({ id }) => id);
    const every = (await all('Basic?_count=100')).filter(({ code }) => code.text === 'INSERT');
    expect(inserted).toEqual(every.map(({ id }) => id));
    await clinic!.close();
    open({ queue: { columns: ['what', 'old', 'size'], rows: [...rows].reverse() } } as unknown as typeof tables);
    expect((await all('Basic?code=INSERT')).map(({ id }) => id).sort()).toEqual([...inserted].sort());
  });
});

test('its rows are joined with none', () => {
  const compile = (mapping: Mapping) =>
    compileSource(
      { name: 's', timeZone: 'UTC', mappings: { folder: '', mappings: [mapping], conceptMaps: new Map() } },
      'u',
      exampleIds(),
    );
  const others = table('others', { key: ['id'], columns: { id: 'text', what: 'text' } });
  const joined = (id: typeof others.id, inner: typeof others, on: object) =>
    map<Basic>('Basic', {
      name: 'joined',
      id,
      to: {
        resourceType: 'Basic',
        code: { coding: [each(inner, on, { code: inner.text('what') })] },
      },
    });
  expect(() => compile(joined(queue.id, others, { what: 'what' }))).toThrow(/queue has no key/);
  expect(() => compile(joined(others.id, queue as unknown as typeof others, { what: 'what' }))).toThrow(
    /queue has no key/,
  );
  expect(() => compile(joined(others.id, others, { what: 'what' }))).not.toThrow();
});
