import { REFERENCE_DAY } from '../calendar.js';
import { Cohort, nameOf } from '../cohort.js';
import type { Collections, ServerDocument } from '../load/mongodb.js';
import { objectId } from '../object-id.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';

/** Profiles of monitored patients: a document each, that its system finds, changes and removes by the name. */
export function generate(commission: Commission): Collections {
  return { collections: [{ name: 'patients', documents: patients(commission), indexes: [{ key: { name: 1 } }] }] };
}

const STREAM = { profile: 61 } as const;
const SALT = 0x0ff1_ce00;
const HISTORIES = ['Hypertension', 'Diabetes', 'Asthma', 'Migraine', 'Allergic rhinitis', 'None', ''] as const;

function* patients({ seed, patients: all, served }: Commission): Generator<ServerDocument> {
  const cohort = new Cohort(seed, 'monitored', all);
  for (let index = 0; index < cohort.size; index++) {
    const random = cohort.random(STREAM.profile, index);
    const person = cohort.person(index);
    const key = objectId(seed ^ SALT, index);
    const history = Array.from({ length: random.integer(0, 3) }, () => random.pick(HISTORIES));
    served('Patient', key, { person });
    for (const [i, text] of history.entries())
      if (text !== '' && text !== 'None') served('Condition', `${key}.${i}.history`);
    yield {
      _id: key,
      name: profileName(nameOf(person), random),
      age: Math.floor((REFERENCE_DAY - person.birthDay) / 365.25),
      medical_history: history,
      ...(random.chance(0.4) && { region: random.pick(['North', 'North', 'South']) }),
    };
  }
}

/** Now and then spelt otherwise than where the measurements are: "Lina Hassan" is "Lina H." here, or LINA HASSAN. */
function profileName(name: string, random: Random): string {
  if (random.chance(0.05)) return name.replace(/^(.*) (\S)\S*$/, '$1 $2.');
  return random.chance(0.05) ? name.toUpperCase() : name;
}
