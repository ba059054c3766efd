import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Scan } from '#src/source/adapter.js';
import { and, type Selection, TRUE } from '#src/source/selection.js';
import { patient as call, collect, column } from '../../../contracts/ask.js';
import { serverUrl } from '../../../support/server-url.js';
import { type Graph, graph } from './graph.js';

const location = serverUrl('HEALTHSYNC_TEST_NEO4J_URL');
let g: Graph;
beforeAll(async () => {
  g = await graph(location, 300);
}, 60_000);
afterAll(() => g.close());

const eq = (name: string, value: string): Selection => ({
  op: 'compare',
  of: { column: name, as: 'raw' },
  test: 'eq',
  value,
});
const asc = (name: string) => ({ of: { column: name, as: 'raw' }, direction: 'asc' }) as const;
const rows = async (scan: Scan) => (await collect(g.adapter.scan(scan, call()))).rows;

describe('a relationship is a table', () => {
  test('its columns are properties of its own and of its ends', async () => {
    const output = ['doctor', 'patient', 'since'].map(column);
    const found = await rows({ relation: g.treats, output, where: eq('patient', 'P42'), order: [] });
    expect(found).toEqual([['Dr. 2', 'P42', 2002]]);
    expect((await g.adapter.get(g.treats, output, ['Dr. 2', 'P42'], call())).rows).toEqual(found);
    expect((await g.adapter.get(g.treats, output, ['Dr. 3', 'P42'], call())).rows).toEqual([]);
  });

  test('nodes are joined by it, both ways', async () => {
    const treated: Selection = {
      op: 'exists',
      relation: g.treats,
      on: { patient: 'id' },
      where: eq('doctor', 'Dr. 7'),
    };
    const order = [asc('id')];
    const patients = await rows({ relation: g.patient, output: [column('id')], where: treated, order, limit: 3 });
    expect(patients).toEqual([['P107'], ['P117'], ['P127']]);
    const treating: Selection = {
      op: 'exists',
      relation: g.treats,
      on: { doctor: 'name' },
      where: eq('patient', 'P9'),
    };
    expect(await rows({ relation: g.doctor, output: [column('name')], where: treating, order: [] })).toEqual([
      ['Dr. 9'],
    ]);
  });

  test('its rows are gathered for a node', async () => {
    const of: Scan = {
      relation: g.doctor,
      output: [
        column('name'),
        {
          kind: 'rows',
          relation: g.treats,
          on: { doctor: 'name' },
          columns: ['patient', 'since'],
          order: [asc('since'), asc('patient')],
        },
      ],
      where: eq('name', 'Dr. 4'),
      order: [],
    };
    const [[name, treated]] = (await rows(of)) as [[string, readonly (readonly [string, number])[]]];
    expect(name).toBe('Dr. 4');
    expect(treated).toHaveLength(30);
    expect(treated[0]).toEqual(['P104', 2004]);
  });

  test('two of one key are one row, which says so', async () => {
    const type = /\[:(.*)\]/.exec(g.treats.name)![1]!;
    await g.driver.executeQuery(
      `MATCH (d:${g.doctor.name} {name: 'Dr. 5'}), (p:${g.patient.name} {id: 'P5'}) CREATE (d)-[:${type} {since: 1}]->(p)`,
    );
    const scan: Scan = { relation: g.treats, output: [column('since')], where: eq('patient', 'P5'), order: [] };
    expect(await collect(g.adapter.scan(scan, call()))).toEqual({ rows: [[2005]], repeated: [[2005]] });
    expect(await g.adapter.duplicateKeys(g.treats, 5, call())).toEqual([['Dr. 5', 'P5']]);
    expect(await g.adapter.count(g.treats, eq('doctor', 'Dr. 5'), call())).toBe(30);
  });

  test('describe tells of it', async () => {
    const table = (await g.adapter.describe(call())).find(({ name }) => name === g.treats.name);
    expect(table!.columns.map(({ name }) => name)).toEqual(['since']);
  });
});

describe('temporal values', () => {
  test('a Date is its text, compared and put in order as text is', async () => {
    const born = { column: 'born', as: 'date' } as const;
    const where = and(
      { op: 'compare', of: born, test: 'ge', value: '1950-02' },
      { op: 'compare', of: born, test: 'lt', value: '1950-02-04' },
    );
    const scan: Scan = {
      relation: g.patient,
      output: [column('id'), column('born')],
      where,
      order: [{ of: born, direction: 'desc' }, asc('id')],
    };
    const found = [
      ['P33', '1950-02-03'],
      ['P32', '1950-02-02'],
      ['P31', '1950-02-01'],
    ];
    expect(await rows(scan)).toEqual(found);
    const after = { values: ['1950-02-03', 'P33'], inclusive: false };
    expect(await rows({ ...scan, after, limit: 1 })).toEqual(found.slice(1, 2));
    expect(
      await rows({
        ...scan,
        where: { op: 'compare', of: { column: 'born', as: 'raw' }, test: 'eq', value: '1950-02-02' },
      }),
    ).toEqual(found.slice(1, 2));
  });

  test('texts of every kind are as Cypher writes them, and what is no value is told apart', async () => {
    const label = g.doctor.name;
    const cells = [
      'localdatetime("2020-01-02T03:04:05.120")',
      'datetime("2020-01-02T03:04[Europe/Berlin]")',
      'datetime("2020-01-02T03:04Z")',
      'localtime("03:04")',
      'time("03:04:05+05:30")',
      'date("1-1-1")',
      '9007199254740993',
      '0.1',
      '[1, 2]',
      'point({x: 1, y: 2})',
      'duration("P1D")',
    ];
    const texts = [
      '2020-01-02T03:04:05.12',
      '2020-01-02T03:04:00+01:00',
      '2020-01-02T03:04:00Z',
      '03:04:00',
      '03:04:05+05:30',
      undefined,
      9007199254740993n,
      0.1,
      [1, 2],
      undefined,
      undefined,
    ];
    for (const [i, cell] of cells.entries()) {
      if (cell.startsWith('date(')) continue;
      await g.driver.executeQuery(`CREATE (:${label} {name: 'v${i}', value: ${cell}})`);
      const relation = { ...g.doctor, columns: { ...g.doctor.columns, value: { name: 'value', path: ['value'] } } };
      const [[value]] = (await rows({
        relation,
        output: [column('value')],
        where: eq('name', `v${i}`),
        order: [],
      })) as [[unknown]];
      if (texts[i] === undefined) expect(typeof value).toBe('object');
      else expect(value).toEqual(texts[i]);
      if (typeof texts[i] !== 'string') continue;
      for (const as of ['raw', 'text'] as const) {
        const where: Selection = { op: 'compare', of: { column: 'value', as }, test: 'eq', value: texts[i] };
        expect(await rows({ relation, output: [column('name')], where, order: [] })).toEqual([[`v${i}`]]);
      }
    }
    await g.driver.executeQuery(`MATCH (n:${label}) WHERE n.value IS NOT NULL DELETE n`);
  });
});

test('names are names, and values are values', async () => {
  const name = 'x` RETURN 1 //';
  const relation = { ...g.patient, columns: { ...g.patient.columns, odd: { name: 'odd', path: [name] } } };
  const value = "P1' OR 1=1 //";
  const scan: Scan = { relation, output: [column('odd')], where: eq('id', value), order: [] };
  expect(await rows(scan)).toEqual([]);
  expect(await rows({ ...scan, where: eq('id', 'P1') })).toEqual([[null]]);
  const [query] = await g.adapter.explain(scan);
  expect(query!.text).not.toContain('OR 1=1');
  expect(query!.values).toContainEqual([value]);
  expect(await g.adapter.count(g.patient, TRUE, call())).toBe(300);
});
