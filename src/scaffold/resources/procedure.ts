import { codeOf } from './code-of.js';
import { period } from './period.js';
import type { Cook } from './recipe.js';

const statuses = {
  completed: 'completed',
  done: 'completed',
  performed: 'completed',
  'in-progress': 'in-progress',
  planned: 'preparation',
  scheduled: 'preparation',
  cancelled: 'not-done',
  canceled: 'not-done',
  'not-done': 'not-done',
} as const;

export const procedure: Cook = (reading) => {
  const subject = reading.require(() => reading.reference('Patient'));
  if (subject === undefined) return 'no column of it names a patient';
  const code = reading.require(() =>
    codeOf(
      reading,
      'cptcode cpt snomedcode procedurecode surgerycode operationcode code',
      'description procedure procedurename surgery surgeryname operation operationname name display',
    ),
  );
  if (code === undefined) return 'no column of it says what was done';
  const status = reading.require(() => reading.code('status procedurestatus', statuses, 'unknown'));
  if (status === undefined) reading.decisions.push('status: were all of them completed? No column says it.');
  const reason = codeOf(reading, 'reasoncode', 'reason reasondescription indication');
  return {
    ...(status === undefined && {
      because: { status: 'no column says whether it was completed: the code for that is unknown' },
    }),
    to: {
      resourceType: 'Procedure',
      status: status ?? 'unknown',
      code,
      subject,
      encounter: reading.reference('Encounter'),
      performedPeriod: period(reading),
      reasonCode: reason && [reason],
    },
  };
};
