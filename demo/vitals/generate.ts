import { REFERENCE_DAY } from '../calendar.js';
import { Cohort, nameOf } from '../cohort.js';
import type { Point, Points } from '../load/influxdb.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';

/**
 * Measurements of monitored patients, who are known by name alone. Devices write `health_metrics`, with the blood pressure as one
 * text; others `body_data`, with two fields for it. Who reads the one does not see the other.
 */
export function generate(commission: Commission): Points {
  return { measurements: ['health_metrics', 'body_data'], points: points(commission) };
}

const STREAM = { point: 91 } as const;
const POINTS_PER_PATIENT = 24;
const SECONDS_A_DAY = 86_400;
const SECOND = 1_000_000_000n;
/** The days before the reference day that measurements are of. */
const DAYS = 2;

function* points({ seed, patients: all, served }: Commission): Generator<Point> {
  const cohort = new Cohort(seed, 'monitored', all);
  for (let index = 0; index < cohort.size; index++) {
    const tags = { patient: nameOf(cohort.person(index)) };
    for (let i = 0; i < POINTS_PER_PATIENT; i++) {
      const serial = index * POINTS_PER_PATIENT + i + 1;
      const random = cohort.random(STREAM.point, serial);
      const time = timeOf(serial, random);
      const native = (relation: string, facet: string) => ({ relation, key: [written(time), tags.patient], facet });
      if (random.chance(0.7)) {
        const pressure = pressureText(random);
        served('Observation', native('health_metrics', 'rate'));
        if (pressure !== undefined) served('Observation', native('health_metrics', 'pressure'));
        const fields = { heart_rate: rate(random), ...(pressure !== undefined && { blood_pressure: pressure }) };
        yield { measurement: 'health_metrics', tags, fields, time };
        continue;
      }
      served('Observation', native('body_data', 'body-rate'));
      const pressed = random.chance(0.5);
      if (pressed) served('Observation', native('body_data', 'body-pressure'));
      const [systolic, diastolic] = [BigInt(random.integer(95, 165)), BigInt(random.integer(58, 100))];
      const fields = { heart_rate: rate(random), ...(pressed && { systolic, diastolic }) };
      yield { measurement: 'body_data', tags, fields, time };
    }
  }
}

/** Nanoseconds since 1970. No two points have one time: a clock of nanoseconds is read once for each. */
function timeOf(serial: number, random: Random): bigint {
  const second = (REFERENCE_DAY - DAYS) * SECONDS_A_DAY + random.integer(0, DAYS * SECONDS_A_DAY - 1);
  return BigInt(second) * SECOND + (BigInt(serial) % SECOND);
}

/** ISO 8601 with as many digits in threes as it needs. */
function written(time: bigint): string {
  const whole = new Date(Number(time / SECOND) * 1000).toISOString().slice(0, 19);
  const fraction = String(time % SECOND)
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '');
  return `${whole}.${fraction}Z`;
}

function rate(random: Random): bigint {
  return BigInt(random.integer(48, 130));
}

/** Systolic/diastolic in mm[Hg]; now and then malformed, or not measured. */
function pressureText(random: Random): string | undefined {
  if (random.chance(0.05)) return undefined;
  if (random.chance(0.03)) return random.pick(['120', 'high', '120/']);
  return `${random.integer(95, 165)}/${random.integer(58, 100)}`;
}
