import type { MedicationStatement } from '@medplum/fhirtypes';
import { map, when } from 'healthsync/mapping';
import { local } from './codes.js';
import { medications, subject, visit } from './source.js';

/** `dose` is mostly an amount and its unit ("500 mg"). */
const amount = { part: { separator: ' ', count: 2, index: 0 } };
const unit = { part: { separator: ' ', count: 2, index: 1 } };

export const medicationStatement = map<MedicationStatement>('MedicationStatement', {
  name: 'medication-statement',
  id: medications.id,
  exists: medications.present('name'),
  // The next one's place is the last; one that goes leaves its place empty, for those behind it are known by theirs.
  write: { create: 'row', key: 'source', update: true, delete: 'columns', shared: ['visit_date'] },
  because: { status: 'the list says what was prescribed at a visit, not whether it was taken or still is (unknown)' },
  to: {
    resourceType: 'MedicationStatement',
    status: 'unknown',
    medicationCodeableConcept: medications.concept('name', { system: local('medication') }),
    subject,
    context: visit,
    dateAsserted: medications.writtenDate('visit_date', 'day-first'),
    dosage: [
      {
        text: medications.text('dose'),
        additionalInstruction: [{ text: medications.text('duration') }],
        timing: { code: { text: medications.text('frequency') } },
        doseAndRate: [
          when(medications.numeric('dose', amount), {
            doseQuantity: { value: medications.decimal('dose', amount), unit: medications.text('dose', unit) },
          }),
        ],
      },
    ],
  },
});
