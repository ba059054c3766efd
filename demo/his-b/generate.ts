import { type Habits, internationalPhone } from '../clerk.js';
import { type Assignment, admissions, bills, members } from '../hospital.js';
import { writeJsonArray } from '../json-array.js';
import type { Random } from '../random.js';
import { serviceBill } from '../service-bill.js';
import { BED_TYPES, departments, medicalHistory, PATIENT_STATUSES, SEVERITIES, WORK_SHIFTS } from '../vocabulary.js';

/** The hospital of nested documents: three JSON arrays. */
export function* generate(assignment: Assignment): Generator<void> {
  yield* writeJsonArray(assignment.file('patients.json'), patients(assignment));
  yield* writeJsonArray(assignment.file('staff.json'), staff(assignment));
  yield* writeJsonArray(assignment.file('finance.json'), finance(assignment));
}

const HABITS: Habits = { phone: internationalPhone, unknownBirthDate: 'partial', stateOfAnotherCountry: 0.04 };
const DEPARTMENTS = [
  'Cardiology',
  'Radiology',
  'Orthopedics',
  'Emergency',
  'Oncology',
  'Pediatrics',
  'Neurology',
  'Gastroenterology',
] as const;
const DESIGNATIONS = ['Doctor', 'Senior Nurse', 'Technician', 'Resident', 'Admin'] as const;
const DISEASES = [
  'Hypertension',
  'Type 1 Diabetes',
  'Type 2 Diabetes',
  'Asthma',
  'Bronchitis',
  'COPD',
  'Influenza',
  'COVID-19',
  'Chikungunya',
  'Malaria',
  'Atrial Fibrillation',
  'Myocardial Infarction',
  'Radius Fracture',
  'Rheumatoid Arthritis',
  'Meningitis',
  'Cholecystitis',
  'Hepatitis B',
  'Hypothyroidism',
  'Urinary Tract Infection',
  'Sepsis',
] as const;
const ALLERGIES = ['None', 'None', 'Penicillin', 'Peanuts', 'Latex', 'Dust', null] as const;
const CHRONIC_CONDITIONS = ['None', 'None', 'Diabetes', 'Hypertension', 'Asthma', null] as const;

function* patients(assignment: Assignment): Generator<object> {
  for (const { key, entry, random } of admissions(assignment, HABITS)) {
    const [admitted, current] = departments(random, DEPARTMENTS);
    yield {
      patient_id: key,
      name: { first: entry.firstName, last: entry.lastName },
      dob: entry.birthDate,
      gender: entry.gender,
      location: { country: entry.country, state: entry.state, city: entry.city, postal_code: entry.postalCode },
      contact: { phone: entry.phone, email: entry.email },
      emergency_person: entry.emergency,
      insurance: entry.insurance,
      primary_physician: entry.physician,
      medical_info: {
        blood_group: entry.bloodGroup,
        allergies: random.pick(ALLERGIES),
        // A measurement not taken has no key at all: JSON.stringify leaves undefined out.
        bp: bloodPressure(random),
        hb: haemoglobin(random),
        chronic_conditions: random.pick(CHRONIC_CONDITIONS),
      },
      medical_history: medicalHistory(random),
      disease: random.chance(0.02) ? null : random.pick(DISEASES),
      patient_status: random.pick(PATIENT_STATUSES),
      severity: random.chance(0.01) ? null : random.pick(SEVERITIES),
      department_admitted: admitted,
      current_department: current,
      bed_type: random.chance(0.02) ? null : random.pick(BED_TYPES),
      height_cm: entry.heightCm,
      weight_kg: entry.weightKg,
    };
  }
}

/** Systolic/diastolic in mm[Hg]; now and then malformed, null or missing. */
function bloodPressure(random: Random): string | null | undefined {
  if (random.chance(0.04)) return random.pick(['120', 'high']);
  if (random.chance(0.04)) return random.pick([null, undefined]);
  return `${random.integer(95, 165)}/${random.integer(58, 100)}`;
}

/** Haemoglobin in g/dL, one decimal; now and then a text or null. */
function haemoglobin(random: Random): number | string | null {
  if (random.chance(0.06)) return random.pick(['N/A', null]);
  return random.integer(95, 175) / 10;
}

function* staff(assignment: Assignment): Generator<object> {
  for (const { key, entry, random, joiningDate, salary, line1, line2 } of members(assignment, HABITS)) {
    yield {
      staff_id: key,
      name: { first: entry.firstName, last: entry.lastName },
      dob: entry.birthDate,
      gender: entry.gender,
      department: random.pick(DEPARTMENTS),
      designation: random.pick(DESIGNATIONS),
      joining_date: joiningDate,
      salary,
      contact: { phone: entry.phone, email: entry.email },
      address: {
        line1,
        line2,
        city: entry.city,
        state: entry.state,
        country: entry.country,
        postal_code: entry.postalCode,
      },
      emergency_person: entry.emergency,
      work_shift: random.pick(WORK_SHIFTS),
    };
  }
}

function* finance(assignment: Assignment): Generator<object> {
  for (const bill of bills(assignment)) yield serviceBill(bill);
}
