import { type Entry, enter, type Habits, trunkPhone } from '../clerk.js';
import { Cohort } from '../cohort.js';
import type { Cell, Tables } from '../load/tables.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';

/**
 * The patient registry: MySQL, one table of people, and one of what changed that has no key. Exactly as its system has it, it knows
 * neither doctors nor visits.
 */
export function generate(commission: Commission): Tables {
  return {
    tables: [
      {
        name: 'patient_registry',
        create: [
          `CREATE TABLE patient_registry (
            id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
            first_name VARCHAR(100),
            last_name VARCHAR(100),
            dob DATE,
            gender VARCHAR(10),
            contact_number VARCHAR(15),
            email_id VARCHAR(254),
            emergency_contact VARCHAR(15),
            severity VARCHAR(15)
          ) DEFAULT CHARACTER SET utf8mb4`,
        ],
        columns: [
          'id',
          'first_name',
          'last_name',
          'dob',
          'gender',
          'contact_number',
          'email_id',
          'emergency_contact',
          'severity',
        ],
        rows: patients(commission),
        finish: ['dob', 'last_name', 'first_name', 'severity'].map(
          (column) => `CREATE INDEX ${column} ON patient_registry (${column})`,
        ),
      },
      {
        name: 'patient_changes',
        create: [
          'CREATE TABLE patient_changes (change_type VARCHAR(10), new_data TEXT, old_data TEXT) DEFAULT CHARACTER SET utf8mb4',
        ],
        columns: ['change_type', 'new_data', 'old_data'],
        rows: changes(commission),
        finish: [],
      },
    ],
  };
}

const HABITS: Habits = { phone: trunkPhone, unknownBirthDate: 'zero' };
const STREAM = { patient: 31, change: 32 } as const;
/** As typed: the dashboard counts these three in any case. Now and then a word that it does not know. */
const SEVERITIES = ['severe', 'Severe', 'mild severe', 'Mild Severe', 'healthy', 'Healthy', 'HEALTHY'] as const;
const UNKNOWN_SEVERITY = 'critical';
/** Of the patients, how many have a change waiting. */
const CHANGED = 0.1;

interface Member {
  readonly id: number;
  readonly entry: Entry;
  readonly severity: string | null;
}

function* patients({ seed, patients: all, served }: Commission): Generator<Cell[]> {
  const cohort = new Cohort(seed, 'registry', all);
  for (let index = 0; index < cohort.size; index++) {
    const { id, entry, severity } = member(cohort, index);
    served('Patient', `${id}`, { person: cohort.person(index), faults: entry.faults });
    if (severity !== null) {
      served('Observation', `${id}.severity`);
      if (severity.toLowerCase() !== 'healthy') served('Condition', `${id}.severity`);
    }
    yield Object.values(row({ id, entry, severity }));
  }
}

function member(cohort: Cohort, index: number): Member {
  const random = cohort.random(STREAM.patient, index);
  const entry = enter(cohort.person(index), HABITS, random, index % 3 === 0, false);
  return { id: cohort.number(index), entry, severity: severityOf(random) };
}

function severityOf(random: Random): string | null {
  if (random.chance(0.02)) return null;
  return random.chance(0.01) ? UNKNOWN_SEVERITY : random.pick(SEVERITIES);
}

function row({ id, entry, severity }: Member) {
  return {
    id,
    first_name: entry.firstName,
    last_name: entry.lastName,
    dob: entry.birthDate,
    gender: entry.gender,
    contact_number: entry.phone,
    email_id: entry.email,
    emergency_contact: entry.emergency.phone,
    severity,
  };
}

/** What triggers wrote and nobody has taken yet: the row as JSON text, before and after. */
function* changes({ seed, patients: all }: Commission): Generator<Cell[]> {
  const cohort = new Cohort(seed, 'registry', all);
  for (let index = 0; index < cohort.size; index++) {
    const random = cohort.random(STREAM.change, index);
    if (!random.chance(CHANGED)) continue;
    const now = row(member(cohort, index));
    const before = { ...now, severity: random.pick(SEVERITIES) };
    yield random.chance(0.3)
      ? ['INSERT', JSON.stringify(now), null]
      : ['UPDATE', JSON.stringify(now), JSON.stringify(before)];
  }
}
