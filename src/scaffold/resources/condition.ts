import { Raw } from '../code.js';
import type { Reading } from '../reading.js';
import type { SurveyedColumn } from '../survey.js';
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
  const ends = `abatement abatementdate resolveddate resolvedat resolved ${stops}`;
  const end = reading.find(ends);
  const abatementDateTime = reading.dateTime(ends, '2020-01-03');
  return {
    ...(abatementDateTime && { because: { clinicalStatus: 'a condition that has an end is resolved' } }),
    to: {
      resourceType: 'Condition',
      // R4 invariant con-4: what is abated has a clinical status that says so.
      clinicalStatus: end && abatementDateTime && { coding: [resolvedWhen(reading, end)] },
      code,
      subject,
      encounter: reading.reference('Encounter'),
      onsetDateTime: reading.dateTime(`onset onsetdate ${starts} diagnoseddate diagnosisdate diagnosedat diagnosedon`),
      abatementDateTime,
      recordedDate: reading.dateTime('recordeddate recordedat recorded createdat created'),
    },
  };
};

const system = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

function resolvedWhen(reading: Reading, end: SurveyedColumn): Raw {
  reading.imports.add('when');
  const ended = reading.condition('present', end);
  return new Raw(`when(${ended.text}, { system: '${system}', code: 'resolved', display: 'Resolved' })`);
}
