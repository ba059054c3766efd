import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Scan } from '#src/source/adapter.js';
import type { Expression } from '#src/source/expression.js';
import { and, type Selection, type Test, TRUE } from '#src/source/selection.js';
import { collect, column, patient } from '../../../contracts/ask.js';
import { serverUrl } from '../../../support/server-url.js';
import { type Graph, graph } from './graph.js';

const location = serverUrl('HEALTHSYNC_TEST_NEO4J_URL');
let g: Graph;
beforeAll(async () => {
  g = await graph(location, 2_000);
}, 60_000);
afterAll(() => g.close());

const compare = (of: Expression, how: Test, value: string): Selection => ({ op: 'compare', of, test: how, value });
const raw = (name: string): Expression => ({ column: name, as: 'raw' });
const born: Expression = { column: 'born', as: 'date' };
const name: Expression = { column: 'name', as: 'text' };
const byId = [{ of: raw('id'), direction: 'asc' }] as const;

/** What a scan of patients finds its rows by. */
const access = async (where: Selection, more: Partial<Scan> = {}) => {
  const { scan } = g.adapter.narrow({ relation: g.patient, output: [column('id')], order: byId, ...more }, [where]);
  const [query] = await g.adapter.explain(scan);
  return [query!.access, query!.index?.replace(/^.*_Patient/, 'Patient')];
};

test('an index is used wherever there is one', async () => {
  expect(await access(compare(raw('id'), 'eq', 'P7'))).toEqual(['key', 'n0:Patient(id)'.replace('n0:', '')]);
  expect((await access({ op: 'in', of: raw('id'), values: ['P7', 'P8'] }))[0]).toBe('key');
  expect((await access(compare(name, 'eq', 'N7')))[0]).toBe('index');
  expect((await access({ op: 'in', of: name, values: ['N7', 'N8'] }))[0]).toBe('index');
  expect((await access({ op: 'prefix', of: name, value: 'N7' }))[0]).toBe('index');
  expect((await access(and(compare(born, 'ge', '1951'), compare(born, 'lt', '1951-02'))))[0]).toBe('index');
  expect((await access(compare(born, 'eq', '1951-01-01')))[0]).toBe('index');
  const treated: Selection = {
    op: 'exists',
    relation: g.treats,
    on: { patient: 'id' },
    where: compare(raw('doctor'), 'eq', 'Dr. 1'),
  };
  expect((await access(and(treated, compare(raw('id'), 'eq', 'P1'))))[0]).toBe('key');
});

test('what no index answers is a scan, and said to be one', async () => {
  const unordered = { order: [] };
  expect((await access({ op: 'contains', of: { column: 'name', as: 'fold' }, value: 'n7' }, unordered))[0]).toBe(
    'scan',
  );
  expect((await access({ op: 'present', of: name }, unordered))[0]).toBe('scan');
});

test('a page by the key follows the index of the key', async () => {
  expect((await access(TRUE, { limit: 20 }))[0]).toBe('key');
  expect((await access(TRUE, { limit: 20, after: { values: ['P7'], inclusive: false } }))[0]).toBe('key');
});

test('keys of other kinds than text are put in order with them', async () => {
  const scan: Scan = { relation: g.patient, output: [column('id')], where: TRUE, order: byId };
  const first = async (limit: number, more: Partial<Scan> = {}) =>
    (await collect(g.adapter.scan({ ...scan, ...more, limit }, patient()))).rows.flat();
  const last = { order: [{ of: raw('id'), direction: 'desc' }] } as const;
  expect(await first(2)).toEqual(['P0', 'P1']);
  expect(await first(1, last)).toEqual(['P999']);
  await g.driver.executeQuery(`CREATE (:${g.patient.name} {id: 7}), (:${g.patient.name} {name: 'no id'})`);
  expect(await first(2)).toEqual([7, 'P0']);
  expect(await first(5_000)).toHaveLength(2_002);
  await g.driver.executeQuery(`MATCH (n:${g.patient.name}) WHERE n.id = 7 SET n.id = date('2020-01-01')`);
  expect(await first(2)).toEqual(['2020-01-01', 'P0']);
  await g.driver.executeQuery(`MATCH (n:${g.patient.name}) WHERE n.id = date('2020-01-01') DELETE n`);
  expect((await first(5_000)).slice(-2)).toEqual(['P999', null]);
  expect((await first(5_000, last)).slice(-2)).toEqual(['P0', null]);
  const after = { values: ['P998'], inclusive: false };
  expect(await first(5, { after })).toEqual(['P999', null]);
});

test('a label that has an index and no node is an empty table, and one that has neither is none', async () => {
  const scan = async (name: string) => {
    const relation = { ...g.patient, name };
    return (await collect(g.adapter.scan({ relation, output: [column('id')], where: TRUE, order: [] }, patient())))
      .rows;
  };
  const name = `${g.patient.name}_none`;
  await expect(scan(name)).rejects.toMatchObject({ code: 'source-schema' });
  await g.driver.executeQuery(`CREATE INDEX \`${name}\` FOR (n:\`${name}\`) ON (n.id)`);
  expect(await scan(name)).toEqual([]);
  await g.driver.executeQuery(`DROP INDEX \`${name}\``);
});
