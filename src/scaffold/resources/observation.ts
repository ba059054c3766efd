import type { Code } from '../code.js';
import { Raw } from '../code.js';
import { isNumeric } from '../column-type.js';
import type { Reading } from '../reading.js';
import { codeOf } from './code-of.js';
import type { Cook } from './recipe.js';

const statuses = {
  final: 'final',
  f: 'final',
  completed: 'final',
  verified: 'final',
  preliminary: 'preliminary',
  partial: 'preliminary',
  registered: 'registered',
  pending: 'registered',
  ordered: 'registered',
  amended: 'amended',
  corrected: 'corrected',
  cancelled: 'cancelled',
  canceled: 'cancelled',
} as const;

export const observation: Cook = (reading) => {
  const subject = reading.require(() => reading.reference('Patient'));
  if (subject === undefined) return 'no column of it names a patient';
  const code = reading.require(() =>
    codeOf(
      reading,
      'loinccode loinc testcode observationcode labcode analytecode code',
      'description testname test observation analyte parameter measure labtest name display vital vitalname labname component item',
    ),
  );
  if (code === undefined) return 'no column of it says what was observed';
  const value = valueIn(reading);
  if (value === undefined) return 'no column of it holds a value';
  const status = reading.require(() => reading.code('status resultstatus observationstatus', statuses, 'unknown'));
  if (status === undefined) reading.decisions.push('status: are all results final? No column says it.');
  return {
    ...(status === undefined && {
      because: { status: 'no column says whether a result is final: the code for that is unknown' },
    }),
    to: {
      resourceType: 'Observation',
      status: status ?? 'unknown',
      code,
      subject,
      encounter: reading.reference('Encounter'),
      effectiveDateTime: reading.dateTime(
        'effective effectivedate observedat observeddate collectedat collectiondate collectiontime collected sampledate measuredat measurementdate takenat charttime testdate observationdate date datetime timestamp recordedat resultdate performedat time',
      ),
      ...value,
    },
  };
};

function valueIn(reading: Reading): Readonly<Record<string, Code>> | undefined {
  const column = reading.find(
    'valuenum numericvalue valuenumeric valnum resultnumeric resultvalue testvalue value result reading measurement',
  );
  if (!column || column.type === 'json') return undefined;
  const unit = reading.find('unit units uom valueunit unitofmeasure valueuom resultunit');
  if (column.type === 'integer' || column.type === 'decimal' || isNumeric(column.values)) {
    const text = reading.find('valuetext textvalue resulttext valtext valuestring stringvalue');
    const value = { value: reading.bind('decimal', column, 1.5), unit: unit && reading.text(unit, 'mg') };
    if (!text) return { valueQuantity: value };
    reading.imports.add('when').add('not');
    const present = reading.condition('present', column);
    const words = reading.text(text, 'Example');
    const made = { valueQuantity: value, valueString: new Raw(`when(not(${present.text}), ${words.text})`) };
    return made;
  }
  if (unit)
    reading.decisions.push(
      `${unit.name}: a unit of numbers, and ${column.name} holds texts too; numbers could be a Quantity.`,
    );
  return { valueString: reading.text(column, 'Example') };
}
