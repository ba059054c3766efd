import { Cohort, nameOf } from '../cohort.js';
import type { Graph } from '../load/neo4j.js';
import { personAt } from '../person.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';

/**
 * Who treats whom: Neo4j, `(:Doctor {name})-[:TREATS]->(:Patient {name})`. Its system merges by name, so that two people of one name
 * are one node, and one whose name is spelt in two ways is two.
 */
export function generate(commission: Commission): Graph {
  commission.served('Organization', 'unit');
  return {
    labels: ['Doctor', 'Patient'],
    prepare: [
      'CREATE INDEX doctor_name_index IF NOT EXISTS FOR (d:Doctor) ON (d.name)',
      // Its system has none; without, filling it would take the square of its size.
      'CREATE INDEX patient_name_while_filled IF NOT EXISTS FOR (p:Patient) ON (p.name)',
      'CALL db.awaitIndexes()',
    ],
    steps: [
      { statement: 'UNWIND $rows AS row MERGE (:Doctor {name: row.name})', rows: doctors(commission) },
      { statement: 'UNWIND $rows AS row MERGE (:Patient {name: row.name})', rows: patients(commission) },
      {
        statement:
          'UNWIND $rows AS row MATCH (d:Doctor {name: row.doctor}), (p:Patient {name: row.patient}) MERGE (d)-[:TREATS]->(p)',
        rows: treatments(commission),
      },
    ],
    finish: ['DROP INDEX patient_name_while_filled IF EXISTS', 'CALL db.awaitIndexes()'],
  };
}

const STREAM = { name: 71, treated: 72 } as const;
const PATIENTS_PER_DOCTOR = 8;
/** Numbers of persons that no patient has and no staff of a hospital. */
const DOCTORS_FROM = 900_000_000;

function doctorCount(cohort: Cohort): number {
  return Math.ceil(cohort.size / PATIENTS_PER_DOCTOR);
}

function doctorName(seed: number, index: number): string {
  return `Dr. ${nameOf(personAt(seed, DOCTORS_FROM + index))}`;
}

function patientName(cohort: Cohort, index: number): string {
  return spelt(nameOf(cohort.person(index)), cohort.random(STREAM.name, index));
}

/** As somebody heard it: Ahmed Mohamed is Ahmad Mohamad to another. */
function spelt(name: string, random: Random): string {
  return random.chance(0.06) ? name.replaceAll('e', 'a') : name;
}

function* doctors({ seed, patients: all, served }: Commission) {
  const count = doctorCount(new Cohort(seed, 'monitored', all));
  for (let index = 0; index < count; index++) {
    const name = doctorName(seed, index);
    served('Practitioner', { relation: 'Doctor', key: [name] });
    yield { name };
  }
}

function* patients({ seed, patients: all, served }: Commission) {
  const cohort = new Cohort(seed, 'monitored', all);
  for (let index = 0; index < cohort.size; index++) {
    const name = patientName(cohort, index);
    const native = { relation: 'Patient', key: [name] };
    served('Patient', native, { person: cohort.person(index) });
    served('CareTeam', native);
    yield { name };
  }
}

/** Each patient has none, one or more doctors. */
function* treatments({ seed, patients: all }: Commission) {
  const cohort = new Cohort(seed, 'monitored', all);
  const count = doctorCount(cohort);
  for (let index = 0; index < cohort.size; index++) {
    const random = cohort.random(STREAM.treated, index);
    const some = random.integer(0, 3);
    for (let i = 0; i < some; i++)
      yield { doctor: doctorName(seed, random.integer(0, count - 1)), patient: patientName(cohort, index) };
  }
}
