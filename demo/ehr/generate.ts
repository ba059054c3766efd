import { REFERENCE_DAY } from '../calendar.js';
import { enter, type Habits, internationalPhone, oneName } from '../clerk.js';
import { Cohort } from '../cohort.js';
import type { Collections, ServerDocument } from '../load/mongodb.js';
import { objectId } from '../object-id.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';
import { writtenDate } from '../written-date.js';

/** The record of visits: one document for each patient, with all visits, what was prescribed at each and what was tested. */
export function generate(commission: Commission): Collections {
  return {
    collections: [
      {
        name: 'patients',
        documents: patients(commission),
        indexes: [{ key: { patient_id: 1 }, unique: true }, { key: { name: 1 } }],
      },
    ],
  };
}

const HABITS: Habits = { phone: internationalPhone, unknownBirthDate: 'partial' };
const STREAM = { patient: 41, visit: 42 } as const;
const SALT = 0x5ca1_ab1e;
const MOST_VISITS = 4;
const FIRST_VISIT = REFERENCE_DAY - 1_460;
const DIAGNOSES = [
  'Hypertension',
  'Type 2 Diabetes',
  'Asthma',
  'Bronchitis',
  'Influenza',
  'Migraine',
  'Gastritis',
  'Urinary Tract Infection',
  'Routine check-up',
  'None',
  '',
  null,
] as const;
const OBSERVATIONS: readonly (string | null)[] = [
  'Blood pressure slightly raised',
  'Lungs clear, mild fever',
  'No complaints',
  'Patient said: "much better"',
  '',
  null,
];
const MEDICINES = ['Metformin', 'Amlodipine', 'Paracetamol', 'Salbutamol', 'Amoxicillin', 'Omeprazole'] as const;
const DOSES = ['500 mg', '5 mg', '100 mcg', '1 tablet', 'as needed', '', null] as const;
const FREQUENCIES = ['once daily', 'twice daily', 'every 8 hours', null] as const;
const DURATIONS = ['5 days', '2 weeks', 'until review', null] as const;
const TESTS: readonly (readonly [name: string, result: (random: Random) => string | null])[] = [
  ['Hemoglobin', (random) => `${random.integer(90, 175) / 10} g/dL`],
  ['Fasting Glucose', (random) => `${random.integer(70, 260)} mg/dL`],
  ['Serum Creatinine', (random) => `${random.integer(5, 40) / 10} mg/dL`],
  ['Chest X-Ray', (random) => random.pick(['Clear', 'Mild infiltrates, right lower lobe'])],
  ['Malaria Smear', (random) => random.pick(['Negative', 'Positive', null])],
];
const RECOMMENDATIONS = ['Repeat in three months', 'No action needed', 'Refer to a specialist', '', null] as const;

function* patients({ seed, patients: all, served }: Commission): Generator<ServerDocument> {
  const cohort = new Cohort(seed, 'ehr', all);
  for (let index = 0; index < cohort.size; index++) {
    const random = cohort.random(STREAM.patient, index);
    const person = cohort.person(index);
    const entry = enter(person, HABITS, random, index % 3 === 0, false);
    const key = cohort.key(index);
    const age = Math.floor((REFERENCE_DAY - person.birthDay) / 365.25);
    served('Patient', key, { person, faults: entry.faults });
    const kept = random.chance(0.98);
    const visits = kept ? visitsOf(cohort, index, random) : [];
    for (const [type, rest] of resourcesOf(visits)) served(type, `${key}.${rest}`);
    yield {
      _id: objectId(seed ^ SALT, index),
      patient_id: key,
      name: oneName(entry),
      age,
      gender: entry.gender,
      contact_details: {
        phone: entry.phone,
        email: entry.email,
        address: [entry.city, entry.state, entry.country].filter((part) => part !== null).join(', '),
      },
      // A record that no visit was ever written to.
      ...(kept && { medical_records: { medical_history: visits } }),
      ...(random.chance(0.05) && {
        before_update: { name: oneName(entry), age },
        after_update: { name: oneName(entry), age: age + 1 },
      }),
    };
  }
}

type Visit = ReturnType<typeof visit>;

function visitsOf(cohort: Cohort, index: number, random: Random): readonly Visit[] {
  const count = random.integer(0, MOST_VISITS);
  const visits = Array.from({ length: count }, (_, i) =>
    visit(cohort.random(STREAM.visit, index * MOST_VISITS + i), `V${1000 + index * MOST_VISITS + i}`),
  );
  // Typed once more from the same paper: two visits of one number, of which the first counts.
  return visits.length > 1 && random.chance(0.04)
    ? [...visits, { ...visits[0]!, observations: 'entered again' }]
    : visits;
}

function visit(random: Random, id: string) {
  const medications = Array.from({ length: random.integer(0, 2) }, () => ({
    name: random.pick(MEDICINES),
    dose: random.pick(DOSES),
    frequency: random.pick(FREQUENCIES),
    duration: random.pick(DURATIONS),
  }));
  const tests = Array.from({ length: random.integer(0, 2) }, () => {
    const [name, result] = random.pick(TESTS);
    return { test_name: name, results: result(random), recommendations: random.pick(RECOMMENDATIONS) };
  });
  return {
    visit_id: id,
    visit_date: writtenDate(random.integer(FIRST_VISIT, REFERENCE_DAY), random),
    diagnosis: random.pick(DIAGNOSES),
    observations: random.pick(OBSERVATIONS),
    medications,
    tests,
  };
}

/** Types and keys, behind the patient's, of what visits must be served as. */
function* resourcesOf(visits: readonly Visit[]): Generator<readonly [type: string, key: string]> {
  const seen = new Set<string>();
  for (const { visit_id: id, diagnosis, observations, medications, tests } of visits) {
    if (seen.has(id)) continue;
    seen.add(id);
    yield ['Encounter', id];
    if (diagnosis && diagnosis !== 'None') yield ['Condition', `${id}.diagnosis`];
    if (observations) yield ['Observation', `${id}.findings`];
    for (const i of medications.keys()) yield ['MedicationStatement', `${id}.${i}`];
    for (const [i, { results }] of tests.entries()) {
      if (results === null) continue;
      yield ['DiagnosticReport', `${id}.${i}`];
      yield ['Observation', `${id}.${i}.result`];
    }
  }
}
