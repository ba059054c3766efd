import type { Code } from '../code.js';
import type { Reading } from '../reading.js';
import { codeOf } from './code-of.js';
import { period, starts } from './period.js';
import type { Cook } from './recipe.js';

const statuses = {
  active: 'active',
  current: 'active',
  completed: 'completed',
  stopped: 'stopped',
  discontinued: 'stopped',
  'on-hold': 'on-hold',
} as const;

function medicationOf(reading: Reading): Code | undefined {
  return codeOf(
    reading,
    'rxnormcode rxnorm rxcui drugcode medicationcode ndc code',
    'description drugname drug medication medicationname medicine medicinename name display',
  );
}

/** A dose as a text: its amount and unit are one column too often to be told apart. */
function dosage(reading: Reading): Code | undefined {
  const text = reading.optional('sig instructions dosageinstructions directions dosage dose', '1 daily');
  return text && [{ text }];
}

export const medicationRequest: Cook = (reading) => {
  const subject = reading.require(() => reading.reference('Patient'));
  if (subject === undefined) return 'no column of it names a patient';
  const medicationCodeableConcept = reading.require(() => medicationOf(reading));
  if (medicationCodeableConcept === undefined) return 'no column of it names a medication';
  const status = reading.require(() =>
    reading.code('status prescriptionstatus orderstatus', { ...statuses, cancelled: 'cancelled' }, 'unknown'),
  );
  if (status === undefined) reading.decisions.push('status: which prescriptions are active? No column says it.');
  return {
    because: {
      ...(status === undefined && {
        status: 'no column says whether a prescription is in force: the code for that is unknown',
      }),
      intent: 'a prescription is an order',
    },
    to: {
      resourceType: 'MedicationRequest',
      status: status ?? 'unknown',
      intent: 'order',
      medicationCodeableConcept,
      subject,
      encounter: reading.reference('Encounter'),
      authoredOn: reading.dateTime(
        `prescribedat prescribeddate prescriptiondate ordereddate orderdate authoredon ${starts}`,
      ),
      dosageInstruction: dosage(reading),
    },
  };
};

export const medicationStatement: Cook = (reading) => {
  const subject = reading.require(() => reading.reference('Patient'));
  if (subject === undefined) return 'no column of it names a patient';
  const medicationCodeableConcept = reading.require(() => medicationOf(reading));
  if (medicationCodeableConcept === undefined) return 'no column of it names a medication';
  const status = reading.require(() => reading.code('status medicationstatus', statuses, 'unknown'));
  if (status === undefined) reading.decisions.push('status: which medications are taken now? No column says it.');
  reading.decisions.push('Are these rows prescriptions? Then they are MedicationRequest.');
  return {
    ...(status === undefined && {
      because: { status: 'no column says whether it is still taken: the code for that is unknown' },
    }),
    to: {
      resourceType: 'MedicationStatement',
      status: status ?? 'unknown',
      medicationCodeableConcept,
      subject,
      context: reading.reference('Encounter'),
      effectivePeriod: period(reading),
      dosage: dosage(reading),
    },
  };
};
