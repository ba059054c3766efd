import type { Observation } from '@medplum/fhirtypes';
import { map, not, when } from 'healthsync/mapping';
import { conceptMap, hl7, local } from './codes.js';
import { results, subject } from './source.js';

export const isNamed = results.present('name');
/** Results that could not be taken apart. */
export const isText = not(isNamed);

const laboratory = hl7('observation-category', 'laboratory', 'Laboratory');
const because = { status: 'the laboratory stores a report when it is done' };

export const observationResult = map<Observation>('Observation', {
  name: 'observation-result',
  id: results.id,
  exists: isNamed,
  because,
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [laboratory],
    code: results.concept('name', { system: local('result'), map: conceptMap('result') }),
    subject,
    effectiveDateTime: results.writtenDate('test_date', 'day-first'),
    // The laboratory writes no units.
    valueQuantity: when(results.numeric('value'), { value: results.decimal('value') }),
    valueString: when(not(results.numeric('value')), results.text('value')),
    dataAbsentReason: when(not(results.present('value')), hl7('data-absent-reason', 'unknown', 'Unknown')),
  },
});

/** Nothing is thrown away: the text as it stands, and a report that it is no number. */
export const observationText = map<Observation>('Observation', {
  name: 'observation-text',
  id: results.facet('text'),
  exists: isText,
  because,
  to: {
    resourceType: 'Observation',
    status: 'final',
    category: [laboratory],
    code: results.concept('test_name', { system: local('test') }),
    subject,
    effectiveDateTime: results.writtenDate('test_date', 'day-first'),
    valueQuantity: { value: results.decimal('value') },
    valueString: when(not(results.numeric('value')), results.text('value')),
  },
});
