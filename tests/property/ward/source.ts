import { reference, table } from 'healthsync/mapping';

/** What the monitors of a ward write: one point for each bed and time. Two beds may be read in one moment. */
export const readings = table('readings', {
  key: ['time', 'bed'],
  absent: ['N/A'],
  columns: { time: 'dateTime', bed: 'text', person: 'integer', pulse: 'decimal', pressure: 'text', note: 'text' },
});

/** What a thermometer writes: of two points of one time the first counts. */
export const temperatures = table('temperatures', {
  key: ['time'],
  absent: ['N/A'],
  columns: { time: 'dateTime', person: 'integer', celsius: 'decimal' },
});

/** The laboratory's people, whose numbers the monitors are given. */
const people = table('people', { key: ['number'], columns: { number: 'integer' } });

const number = people.idIn('laboratory');
const system = 'urn:laboratory:person';

export const monitored = {
  type: 'Patient' as const,
  reference: reference('Patient', number, { rows: readings, columns: ['person'] }),
  identifier: { system, value: readings.text('person') },
};

export const measured = {
  type: 'Patient' as const,
  reference: reference('Patient', number, { rows: temperatures, columns: ['person'] }),
  identifier: { system, value: temperatures.text('person') },
};
