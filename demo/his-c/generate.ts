import { dayOf, isoDate } from '../calendar.js';
import { doubleZeroPhone, type Entry, type Habits, trunkPhone } from '../clerk.js';
import { type Cell, writeCsv } from '../csv.js';
import { type Assignment, admissions, bills, members } from '../hospital.js';
import { BED_TYPES, medicalHistory, PATIENT_STATUSES, SEVERITIES } from '../vocabulary.js';

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
  'country',
  'state',
  'city',
  'postal_code',
  'contact_phone',
  'contact_email',
  'emergency_person_name',
  'emergency_person_relation',
  'emergency_person_phone',
  'insurance_id',
  'insurance_provider',
  'primary_physician',
  'medical_history',
  'disease',
  'patient_status',
  'severity',
  'department_admitted',
  'current_department',
  'bed_type',
  'specialty',
  'duration_days',
  'care_instructions',
  'time_bound',
];
const STAFF_COLUMNS = [
  'staff_id',
  'name',
  'dob',
  'gender',
  'department',
  'role',
  'specialty_assigned',
  'experience_years',
  'qualification',
  'joining_date',
  'salary',
  'shift',
  'phone',
  'email',
  'address',
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
  stateOfAnotherCountry: 0.04,
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
  'Dermatology – Skin Disorders',
  'Pediatrics',
];
const DISEASES = [
  'Acne',
  'Eczema',
  'Psoriasis',
  'Rosacea',
  'Vitiligo',
  'Urticaria',
  'Scabies',
  'Ringworm',
  'Athlete’s Foot',
  'Alopecia Areata',
  'Cataract',
  'Glaucoma',
  'Conjunctivitis',
  'Otitis Media',
  'Tonsillitis',
  'Sinusitis',
  'Dental Caries',
  'Gingivitis',
  'Endometriosis',
  'Polycystic Ovary Syndrome',
];
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
      specialty,
      // Nobody moves between the clinic's departments but by mistake.
      random.chance(0.06) ? random.pick(SPECIALTIES) : specialty,
      random.chance(0.02) ? null : random.pick(BED_TYPES),
      specialty,
      random.integer(1, 30),
      random.pick(INSTRUCTIONS),
      random.chance(0.02) ? 'N/A' : isoDate(random.integer(dayOf(2024, 1, 1), dayOf(2025, 12, 31))),
    ];
  }
}

/** Given name first; now and then the family name, a comma and the rest. */
function oneName({ firstName, lastName, faults }: Entry): string {
  return faults.includes('family-name-first') ? `${lastName}, ${firstName}` : `${firstName} ${lastName}`;
}

function* staff(assignment: Assignment): Generator<Cell[]> {
  for (const { key, entry, random, joiningDate, salary, line1 } of members(assignment, HABITS)) {
    const specialty = random.pick(SPECIALTIES);
    const house = random.chance(0.2) ? '"Rose Villa", ' : '';
    yield [
      key,
      oneName(entry),
      entry.birthDate,
      entry.gender,
      specialty,
      random.pick(ROLES),
      random.pick(SPECIALTIES),
      random.integer(1, 30),
      random.pick(QUALIFICATIONS),
      joiningDate,
      salary,
      random.pick(SHIFTS),
      entry.phone,
      entry.email,
      random.chance(0.03) ? null : `${house}${line1}\n${entry.city}, ${entry.state} ${entry.postalCode}`,
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
