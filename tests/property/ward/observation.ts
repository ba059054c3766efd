import type { Observation } from '@medplum/fhirtypes';
import { map, not, or, when } from 'healthsync/mapping';
import { measured, monitored, readings, temperatures } from './source.js';

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const mmHg = { unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' };
const first = { part: { separator: '/', count: 2, index: 0 } };
const second = { part: { separator: '/', count: 2, index: 1 } };

export const pulse = map<Observation>('Observation', {
  name: 'pulse',
  id: readings.facet('pulse'),
  exists: readings.present('pulse'),
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: loinc('8867-4'),
    subject: monitored,
    effectiveDateTime: readings.dateTime('time'),
    valueQuantity: { value: readings.decimal('pulse'), unit: '/min' },
    device: { display: readings.text('bed') },
  },
});

export const pressure = map<Observation>('Observation', {
  name: 'pressure',
  id: readings.facet('pressure'),
  exists: or(readings.present('pressure'), readings.present('note')),
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: loinc('85354-9'),
    subject: monitored,
    effectiveDateTime: readings.dateTime('time'),
    valueString: when(
      or(not(readings.numeric('pressure', first)), not(readings.numeric('pressure', second))),
      readings.text('note'),
    ),
    component: [
      { code: loinc('8480-6'), valueQuantity: { value: readings.decimal('pressure', first), ...mmHg } },
      { code: loinc('8462-4'), valueQuantity: { value: readings.decimal('pressure', second), ...mmHg } },
    ],
  },
});

export const temperature = map<Observation>('Observation', {
  name: 'temperature',
  id: temperatures.id,
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: loinc('8310-5'),
    subject: measured,
    effectiveDateTime: temperatures.dateTime('time'),
    valueQuantity: { value: temperatures.decimal('celsius'), unit: 'Cel' },
  },
});
