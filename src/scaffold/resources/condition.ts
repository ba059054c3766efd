import { codeOf } from './code-of.js';
import { starts, stops } from './period.js';
import type { Cook } from './recipe.js';

export const condition: Cook = (reading) => {
  const subject = reading.require(() => reading.reference('Patient'));
  if (subject === undefined) return 'no column of it names a patient';
  const code = codeOf(
    reading,
    'snomedcode snomed icd10code icd10 icdcode icd icd9code code conditioncode diagnosiscode dxcode',
    'description diagnosis condition disease problem name diagnosisname conditionname display dx diagnosisdescription',
  );
  if (code === undefined) return 'no column of it says which condition it is';
  reading.decisions.push('clinicalStatus, verificationStatus and category: does the table say or imply them?');
  return {
    to: {
      resourceType: 'Condition',
      code,
      subject,
      encounter: reading.reference('Encounter'),
      onsetDateTime: reading.dateTime(`onset onsetdate ${starts} diagnoseddate diagnosisdate diagnosedat diagnosedon`),
      abatementDateTime: reading.dateTime(
        `abatement abatementdate resolveddate resolvedat resolved ${stops}`,
        '2020-01-03',
      ),
      recordedDate: reading.dateTime('recordeddate recordedat recorded createdat created'),
    },
  };
};
