import { Raw } from '../code.js';
import { codeOf } from './code-of.js';
import { starts } from './period.js';
import type { Cook } from './recipe.js';

const statuses = {
  completed: 'completed',
  given: 'completed',
  administered: 'completed',
  done: 'completed',
  'not-done': 'not-done',
  refused: 'not-done',
} as const;

export const immunization: Cook = (reading) => {
  const patient = reading.require(() => reading.reference('Patient'));
  if (patient === undefined) return 'no column of it names a patient';
  const vaccineCode = reading.require(() =>
    codeOf(
      reading,
      'cvxcode cvx vaccinecode code',
      'description vaccine vaccinename name immunization immunizationname display',
    ),
  );
  if (vaccineCode === undefined) return 'no column of it names a vaccine';
  const column = reading.find('status immunizationstatus');
  const known = column && reading.known(column, statuses);
  const texts = Object.keys(known?.codes ?? {});
  if (column && texts.length === 0) return `what its column ${column.name} says is not known`;
  const status = column && reading.code('status immunizationstatus', statuses);
  if (!status) reading.decisions.push('status: were all of them given? The name of the table implies it.');
  const occurrenceDateTime = reading.dateTime(
    `occurrence vaccinationdate vaccinatedat immunizationdate administeredat administereddate administrationdate dategiven given givenat givenon ${starts}`,
  );
  if (occurrenceDateTime === undefined) return 'no column of it says when the vaccine was given';
  const when = [...reading.used.keys()].find((used) => occurrenceDateTime.text.includes(`dateTime('${used.name}'`));
  const conditions = [
    ...(when ? [reading.condition('present', when)] : []),
    ...(column ? [reading.condition('oneOf', column, ...texts)] : []),
  ];
  if (conditions.length > 1) reading.imports.add('and');
  return {
    exists: conditions.length === 1 ? conditions[0]! : new Raw(`and(${conditions.map(({ text }) => text).join(', ')})`),
    ...(!status && { because: { status: 'a table of immunizations holds those that were given' } }),
    to: {
      resourceType: 'Immunization',
      status: status ?? 'completed',
      vaccineCode,
      patient,
      encounter: reading.reference('Encounter'),
      occurrenceDateTime,
      lotNumber: reading.optional('lot lotnumber lotno batch batchnumber', 'L1'),
    },
  };
};
