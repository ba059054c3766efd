import { afterAll, describe, expect, test } from '@jest/globals';
import type { Observation, Patient } from '@medplum/fhirtypes';
import { subset } from '#src/bundle/subset.js';
import { serialize } from '#src/fhir/decimal.js';
import { type Mapping, map, table } from '#src/mapping/index.js';
import { kinds, mapped, type Tables } from '../../support/mapped.js';

const stored = table('resources', { key: ['id'], columns: { id: 'text', type: 'text', body: 'text' } });
const index = table('search_index', {
  key: ['row'],
  columns: {
    row: 'integer',
    id: 'text',
    parameter: 'text',
    system: 'text',
    value: 'text',
    start: 'dateTime',
    finish: 'dateTime',
    number: 'decimal',
    unit: 'text',
  },
});
const rowsOf = (parameter: string) => ({
  relation: index.relation,
  on: { id: 'id' },
  where: index.oneOf('parameter', parameter),
});
const text = index.text('value') as never;

const patient = map<Patient>('Patient', {
  name: 'patient',
  id: stored.id,
  exists: stored.oneOf('type', 'Patient'),
  document: {
    column: 'body',
    index: {
      family: { ...rowsOf('family'), type: 'string', to: text },
      identifier: {
        ...rowsOf('identifier'),
        type: 'Identifier',
        to: { system: index.text('system'), value: index.text('value') } as never,
      },
      birthdate: { ...rowsOf('birthdate'), type: 'date', to: index.date('value') as never },
      gender: { ...rowsOf('gender'), type: 'code', to: text },
    },
  },
  to: { resourceType: 'Patient' },
});

const observation = map<Observation>('Observation', {
  name: 'observation',
  id: stored.id,
  exists: stored.oneOf('type', 'Observation'),
  document: {
    column: 'body',
    index: {
      code: {
        ...rowsOf('code'),
        type: 'CodeableConcept',
        to: { coding: [{ system: index.text('system'), code: index.text('value') }] } as never,
      },
      date: {
        ...rowsOf('date'),
        type: 'Period',
        to: { start: index.dateTime('start'), end: index.dateTime('finish') } as never,
      },
      'value-quantity': {
        ...rowsOf('value-quantity'),
        type: 'Quantity',
        to: { value: index.decimal('number'), code: index.text('unit') } as never,
      },
    },
  },
  to: { resourceType: 'Observation', status: 'final', code: {} },
});

const people: readonly Patient[] = [
  {
    resourceType: 'Patient',
    id: 'p1',
    name: [{ family: 'Müller' }, { family: 'Maier' }],
    gender: 'female',
    birthDate: '1990-05-17',
    identifier: [{ system: 'urn:a', value: '7' }],
  },
  {
    resourceType: 'Patient',
    id: 'p2',
    name: [{ family: 'Muller' }],
    gender: 'male',
    birthDate: '1990',
    identifier: [
      { system: 'urn:b', value: '7' },
      { system: 'urn:a', value: '8' },
    ],
  },
  { resourceType: 'Patient', id: 'p3', photo: [{ title: "It's 100%" }] },
];
const body = (resource: object) => JSON.stringify(resource);

const precise =
  '{"resourceType":"Observation","status":"final","code":{"text":"1.50"},"valueQuantity":{"value":1.50,"code":"g"},"component":[{"valueQuantity":{"value":0.12345678901234567890}},{"valueQuantity":{"value":1e3}},{"valueQuantity":{"value":7}}]}';

const tables: Tables = {
  resources: {
    columns: ['id', 'type', 'body'],
    rows: [
      ...people.map((person) => [person.id!, 'Patient', body(person)]),
      ['p4', 'Patient', '{"resourceType":"Patient"'],
      ['p5', 'Patient', body({ resourceType: 'Group' })],
      [
        'o1',
        'Observation',
        body({
          resourceType: 'Observation',
          status: 'final',
          code: {
            coding: [
              { system: 'urn:l', code: 'x' },
              { system: 'urn:m', code: 'y' },
            ],
          },
          effectiveDateTime: '2024-05-01',
          valueQuantity: { value: 5, code: 'mg' },
        }),
      ],
      [
        'o2',
        'Observation',
        body({
          resourceType: 'Observation',
          status: 'final',
          code: { coding: [{ system: 'urn:l', code: 'y' }] },
          effectivePeriod: { start: '2024-05-01T10:00:00Z' },
          valueQuantity: { value: 5.5, code: 'g' },
        }),
      ],
      ['o3', 'Observation', precise],
    ],
  },
  search_index: {
    columns: ['row', 'id', 'parameter', 'system', 'value', 'start', 'finish', 'number', 'unit'],
    rows: [
      ['p1', 'family', null, 'Müller'],
      ['p1', 'family', null, 'Maier'],
      ['p1', 'gender', null, 'female'],
      ['p1', 'birthdate', null, '1990-05-17'],
      ['p1', 'identifier', 'urn:a', '7'],
      ['p2', 'family', null, 'Muller'],
      ['p2', 'gender', null, 'male'],
      ['p2', 'birthdate', null, '1990'],
      ['p2', 'identifier', 'urn:b', '7'],
      ['p2', 'identifier', 'urn:a', '8'],
      ['o1', 'code', 'urn:l', 'x'],
      ['o1', 'code', 'urn:m', 'y'],
      ['o2', 'code', 'urn:l', 'y'],
      ['o1', 'date', null, null, '2024-05-01', '2024-05-01'],
      ['o2', 'date', null, null, '2024-05-01T10:00:00Z'],
      ['o1', 'value-quantity', null, null, null, null, '5', 'mg'],
      ['o2', 'value-quantity', null, null, null, null, '5.5', 'g'],
      ['o3', 'value-quantity', null, null, null, null, '1.50', 'g'],
    ].map((row, n) => [n, ...row, ...Array.from({ length: 8 - row.length }, () => null)]),
  },
};
const mappings: readonly Mapping[] = [patient, observation];

const cases: readonly (readonly [query: string, ids: string])[] = [
  ['Patient?', 'p1 p2 p3'],
  ['Patient?family=mul', 'p1 p2'],
  ['Patient?family=mai&family=MÜL', 'p1'],
  ['Patient?family:exact=Muller', 'p2'],
  ['Patient?family:contains=LLE', 'p1 p2'],
  ['Patient?family:missing=true', 'p3'],
  ['Patient?family:missing=false', 'p1 p2'],
  // System and value of one and the same identifier.
  ['Patient?identifier=urn:a|7', 'p1'],
  ['Patient?identifier=7', 'p1 p2'],
  ['Patient?identifier=urn:a|', 'p1 p2'],
  ['Patient?identifier:not=urn:a|7', 'p2 p3'],
  ['Patient?gender=female,male&birthdate=1990', 'p1 p2'],
  ['Patient?birthdate=ge1990-05', 'p1 p2'],
  ['Patient?birthdate=eq1990-05', 'p1'],
  ['Patient?gender:not=female', 'p2 p3'],
  ['Patient?_id=s.p2', 'p2'],
  ['Patient?_id=s.o1', ''],
  ['Observation?code=urn:l|y', 'o2'],
  ['Observation?code=y', 'o1 o2'],
  ['Observation?date=gt2024-06', 'o2'],
  ['Observation?date=2024-05', 'o1'],
  ['Observation?value-quantity=gt5.2', 'o2'],
  ['Observation?value-quantity=5||mg', 'o1'],
  ['Observation?value-quantity=1.50', 'o3'],
  ['Observation?value-quantity=1.5000', 'o3'],
  ['Observation?value-quantity=lt2', 'o3'],
  ['Patient?_sort=-birthdate', 'p1 p2 p3'],
  ['Patient?_sort=-family', 'p1 p2 p3'],
];

describe.each(kinds)('a table of whole resources in %s, searched by its index rows', (kind) => {
  const open = mapped(kind, tables, mappings);
  const unpushed = mapped(kind, tables, mappings, false);
  afterAll(() => Promise.all([open.close(), unpushed.close()]));

  test.each(cases)('%s', async (query, ids) => {
    expect(await open.ids(query)).toBe(ids);
    expect(await unpushed.ids(query)).toBe(ids);
  });

  test('a decimal keeps its digits, and is a number to whoever computes with it', async () => {
    const found = (await open.read('Observation', 's.o3')) as Observation;
    const { resourceType, ...rest } = JSON.parse(precise) as Observation;
    expect(JSON.parse(JSON.stringify(found))).toEqual({ resourceType, id: 's.o3', ...rest });
    expect(Number(found.valueQuantity!.value)).toBe(1.5);
    const written = precise.replace('}]}', '}],"id":"s.o3"}');
    expect(serialize(found)).toBe(written);
    const kept = serialize(subset(found, { summary: 'false', elements: ['value'] }));
    expect(kept).toContain('"valueQuantity":{"value":1.50,');
  });

  test('a resource comes as it is stored, under the id of its row', async () => {
    const { matches, issues } = await open.search('Patient?');
    expect(matches).toEqual(people.map((person) => ({ ...person, id: `s.${person.id}` })));
    expect(issues.map(({ code }) => code)).toEqual(['undecodable', 'undecodable']);
  });
});
