import { dayOf, isoDate } from '../calendar.js';
import { doubleZeroPhone, type Habits, oneName, trunkPhone } from '../clerk.js';
import { type Cell, writeCsv } from '../csv.js';
import { type Assignment, admissions, bills, members } from '../hospital.js';
import { BED_TYPES, PATIENT_STATUSES, SEVERITIES } from '../vocabulary.js';

/** The specialist clinic: three CSV files, one name column, addresses over two lines. */
export function* generate(assignment: Assignment): Generator<void> {
  yield* writeCsv(assignment.file('patients.csv'), PATIENT_COLUMNS, patients(assignment));
  yield* writeCsv(assignment.file('staff.csv'), STAFF_COLUMNS, staff(assignment));
  yield* writeCsv(assignment.file('finance.csv'), FINANCE_COLUMNS, finance(assignment));
}

const PATIENT_COLUMNS = [
  'patient_id',
  'name',
  'dob',
  'gender',
  'blood_group',
  'height_cm',
  'weight_kg',
  'medical_history',
  'allergies',
  'insurance_id',
  'insurance_provider',
  'primary_physician',
  'specialty',
  'duration_days',
  'care_instructions',
  'time_bound',
  'contact_phone',
  'contact_email',
  'emergency_person_name',
  'emergency_person_relation',
  'emergency_person_phone',
  'department_admitted',
  'current_department',
  'bed_type',
  'patient_status',
  'severity',
];
const STAFF_COLUMNS = [
  'staff_id',
  'name',
  'role',
  'specialty_assigned',
  'joining_date',
  'experience_years',
  'qualification',
  'shift',
  'contact_phone',
  'contact_email',
  'address',
  'emergency_person_name',
  'emergency_person_relation',
  'emergency_person_phone',
];
const FINANCE_COLUMNS = [
  'transaction_id',
  'patient_id',
  'category',
  'amount',
  'transaction_date',
  'payment_method',
  'insurance_claim_id',
  'remarks',
  'processed_by_staff_id',
];

const HABITS: Habits = {
  phone: (phone, random) => (random.chance(0.5) ? trunkPhone(phone) : doubleZeroPhone(phone)),
  unknownBirthDate: 'partial',
  familyNameFirst: 0.03,
};
/** "– Throat & Nasal Care" is the second half of the entry before it: the list was broken at its comma. */
const SPECIALTIES = [
  'Dermatology – Skincare',
  'Ophthalmology – Eye Care',
  'Trichology – Hair Care',
  'Otolaryngology (ENT) – Ear Care',
  'Otolaryngology (ENT)',
  '– Throat & Nasal Care',
  'Oral & Dental Medicine – Mouth Care',
  'Gynecology – Women’s Reproductive Health',
  'Mycology – Fungal Infections',
  'Dermatology – Rash Management',
  'Dermatology – Skin Disorders',
];
const HISTORIES = ['Diabetes', 'Hypertension', 'Asthma', 'None'];
const ALLERGIES = ['None', 'Penicillin', 'Pollen', 'Dust', 'Food'];
const INSTRUCTIONS = [
  'Apply the ointment twice a day, after washing.',
  'Keep the eye covered; no driving.',
  'Rinse with warm salt water, then "gargle" for 30 s.',
  'Avoid sun between 11 and 16 h',
  'Rest',
  null,
];
const REMARKS = ['Paid at the counter', 'Second visit, reduced rate', 'Claim "in review"', 'To be checked', '', null];
const ROLES = ['Doctor', 'Nurse', 'Therapist', 'Assistant'];
const QUALIFICATIONS = ['MBBS', 'BDS', 'Nursing', 'Physiotherapy', 'Dermatology Cert', 'Cosmetology Cert'];
const SHIFTS = ['Morning', 'Evening', 'Night'];
const CATEGORIES = ['Consultation', 'Procedure', 'Treatment', 'Medication'];
const PAYMENT_METHODS = ['Cash', 'Card', 'UPI', 'Insurance'];

function* patients(assignment: Assignment): Generator<Cell[]> {
  for (const { key, entry, random } of admissions(assignment, HABITS)) {
    const specialty = random.pick(SPECIALTIES);
    yield [
      key,
      oneName(entry),
      entry.birthDate,
      entry.gender,
      entry.bloodGroup,
      entry.heightCm,
      entry.weightKg,
      random.chance(0.05) ? null : random.pick(HISTORIES),
      random.chance(0.05) ? null : random.pick(ALLERGIES),
      entry.insurance.id,
      entry.insurance.provider,
      entry.physician,
      specialty,
      random.integer(1, 30),
      random.pick(INSTRUCTIONS),
      random.chance(0.02) ? 'N/A' : isoDate(random.integer(dayOf(2024, 1, 1), dayOf(2025, 12, 31))),
      entry.phone,
      entry.email,
      entry.emergency.name,
      entry.emergency.relation,
      entry.emergency.phone,
      specialty,
      // Nobody moves between the clinic's departments but by mistake.
      random.chance(0.06) ? random.pick(SPECIALTIES) : specialty,
      random.chance(0.02) ? null : random.pick(BED_TYPES),
      random.pick(PATIENT_STATUSES),
      random.chance(0.01) ? null : random.pick(SEVERITIES),
    ];
  }
}

function* staff(assignment: Assignment): Generator<Cell[]> {
  for (const { key, entry, random, joiningDate, line1 } of members(assignment, HABITS)) {
    const house = random.chance(0.2) ? '"Rose Villa", ' : '';
    yield [
      key,
      oneName(entry),
      random.pick(ROLES),
      random.pick(SPECIALTIES),
      joiningDate,
      random.integer(1, 30),
      random.pick(QUALIFICATIONS),
      random.pick(SHIFTS),
      entry.phone,
      entry.email,
      random.chance(0.03) ? null : `${house}${line1}\n${entry.city}, ${entry.state} ${entry.postalCode}`,
      entry.emergency.name,
      entry.emergency.relation,
      entry.emergency.phone,
    ];
  }
}

function* finance(assignment: Assignment): Generator<Cell[]> {
  for (const { key, patientId, staffId, day, random } of bills(assignment)) {
    const method = random.pick(PAYMENT_METHODS);
    yield [
      key,
      patientId,
      random.pick(CATEGORIES),
      (random.integer(10_000, 500_000) / 100).toFixed(2),
      isoDate(day),
      method,
      method === 'Insurance' ? `CLM${random.digits(6)}` : random.pick([null, 'N/A']),
      random.pick(REMARKS),
      staffId,
    ];
  }
}
