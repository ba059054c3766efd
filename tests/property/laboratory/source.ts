import { reference, table } from 'healthsync/mapping';

const absent = ['N/A'];

/** A laboratory's database: keys of several columns and of 64 bits, times in its own zone, related rows. */
export const people = table('people', {
  key: ['number'],
  absent,
  columns: { number: 'integer', name: 'text', born: 'date', active: 'boolean', changed: 'dateTime' },
});

export const samples = table('samples', {
  key: ['sample', 'line'],
  absent,
  columns: {
    sample: 'text',
    line: 'integer',
    person: 'integer',
    status: 'text',
    test: 'text',
    taken: 'dateTime',
    taken_from: 'dateTime',
    taken_to: 'dateTime',
    value: 'decimal',
    unit: 'text',
    risk: 'decimal',
  },
});

export const parts = table('parts', {
  key: ['sample', 'line', 'part'],
  absent,
  columns: { sample: 'text', line: 'integer', part: 'text', value: 'decimal', verdict: 'text' },
});

/** The person of a sample; samples outlive the register. */
export const subject = {
  type: 'Patient' as const,
  reference: reference('Patient', people.id, { rows: samples, columns: ['person'] }, { ifExists: true }),
  identifier: { system: 'urn:laboratory:person', value: samples.text('person') },
};
