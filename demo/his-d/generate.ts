import { dayOf, isoDate } from '../calendar.js';
import { type Entry, type Habits, hyphenatedPhone, oneName, trunkPhone } from '../clerk.js';
import { type Assignment, admissions, bills, members, money } from '../hospital.js';
import { type Value, writeSqlite } from '../sqlite-file.js';
import { BED_TYPES, departments, medicalHistory, PATIENT_STATUSES, SEVERITIES } from '../vocabulary.js';

/** The hospital for grave diseases: SQLite, with place, contact and next of kin each packed into one text. */
export function* generate(assignment: Assignment): Generator<void> {
  yield* writeSqlite(assignment.file('hospital.db'), [
    {
      name: 'patients',
      columns: [
        'patient_id TEXT PRIMARY KEY',
        'name TEXT',
        'dob TEXT',
        'gender TEXT',
        'blood_group TEXT',
        'height_cm INTEGER',
        'weight_kg INTEGER',
        'location TEXT',
        'contact TEXT',
        'emergency_person TEXT',
        'insurance_id TEXT',
        'insurance_provider TEXT',
        'primary_physician TEXT',
        'medical_history TEXT',
        'disease TEXT',
        'patient_status TEXT',
        'severity TEXT',
        'department_admitted TEXT',
        'current_department TEXT',
        'bed_type TEXT',
        'stage_danger TEXT',
        'surgery_required TEXT',
        'treatment_protocol TEXT',
        'followup_date TEXT',
      ],
      indexed: ['dob', 'name COLLATE NOCASE', 'contact', 'current_department', 'disease', 'patient_status'],
      rows: patients(assignment),
    },
    {
      name: 'staff',
      columns: [
        'staff_id TEXT PRIMARY KEY',
        'name TEXT',
        'dob TEXT',
        'gender TEXT',
        'position TEXT',
        'department TEXT',
        'contact TEXT',
        'salary REAL',
        'date_joined TEXT',
        'specialization TEXT',
        'experience_years INTEGER',
        'certifications TEXT',
        'shift TEXT',
        'email TEXT',
        'address TEXT',
        'emergency_contact TEXT',
        'emergency_relation TEXT',
      ],
      indexed: ['name COLLATE NOCASE'],
      rows: staff(assignment),
    },
    {
      name: 'finance',
      columns: [
        'record_id TEXT PRIMARY KEY',
        'patient_id TEXT',
        'treatment_cost REAL',
        'insurance_claim REAL',
        'hospital_charges REAL',
        'miscellaneous_charges REAL',
        'tax REAL',
        'discount REAL',
        'payment_method TEXT',
        'payment_status TEXT',
        'date TEXT',
      ],
      indexed: ['patient_id'],
      rows: finance(assignment),
    },
  ]);
}

const HABITS: Habits = {
  phone: (phone, random) => (random.chance(0.3) ? trunkPhone(phone) : hyphenatedPhone(phone)),
  unknownBirthDate: 'zero',
  // Where city, state and country were drawn apart, most states lie in some other country.
  stateOfAnotherCountry: 0.3,
};
const DEPARTMENTS = ['Oncology', 'Neurosurgery', 'TB Care', 'HIV Clinic', 'Radiotherapy', 'ICU', 'Pediatrics'] as const;
const POSITIONS = ['Doctor', 'Nurse', 'Technician', 'Support Staff', 'Admin'] as const;
const SPECIALIZATIONS = ['Cancer', 'Neurosurgery', 'TB', 'HIV', 'Radiotherapy', 'ICU', null] as const;
const CERTIFICATIONS = [
  'Nurse, adult, St. Mary’s Trust',
  'Radiographer, therapeutic, Kumar & Sons',
  'Basic life support, "Level 2"',
  null,
] as const;
const SHIFTS = ['Day', 'Night', 'Rotational'] as const;
const DISEASES = [
  'Breast Cancer',
  'Lung Cancer',
  'Colorectal Cancer',
  'Prostate Cancer',
  'Cervical Cancer',
  'Ovarian Cancer',
  'Pancreatic Cancer',
  'Stomach Cancer',
  'Melanoma',
  'Leukemia',
  'Lymphoma',
  'Multiple Myeloma',
  'Glioma',
  'Meningioma',
  'Tuberculosis',
  'HIV',
  'Multiple Sclerosis',
  'Parkinson’s Disease',
  'Cerebral Aneurysm',
  'Liver Cirrhosis',
] as const;
const STAGES = ['Stage I', 'Stage II', 'Stage III', 'Stage IV', 'Critical', null] as const;
const SURGERY = ['Yes', 'No', 'Under Consideration'] as const;
const PROTOCOLS = ['Chemotherapy', 'Surgery', 'Medication', 'Radiotherapy', 'Observation', null] as const;
const PAYMENT_METHODS = ['Cash', 'Card', 'UPI', 'Insurance'] as const;
const PAYMENT_STATUSES = ['Paid', 'Unpaid', 'Pending', 'Partial', 'Overdue'] as const;

function* patients(assignment: Assignment): Generator<Value[]> {
  for (const { key, entry, random } of admissions(assignment, HABITS)) {
    yield [
      key,
      oneName(entry),
      entry.birthDate,
      entry.gender,
      entry.bloodGroup,
      entry.heightCm,
      entry.weightKg === null ? null : Math.round(entry.weightKg),
      random.chance(0.01) ? null : location(entry),
      contact(entry),
      emergencyPerson(entry),
      entry.insurance.id,
      entry.insurance.provider,
      entry.physician,
      medicalHistory(random),
      random.chance(0.02) ? null : random.pick(DISEASES),
      random.pick(PATIENT_STATUSES),
      random.chance(0.01) ? null : random.pick(SEVERITIES),
      ...departments(random, DEPARTMENTS),
      random.chance(0.02) ? null : random.pick(BED_TYPES),
      random.pick(STAGES),
      random.pick(SURGERY),
      random.pick(PROTOCOLS),
      random.chance(0.03) ? '0000-00-00' : isoDate(random.integer(dayOf(2024, 1, 1), dayOf(2026, 12, 31))),
    ];
  }
}

/** "city, state, country". */
function location({ city, state, country }: Entry): string {
  return `${city}, ${state}, ${country}`;
}

/** "phone, email"; a missing half leaves the comma, both missing leave null. */
function contact({ phone, email }: Entry): string | null {
  return phone === null && email === null ? null : `${phone ?? ''}, ${email ?? ''}`;
}

/** "Name (relation)"; without the relation, the name alone. */
function emergencyPerson({ emergency }: Entry): string {
  return emergency.relation === null ? emergency.name : `${emergency.name} (${emergency.relation})`;
}

function* staff(assignment: Assignment): Generator<Value[]> {
  for (const { key, entry, random, joiningDate, salary } of members(assignment, HABITS)) {
    yield [
      key,
      oneName(entry),
      entry.birthDate,
      entry.gender,
      random.pick(POSITIONS),
      random.pick(DEPARTMENTS),
      contact(entry),
      salary + random.integer(0, 99) / 100,
      joiningDate,
      random.pick(SPECIALIZATIONS),
      random.integer(1, 40),
      random.pick(CERTIFICATIONS),
      random.pick(SHIFTS),
      random.chance(0.05) ? null : `${key}@hospital.example`,
      location(entry),
      entry.emergency.name,
      entry.emergency.relation,
    ];
  }
}

function* finance(assignment: Assignment): Generator<Value[]> {
  for (const { key, patientId, day, random } of bills(assignment)) {
    yield [
      key,
      patientId,
      money(random.integer(500_000, 20_000_000)),
      random.chance(0.2) ? null : money(random.integer(100_000, 10_000_000)),
      money(random.integer(100_000, 5_000_000)),
      money(random.integer(50_000, 1_000_000)),
      money(random.integer(10_000, 500_000)),
      random.chance(0.2) ? 0 : money(random.integer(1, 1_000_000)),
      random.pick(PAYMENT_METHODS),
      random.pick(PAYMENT_STATUSES),
      isoDate(day),
    ];
  }
}
