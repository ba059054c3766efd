import { type Habits, trunkPhone } from '../clerk.js';
import { type Assignment, admissions, bills, members } from '../hospital.js';
import { serviceBill } from '../service-bill.js';
import { type Value, writeSqlite } from '../sqlite-file.js';
import { BED_TYPES, departments, medicalHistory, PATIENT_STATUSES, SEVERITIES, WORK_SHIFTS } from '../vocabulary.js';

/** The general hospital: SQLite, one column for each fact. */
export function* generate(assignment: Assignment): Generator<void> {
  yield* writeSqlite(assignment.file('hospital.db'), [
    {
      name: 'patients',
      columns: [
        'patient_id TEXT PRIMARY KEY',
        'first_name TEXT',
        'last_name TEXT',
        'dob TEXT',
        'gender TEXT',
        'blood_group TEXT',
        'height_cm INTEGER',
        'weight_kg INTEGER',
        'country TEXT',
        'state TEXT',
        'city TEXT',
        'postal_code TEXT',
        'phone TEXT',
        'email TEXT',
        'emergency_contact_name TEXT',
        'emergency_contact_relation TEXT',
        'emergency_contact_phone TEXT',
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
      ],
      indexed: ['dob', 'last_name COLLATE NOCASE', 'phone', 'current_department', 'disease', 'patient_status'],
      rows: patients(assignment),
    },
    {
      name: 'staff',
      columns: [
        'staff_id TEXT PRIMARY KEY',
        'first_name TEXT',
        'last_name TEXT',
        'dob TEXT',
        'gender TEXT',
        'department TEXT',
        'designation TEXT',
        'joining_date TEXT',
        'salary INTEGER',
        'phone TEXT',
        'email TEXT',
        'address_line1 TEXT',
        'address_line2 TEXT',
        'city TEXT',
        'state TEXT',
        'country TEXT',
        'postal_code TEXT',
        'emergency_contact_name TEXT',
        'emergency_contact_relation TEXT',
        'emergency_contact_phone TEXT',
        'work_shift TEXT',
      ],
      indexed: ['last_name COLLATE NOCASE'],
      rows: staff(assignment),
    },
    {
      name: 'finance',
      columns: [
        'transaction_id TEXT PRIMARY KEY',
        'patient_id TEXT',
        'billing_date TEXT',
        'amount REAL',
        'currency TEXT',
        'payment_method TEXT',
        'insurance_claimed TEXT',
        'insurance_id TEXT',
        'insurance_provider TEXT',
        'service_code TEXT',
        'service_description TEXT',
        'department TEXT',
        'staff_id TEXT',
        'discount_applied REAL',
        'net_amount REAL',
        'tax REAL',
        'total_amount REAL',
        'payment_status TEXT',
        'due_date TEXT',
        'receipt_number TEXT',
      ],
      indexed: ['patient_id'],
      rows: finance(assignment),
    },
  ]);
}

const HABITS: Habits = { phone: trunkPhone, unknownBirthDate: 'zero', stateOfAnotherCountry: 0.04 };
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
  'Type 2 Diabetes',
  'Asthma',
  'Pneumonia',
  'Influenza',
  'Dengue',
  'Malaria',
  'Migraine',
  'COVID-19',
  'Heart Failure',
  'Angina Pectoris',
  'Femur Fracture',
  'Osteoarthritis',
  'Epilepsy',
  'Stroke',
  'Appendicitis',
  'Gastritis',
  'Anemia',
  'Chronic Kidney Disease',
  'Typhoid Fever',
] as const;

function* patients(assignment: Assignment): Generator<Value[]> {
  for (const { key, entry, random } of admissions(assignment, HABITS)) {
    yield [
      key,
      entry.firstName,
      entry.lastName,
      entry.birthDate,
      entry.gender,
      entry.bloodGroup,
      entry.heightCm,
      entry.weightKg === null ? null : Math.round(entry.weightKg),
      entry.country,
      entry.state,
      entry.city,
      entry.postalCode,
      entry.phone,
      entry.email,
      entry.emergency.name,
      entry.emergency.relation,
      entry.emergency.phone,
      entry.insurance.id,
      entry.insurance.provider,
      entry.physician,
      medicalHistory(random),
      random.chance(0.02) ? null : random.pick(DISEASES),
      random.pick(PATIENT_STATUSES),
      random.chance(0.01) ? null : random.pick(SEVERITIES),
      ...departments(random, DEPARTMENTS),
      random.chance(0.02) ? null : random.pick(BED_TYPES),
    ];
  }
}

function* staff(assignment: Assignment): Generator<Value[]> {
  for (const { key, entry, random, joiningDate, salary, line1, line2 } of members(assignment, HABITS)) {
    yield [
      key,
      entry.firstName,
      entry.lastName,
      entry.birthDate,
      entry.gender,
      random.pick(DEPARTMENTS),
      random.pick(DESIGNATIONS),
      joiningDate,
      salary,
      entry.phone,
      entry.email,
      line1,
      line2,
      entry.city,
      entry.state,
      entry.country,
      entry.postalCode,
      entry.emergency.name,
      entry.emergency.relation,
      entry.emergency.phone,
      random.pick(WORK_SHIFTS),
    ];
  }
}

function* finance(assignment: Assignment): Generator<Value[]> {
  for (const bill of bills(assignment)) yield Object.values(serviceBill(bill));
}
