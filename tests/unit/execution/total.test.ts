import { afterEach, describe, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { map, table } from '#src/mapping/index.js';
import { kinds, type Mapped, mapped } from '../../support/mapped.js';

const people = table('people', { key: ['id'], columns: { id: 'text', name: 'text' } });
const patient = map<Patient>('Patient', {
  name: 'patient',
  id: people.id,
  to: { resourceType: 'Patient', name: [{ text: people.text('name') }] },
});

let clinic: Mapped | undefined;
afterEach(() => clinic?.close());

describe.each(kinds.flatMap((kind) => [true, false].map((pushdown) => [kind, pushdown] as const)))(
  '%s, asked natively %s',
  (kind, pushdown) => {
    test('the total counts what is served', async () => {
      const keys = [
        ...['1', 'a', 'x'.repeat(62), 'x'.repeat(63), 'x'.repeat(500), 'ä'.repeat(18), 'ä'.repeat(19)],
        ...['', null, ' '.repeat(20), ' '.repeat(40)],
      ];
      const rows = keys.map((key, i) => [key, i % 2 === 0 ? 'even' : 'odd'] as const);
      clinic = mapped(kind, { people: { columns: ['id', 'name'], rows } }, [patient], pushdown);
      for (const query of ['', 'name=even&', 'name=odd&', 'name=none&']) {
        const { matches, total } = await clinic.search(`Patient?${query}_total=accurate`);
        expect([query, total]).toEqual([query, matches.length]);
      }
      expect((await clinic.search('Patient?_total=accurate')).total).toBe(5);
    });
  },
);

test('where too many keys would have to be read, it says what it counts', async () => {
  const rows = Array.from({ length: 10_001 }, (_, i) => [`p${i}`, 'x'] as const);
  clinic = mapped('memory', { people: { columns: ['id', 'name'], rows } }, [patient]);
  const { total, issues } = await clinic.search('Patient?_count=1&_total=accurate');
  expect(total).toBe(10_001);
  expect(issues).toEqual([
    expect.objectContaining({ severity: 'information', message: expect.stringContaining('too long for an id') }),
  ]);
  const fewer = await clinic.search('Patient?_id=s.p7&_total=accurate');
  expect([fewer.total, fewer.issues]).toEqual([1, []]);
});
