/** A small hospital of eight tables that a stranger might find: no mapping knows it. */

export type HospitalType = 'integer' | 'text' | 'date' | 'datetime' | 'decimal';

export interface HospitalTable {
  readonly name: string;
  /** The first is the key. */
  readonly columns: Readonly<Record<string, HospitalType>>;
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Texts that tell of a person: none of them may be written anywhere. */
export const secrets = ['Zelda', 'Quirk', '555-77', 'secret.example', 'Hidden Road', 'MRN-00', 'Headache', '1971-'];

const people = [1, 2, 3, 4, 5];

export const smallHospital: readonly HospitalTable[] = [
  {
    name: 'patients',
    columns: {
      patient_id: 'integer',
      mrn: 'text',
      first_name: 'text',
      last_name: 'text',
      dob: 'date',
      sex: 'text',
      phone: 'text',
      email: 'text',
      address: 'text',
      city: 'text',
      zip: 'text',
      shoe_size: 'integer',
    },
    rows: people.map((i) => [
      i,
      `MRN-00${i}`,
      `Zelda${i}`,
      `Quirk${i}`,
      `1971-01-0${i}`,
      i % 2 === 0 ? 'M' : 'F',
      `555-77${i}`,
      `z${i}@secret.example`,
      `${i} Hidden Road`,
      'Anytown',
      `0990${i}`,
      38 + i,
    ]),
  },
  {
    name: 'visits',
    columns: {
      visit_id: 'integer',
      patient_id: 'integer',
      visit_date: 'datetime',
      discharge_date: 'datetime',
      visit_type: 'text',
      status: 'text',
      reason: 'text',
    },
    rows: people.map((i) => [
      i * 10,
      i,
      `2024-02-0${i} 08:00:00`,
      i === 3 ? null : `2024-02-0${i} 09:30:00`,
      i % 2 === 0 ? 'inpatient' : 'outpatient',
      i === 3 ? 'open' : 'completed',
      'Headache',
    ]),
  },
  {
    name: 'diagnoses',
    columns: {
      id: 'integer',
      patient_id: 'integer',
      visit_id: 'integer',
      icd10_code: 'text',
      diagnosis: 'text',
      diagnosed_on: 'date',
    },
    rows: people.map((i) => [i, i, i * 10, 'E11.9', 'Type 2 diabetes', `2024-02-0${i}`]),
  },
  {
    name: 'lab_results',
    columns: {
      result_id: 'integer',
      patient_id: 'integer',
      visit_id: 'integer',
      test_code: 'text',
      test_name: 'text',
      value: 'decimal',
      unit: 'text',
      taken_at: 'datetime',
    },
    rows: people.map((i) => [
      i,
      i,
      i * 10,
      ['718-7', '2345-7', '8302-2', '29463-7', '718-7'][i - 1]!,
      'A test',
      i + 0.5,
      'mg/dL',
      `2024-02-0${i} 08:30:00`,
    ]),
  },
  {
    name: 'prescriptions',
    columns: { rx_id: 'integer', patient_id: 'integer', drug: 'text', dosage: 'text', prescribed_at: 'datetime' },
    // Of the last one's patient the register does not know.
    rows: people.map((i) => [i, i === 5 ? 99 : i, 'Aspirin', '1 daily', `2024-02-0${i} 09:00:00`]),
  },
  {
    name: 'vaccinations',
    columns: { id: 'integer', mrn: 'text', vaccine: 'text', date_given: 'date', lot: 'text' },
    rows: people.map((i) => [i, `MRN-00${i}`, 'MMR', i === 5 ? null : `2020-01-0${i}`, `L${i}`]),
  },
  {
    name: 'allergies',
    columns: {
      id: 'integer',
      patient_id: 'integer',
      allergen: 'text',
      reaction: 'text',
      severity: 'text',
      noted: 'date',
    },
    rows: people.map((i) => [i, i, 'Peanut', 'Hives', i % 2 === 0 ? 'Mild' : 'Severe', `2011-01-0${i}`]),
  },
  {
    name: 'surgeries',
    columns: { id: 'integer', patient_id: 'integer', procedure_name: 'text', procedure_date: 'date' },
    rows: people.map((i) => [i, i, 'Appendectomy', `2012-01-0${i}`]),
  },
  {
    name: 'billing',
    columns: { id: 'integer', patient_id: 'integer', amount: 'decimal' },
    rows: people.map((i) => [i, i, i * 100]),
  },
];

/** `CREATE TABLE` of a table, with the types of a SQL database. */
export function createTable(
  { name, columns }: HospitalTable,
  types: Readonly<Record<HospitalType, string>>,
  quote = '"',
): string {
  const quoted = (one: string) => `${quote}${one}${quote}`;
  const all = Object.entries(columns).map(
    ([column, type], i) => `${quoted(column)} ${types[type]}${i === 0 ? ' PRIMARY KEY' : ''}`,
  );
  return `CREATE TABLE ${quoted(name)} (${all.join(', ')})`;
}
