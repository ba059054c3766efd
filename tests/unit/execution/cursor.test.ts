import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { type Caller, local } from '#src/access/caller.js';
import { restrict } from '#src/access/restrict.js';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { compileSource } from '#src/execution/create-engine.js';
import { type Cursor, createCursorSeal } from '#src/execution/cursor.js';
import { type Mapping, map, table } from '#src/mapping/index.js';
import { plan } from '#src/plan/plan.js';
import { parse } from '#src/search/parse.js';

const people = table('people', { key: ['id'], columns: { id: 'text', born: 'date' } });
const mapping = (unit: string): Mapping =>
  map<Patient>('Patient', {
    name: 'patient',
    id: people.id,
    to: { resourceType: 'Patient', language: unit, birthDate: people.date('born') },
  });

const planOf = (search: string, caller: Caller = local, unit = 'en') => {
  const mappings = { folder: '', mappings: [mapping(unit)], conceptMaps: new Map() };
  const compiled = compileSource({ name: 'clinic', timeZone: 'UTC', mappings }, 'http://h/fhir');
  const { query } = parse('Patient', [...new URLSearchParams(search)], {
    baseUrl: 'http://h/fhir',
    now: new Date('2024-01-01T00:00:00Z'),
    maxCount: 100,
    defaultCount: 20,
    handling: 'none',
    supported: () => compiled[0]!.parameters,
  });
  const adapter = openMemory({});
  return plan(restrict(query, caller), [{ name: 'clinic', narrow: adapter.narrow.bind(adapter), mappings: compiled }]);
};

const key = Buffer.alloc(32, 7);
const seal = createCursorSeal(key, randomBytes);
const cursor: Cursor = {
  place: { sort: ['1990-01-01T00:00:00.000Z|1990-01-01', null], tag: 'clinic/patient', key: ['P1', 9007199254740993n] },
  excluded: ['lab'],
  now: 1_700_000_000_000,
};

test('rule 45: a cursor comes back as it was, also after a restart with the same key', () => {
  const text = seal.seal(cursor, planOf('_sort=birthdate'));
  expect(createCursorSeal(key, randomBytes).open(text, planOf('_sort=birthdate'))).toEqual(cursor);
  expect(seal.startedAt(text)).toEqual(new Date(cursor.now));
  expect(text).not.toContain(Buffer.from('P1').toString('base64url'));
});

test.each([
  { name: 'another search', plan: () => planOf('_sort=-birthdate'), code: 'invalid-cursor' },
  {
    name: 'another caller',
    plan: () => planOf('_sort=birthdate', { name: 'guest', mayRead: () => true, mayWrite: () => true }),
    code: 'invalid-cursor',
  },
  { name: 'a changed mapping', plan: () => planOf('_sort=birthdate', local, 'de'), code: 'expired-cursor' },
])('law P6: a cursor is refused for $name', ({ plan: other, code }) => {
  const text = seal.seal(cursor, planOf('_sort=birthdate'));
  expect(() => seal.open(text, other())).toThrow(expect.objectContaining({ code }));
});

test('law P6: a cursor with any byte altered, or of another key, is refused', () => {
  const search = planOf('_sort=birthdate');
  const bytes = Buffer.from(seal.seal(cursor, search), 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes);
    altered[at]! ^= 1;
    expect(() => seal.open(altered.toString('base64url'), search)).toThrow(
      expect.objectContaining({ code: 'invalid-cursor' }),
    );
  }
  const foreign = createCursorSeal(Buffer.alloc(32, 8), randomBytes).seal(cursor, search);
  expect(() => seal.open(foreign, search)).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
  expect(seal.startedAt(foreign)).toBeUndefined();
  for (const text of ['', 'x', 'AAAA', 'é', '....'])
    expect(() => seal.open(text, search)).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
});
