import { describe, expect, test } from '@jest/globals';
import type { Condition, Encounter } from '@medplum/fhirtypes';
import { map, table } from '#src/mapping/index.js';
import { kinds, mapped, type Tables } from '../../support/mapped.js';

/** A column whose emptiness says something: a stay without an end goes on, a patient without a finding is healthy. */
const stays = table('stays', {
  key: ['id'],
  absent: ['N/A'],
  columns: { id: 'text', state: 'text', until: 'text', finding: 'text' },
});
const mappings = [
  map<Encounter>('Encounter', {
    name: 'encounter',
    id: stays.id,
    to: {
      resourceType: 'Encounter',
      status: stays.code('state', { codes: { over: 'finished', open: 'in-progress' }, absent: 'in-progress' }),
      class: { code: 'IMP' },
      type: [
        {
          coding: [
            { system: 'urn:end', code: stays.code('until', { codes: {}, otherwise: 'ended', absent: 'goes-on' }) },
          ],
        },
      ],
    },
  }),
  map<Condition>('Condition', {
    name: 'condition',
    id: stays.id,
    to: {
      resourceType: 'Condition',
      code: stays.concept('finding', { system: 'urn:finding', absent: 'healthy' }),
      subject: { display: stays.text('id') },
    },
  }),
];
const tables: Tables = {
  stays: {
    columns: ['id', 'state', 'until', 'finding'],
    rows: [
      ['a', 'over', '2020-01-01', 'flu'],
      ['b', 'open', null, 'healthy'],
      ['c', null, '', null],
      ['d', '  ', ' ', '\t'],
      ['e', 'N/A', 'N/A', 'N/A'],
      ['f', 'strange', 'soon', 'Mary  Ann'],
    ],
  },
};

const cases: Readonly<Record<string, string>> = {
  'Encounter?status=in-progress': 'b c d e',
  'Encounter?status=finished': 'a',
  'Encounter?status=finished,in-progress': 'a b c d e',
  'Encounter?status:not=in-progress': 'a f',
  'Encounter?status:missing=true': 'f',
  'Encounter?status:missing=false': 'a b c d e',
  'Encounter?type=goes-on': 'b c d e',
  'Encounter?type=urn:end|ended': 'a f',
  'Encounter?type:missing=true': '',
  'Condition?code=healthy': 'b c d e',
  'Condition?code=urn:finding|healthy': 'b c d e',
  'Condition?code=urn:other|healthy': '',
  'Condition?code=urn:finding|': 'a b c d e',
  'Condition?code:text=Heal': 'b c d e',
  'Condition?code:text=flu': 'a',
  'Condition?code:not=healthy': 'a f',
  'Condition?code:missing=true': '',
};

describe.each(kinds.flatMap((kind) => [true, false].map((pushdown) => [kind, pushdown] as const)))(
  'what is not there has a code: %s, asked natively %s',
  (kind, pushdown) => {
    test.each(Object.entries(cases))('%s', async (query, ids) => {
      const source = mapped(kind, tables, mappings, pushdown);
      expect(await source.ids(query)).toBe(ids);
      await source.close();
    });
  },
);

test('it is read as it is searched', async () => {
  const source = mapped('memory', tables, mappings);
  const codes = async (id: string) => {
    const encounter = (await source.read('Encounter', `s.${id}`)) as Encounter;
    const condition = (await source.read('Condition', `s.${id}`)) as Condition;
    return [encounter.status, encounter.type?.[0]?.coding?.[0]?.code, condition.code];
  };
  const healthy = { coding: [{ system: 'urn:finding', code: 'healthy' }], text: 'healthy' };
  for (const id of ['c', 'd', 'e']) expect(await codes(id)).toEqual(['in-progress', 'goes-on', healthy]);
  expect(await codes('f')).toEqual([undefined, 'ended', { text: 'Mary  Ann' }]);
  await source.close();
});

test('a piece of a packed text that is not there has none', () => {
  const part = { separator: ',', count: 2, index: 0 };
  expect(() => stays.code('state', { codes: {}, absent: 'x' }, { part })).toThrow(RangeError);
  expect(() => stays.concept('finding', { system: 'urn:x', absent: 'x' }, { part })).toThrow(RangeError);
});
