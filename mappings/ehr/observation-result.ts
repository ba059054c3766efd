import type { Observation } from '@medplum/fhirtypes';
import { map, not, when } from 'healthsync/mapping';
import { conceptMap, local, UCUM } from './codes.js';
import { subject, tests, visit } from './source.js';

/** `results` is an amount and its unit ("13.5 g/dL"), or words. */
const amount = { part: { separator: ' ', count: 2, index: 0 } };
const unit = { part: { separator: ' ', count: 2, index: 1 } };

/** Units as they are written -> as UCUM has them. */
const units = { codes: { 'g/dL': 'g/dL', 'mg/dL': 'mg/dL' } } as const;

/** A test without results has been asked for, perhaps; no resource can tell. */
export const hasResults = tests.present('results');

export const observationResult = map<Observation>('Observation', {
  name: 'observation-result',
  id: tests.facet('result'),
  exists: hasResults,
  write: {
    create: 'columns',
    update: true,
    updateCreates: true,
    delete: 'columns',
    shared: ['visit_date', 'test_name'],
  },
  because: { status: 'results that were entered are finished ones' },
  to: {
    resourceType: 'Observation',
    status: 'final',
    code: tests.concept('test_name', { system: local('test'), map: conceptMap('test') }),
    subject,
    encounter: visit,
    effectiveDateTime: tests.writtenDate('visit_date', 'day-first'),
    valueQuantity: when(tests.numeric('results', amount), {
      value: tests.decimal('results', amount),
      unit: tests.text('results', unit),
      system: UCUM,
      code: tests.code('results', units, unit),
    }),
    valueString: when(not(tests.numeric('results', amount)), tests.text('results')),
  },
});
