import { afterEach, describe, expect, test } from '@jest/globals';
import type { Basic, Patient } from '@medplum/fhirtypes';
import { map, reference, table } from '#src/mapping/index.js';
import { kinds, type Mapped, mapped } from '../../support/mapped.js';

const text = table('people', { key: ['id'], columns: { id: 'text', name: 'text' } });
const integer = table('people', { key: ['id'], columns: { id: 'integer', name: 'text' } });
const notes = table('notes', { key: ['no'], columns: { no: 'text', person: 'text' } });

const patient = (people: typeof text | typeof integer) =>
  map<Patient>('Patient', {
    name: 'patient',
    id: people.id,
    to: { resourceType: 'Patient', name: [{ text: (people as typeof text).text('name') }] },
  });
const note = (people: typeof text | typeof integer) =>
  map<Basic>('Basic', {
    name: 'note',
    id: notes.id,
    to: {
      resourceType: 'Basic',
      code: { text: 'note' },
      subject: { reference: reference('Patient', people.id, { rows: notes, columns: ['person'] }) },
    },
  });

let clinic: Mapped | undefined;
afterEach(() => clinic?.close());

describe.each(kinds)('%s: a whole number is a key however it is stored', (kind) => {
  test.each([
    { declared: 'text', people: text },
    { declared: 'integer', people: integer },
  ])('declared $declared', async ({ people }) => {
    const tables = {
      people: {
        columns: ['id', 'name'],
        rows: [
          [123, 'number'],
          ['45', 'text'],
          ['007', 'text with zeros'],
          [9007199254740993n, 'long'],
        ],
      },
      notes: {
        columns: ['no', 'person'],
        rows: [
          ['a', '123'],
          ['b', 45],
          ['c', '007'],
        ],
      },
    } as const;
    clinic = mapped(kind, tables, [patient(people), note(people)]);
    for (const id of ['s.123', 's.45', 's.007', 's.9007199254740993']) {
      expect([id, await clinic.ids(`Patient?_id=${id}`)]).toEqual([id, id.slice(2)]);
      expect((await clinic.read('Patient', id)).id).toBe(id);
    }
    for (const absent of ['s.0123', 's.7', 's.+45']) expect(await clinic.ids(`Patient?_id=${absent}`)).toBe('');
    expect(await clinic.ids('Basic?subject=Patient/s.123')).toBe('a');
    expect(await clinic.ids('Basic?subject=Patient/s.45')).toBe('b');
    expect((await clinic.search('Basic?_include=Basic:subject')).included.map(({ id }) => id).sort()).toEqual([
      's.007',
      's.123',
      's.45',
    ]);
  });
});
