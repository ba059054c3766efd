import type { Observation, RiskAssessment } from '@medplum/fhirtypes';
import { each, map, not, reference, when } from 'healthsync/mapping';
import { parts, samples, subject } from './source.js';

const status = {
  codes: { F: 'final', Final: 'final', P: 'preliminary', C: 'corrected' },
  canonical: { final: 'F' },
  otherwise: 'unknown',
} as const;

export const observation = map<Observation>('Observation', {
  name: 'observation',
  id: samples.id,
  exists: samples.present('status'),
  to: {
    resourceType: 'Observation',
    status: samples.code('status', status),
    code: samples.concept('test', { system: 'urn:laboratory:test' }),
    subject,
    effectiveDateTime: when(samples.present('taken'), samples.dateTime('taken')),
    effectivePeriod: when(not(samples.present('taken')), {
      start: samples.dateTime('taken_from'),
      end: samples.dateTime('taken_to'),
    }),
    valueQuantity: { value: samples.decimal('value'), unit: samples.text('unit') },
    component: [
      each(
        parts,
        { sample: 'sample', line: 'line' },
        {
          code: { text: parts.text('part') },
          valueQuantity: { value: parts.decimal('value'), unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' },
          interpretation: [{ coding: [{ system: 'urn:laboratory:verdict', code: parts.text('verdict') }] }],
        },
      ),
    ],
  },
});

export const riskAssessment = map<RiskAssessment>('RiskAssessment', {
  name: 'risk-assessment',
  id: samples.facet('risk'),
  exists: samples.present('risk'),
  to: {
    resourceType: 'RiskAssessment',
    status: 'final',
    subject,
    occurrenceDateTime: samples.dateTime('taken'),
    basis: [{ reference: reference('Observation', samples.id) }],
    prediction: [{ probabilityDecimal: samples.decimal('risk') }],
  },
});
