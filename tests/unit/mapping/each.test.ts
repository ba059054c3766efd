import { afterAll, describe, expect, test } from '@jest/globals';
import type { Observation, Patient } from '@medplum/fhirtypes';
import { each, map, table } from '#src/mapping/index.js';
import { kinds, mapped, type Tables } from '../../support/mapped.js';

const panels = table('panels', { key: ['panel'], columns: { panel: 'text' } });
const values = table('panel_values', {
  key: ['panel', 'line'],
  absent: ['N/A'],
  columns: { panel: 'text', line: 'integer', code: 'text', value: 'decimal' },
});
const people = table('people', { key: ['number'], columns: { number: 'integer' } });
const phones = table('phones', { key: ['phone'], columns: { phone: 'text', owner: 'integer' } });

const observation = map<Observation>('Observation', {
  name: 'panel',
  id: panels.id,
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Panel' },
    component: [
      each(
        values,
        { panel: 'panel' },
        {
          code: { coding: [{ system: 'urn:own', code: values.text('code') }] },
          valueQuantity: { value: values.decimal('value'), unit: 'mg' },
        },
      ),
    ],
  },
});

const patient = map<Patient>('Patient', {
  name: 'person',
  id: people.id,
  to: {
    resourceType: 'Patient',
    telecom: [
      { system: 'email', value: 'all@example.org' },
      each(phones, { owner: 'number' }, { system: 'phone', value: phones.text('phone') }),
    ],
  },
});

const tables: Tables = {
  panels: { columns: ['panel'], rows: [['a'], ['b'], ['c'], ['A'], ['d']] },
  panel_values: {
    columns: ['panel', 'line', 'code', 'value'],
    rows: [
      ['a', 2, 'K', '4.5'],
      ['a', 1, 'Na', 140],
      ['a', 10, 'Cl', 'N/A'],
      ['b', 1, 'K', 140],
      // A row that says nothing makes no element, and one without its panel belongs nowhere.
      ['c', 1, ' ', null],
      [null, 1, 'K', 1],
      ['x', 1, 'K', 1],
    ],
  },
  people: { columns: ['number'], rows: [[1], [2], [9007199254740993n]] },
  phones: {
    columns: ['phone', 'owner'],
    rows: [
      ['0123', 1],
      ['55', 9007199254740993n],
      ['55', 1],
      ["x' OR 1=1", 2],
    ],
  },
};

const cases: readonly (readonly [query: string, ids: string])[] = [
  ['Observation?component-code=K', 'a b'],
  ['Observation?component-code=urn:own|Na', 'a'],
  ['Observation?component-code=k', ''],
  ['Observation?component-code:not=K', 'A c d'],
  ['Observation?component-code:missing=true', 'A c d'],
  ['Observation?component-value-quantity=ge100', 'a b'],
  ['Observation?component-value-quantity=lt100&component-code=Na', 'a'],
  // Code and value of one component: it is sodium that is 140 in a, potassium in b.
  ['Observation?component-code-value-quantity=K$140', 'b'],
  ['Observation?component-code-value-quantity=K$4.5,Na$140', 'a'],
  ['Observation?component-value-quantity:missing=false', 'a b'],
  ['Patient?phone=55', '9007199254740993'],
  ['Patient?phone=0123', '1'],
  ['Patient?_id=s.9007199254740993', '9007199254740993'],
  ['Patient?_id=s.9223372036854775808', ''],
  ['Patient?_id=s.-9999999999999999999', ''],
  ["Patient?phone=x' OR 1=1", '2'],
  ['Patient?telecom=all@example.org', '1 2 9007199254740993'],
  ['Patient?phone:missing=true', ''],
  ['Observation?_sort=component-code', 'a b A c d'],
  ['Observation?_sort=-component-code', 'a b A c d'],
];

describe.each(kinds)('slots from related rows in %s', (kind) => {
  const open = mapped(kind, tables, [observation, patient]);
  const unpushed = mapped(kind, tables, [observation, patient], false);
  afterAll(() => Promise.all([open.close(), unpushed.close()]));

  test.each(cases)('%s', async (query, ids) => {
    expect(await unpushed.ids(query)).toBe(ids);
    expect(await open.ids(query)).toBe(ids);
  });

  test('related rows stand in the order of their keys', async () => {
    const { matches } = await open.search('Observation?_id=s.a');
    const [panel] = matches as Observation[];
    expect(
      panel!.component!.map(({ code, valueQuantity }) => [code.coding![0]!.code, String(valueQuantity?.value)]),
    ).toEqual([
      ['Na', '140'],
      ['K', '4.5'],
      ['Cl', 'undefined'],
    ]);
    const [without] = (await open.search('Observation?_id=s.c')).matches as Observation[];
    expect(without).not.toHaveProperty('component');
  });
});
