import { dayOf, isoDate, REFERENCE_DAY } from '../calendar.js';
import { Cohort } from '../cohort.js';
import type { Cell, Tables } from '../load/tables.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';

/**
 * Admissions and bills of the distributed record: PostgreSQL, admissions partitioned by date, with a copy that is not. Patients are
 * known by their number in the record; of those deleted there, admissions and bills are still here.
 */
export function generate(commission: Commission): Tables {
  const columns = [
    'patient_id',
    'admission_id',
    'admission_date',
    'discharge_date',
    'reason',
    'treatment',
    'hospital_department',
  ];
  return {
    tables: [
      {
        name: 'admissions',
        create: [
          `CREATE TABLE admissions (${ADMISSION}, PRIMARY KEY (admission_id, admission_date)) PARTITION BY RANGE (admission_date)`,
          ...YEARS.map(
            (year) =>
              `CREATE TABLE admissions_${year} PARTITION OF admissions FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01')`,
          ),
        ],
        columns,
        rows: admissions(commission, true),
        finish: [
          'CREATE INDEX admissions_patient ON admissions (patient_id)',
          'CREATE INDEX admissions_date ON admissions (admission_date)',
        ],
      },
      {
        name: 'admissions_non_partitioned',
        create: [`CREATE TABLE admissions_non_partitioned (${ADMISSION}, PRIMARY KEY (admission_id))`],
        columns,
        rows: admissions(commission, false),
        finish: [],
      },
      {
        name: 'billing',
        create: [
          `CREATE TABLE billing (
            patient_id varchar(36) NOT NULL,
            bill_id varchar(20) PRIMARY KEY,
            admission_id varchar(20),
            total_amount numeric(12, 2),
            paid_amount numeric(12, 2),
            balance_amount numeric(12, 2),
            payment_status varchar(20),
            payment_date date
          )`,
        ],
        columns: [
          'patient_id',
          'bill_id',
          'admission_id',
          'total_amount',
          'paid_amount',
          'balance_amount',
          'payment_status',
          'payment_date',
        ],
        rows: billing(commission),
        finish: [
          'CREATE INDEX billing_patient ON billing (patient_id)',
          'CREATE INDEX billing_admission ON billing (admission_id)',
        ],
      },
    ],
  };
}

const ADMISSION = `patient_id varchar(36) NOT NULL, admission_id varchar(20) NOT NULL, admission_date date NOT NULL,
  discharge_date date, reason text, treatment text, hospital_department varchar(100)`;
const YEARS = [2020, 2021, 2022, 2023, 2024, 2025] as const;
const FIRST_DAY = dayOf(2020, 1, 1);
const STREAM = { stays: 41, stay: 42, bill: 43 } as const;
const MOST_STAYS = 3;
/** Of the patients, how many were deleted in the record. */
const DELETED = 0.04;
/** Of the bills, those whose admission was never entered, and those whose balance is not what is left to pay. */
const [WITHOUT_ADMISSION, STALE_BALANCE] = [0.03, 0.03];

const REASONS = [
  'Chest pain',
  'Fracture of femur',
  'Pneumonia',
  'Appendicitis',
  'Stroke',
  'High fever, "unknown origin"',
] as const;
const TREATMENTS = ['Angioplasty', 'Surgery', 'Antibiotics', 'Appendectomy', 'Observation', 'Physiotherapy'] as const;
const DEPARTMENTS = ['Cardiology', 'Orthopedics', 'Emergency', 'Neurology', 'General Medicine', 'ICU'] as const;
/** What is written when nothing, a part and all is paid; and what nobody has explained. */
const STATUSES = { none: ['Pending', 'Overdue'], part: ['Partial'], all: ['Paid', 'PAID'] } as const;
const UNKNOWN_STATUS = 'Written off';

interface Stay {
  readonly number: string;
  readonly patientId: string;
  readonly from: number;
  readonly until: number | null;
  readonly random: Random;
}

function* stays(cohort: Cohort): Generator<Stay> {
  for (let index = 0; index < cohort.size; index++) {
    const count = cohort.random(STREAM.stays, index);
    const patientId = count.chance(DELETED) ? cohort.dangling(index) : cohort.key(index);
    const some = count.integer(0, MOST_STAYS);
    for (let stay = 0; stay < some; stay++) {
      const place = index * MOST_STAYS + stay;
      const random = cohort.random(STREAM.stay, place);
      const from = random.integer(FIRST_DAY, REFERENCE_DAY);
      const until = from + random.integer(0, 20);
      const discharged = until <= REFERENCE_DAY && !random.chance(0.02);
      yield { number: String(place + 1).padStart(7, '0'), patientId, from, until: discharged ? until : null, random };
    }
  }
}

function* admissions({ seed, patients, served }: Commission, told: boolean): Generator<Cell[]> {
  const departments = new Set<string>();
  for (const { number, patientId, from, until, random } of stays(new Cohort(seed, 'ehr', patients))) {
    const department = random.chance(0.02) ? null : random.pick(DEPARTMENTS);
    if (told) {
      served('Encounter', `A${number}`);
      if (department !== null && !departments.has(department)) {
        departments.add(department);
        served('Organization', `${department.replace(' ', '-20').replace(/^(?=.*-20)/, '-q')}.dept`);
      }
    }
    yield [
      patientId,
      `A${number}`,
      isoDate(from),
      until === null ? null : isoDate(until),
      random.chance(0.02) ? null : random.pick(REASONS),
      random.chance(0.05) ? null : random.pick(TREATMENTS),
      department,
    ];
  }
}

function* billing({ seed, patients, served }: Commission): Generator<Cell[]> {
  const cohort = new Cohort(seed, 'ehr', patients);
  let account: string | undefined;
  let place = 0;
  for (const { number, patientId, from } of stays(cohort)) {
    const random = cohort.random(STREAM.bill, place++);
    // The bills of one patient follow each other.
    if (patientId !== account) served('Account', patientId);
    account = patientId;
    const total = random.integer(50_000, 5_000_000);
    const paid = random.pick([0, total, total, Math.floor(total * 0.4)]);
    const balance = random.chance(STALE_BALANCE) ? total : total - paid;
    const known = random.pick(STATUSES[paid === 0 ? 'none' : paid === total ? 'all' : 'part']);
    const status = random.chance(0.02) ? random.pick([null, UNKNOWN_STATUS]) : known;
    if (status !== null && status !== UNKNOWN_STATUS) served('Invoice', `B${number}`);
    yield [
      patientId,
      `B${number}`,
      random.chance(WITHOUT_ADMISSION) ? `X${number}` : `A${number}`,
      money(total),
      money(paid),
      money(balance),
      status,
      paid === 0 ? null : isoDate(from + random.integer(0, 60)),
    ];
  }
}

/** Hundredths of the currency, which the bills do not name -> a decimal of two digits. */
function money(hundredths: number): string {
  return (hundredths / 100).toFixed(2);
}
