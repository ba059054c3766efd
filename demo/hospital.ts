import { dayOf, isoDate, REFERENCE_DAY } from './calendar.js';
import { type Entry, enter, type Habits } from './clerk.js';
import { ELDERS, type Population } from './population.js';
import type { Random } from './random.js';
import type { Truth } from './truth.js';

/** What the generator of one hospital is handed. */
export interface Assignment {
  readonly population: Population;
  /** The path of a file of this hospital, by its name. */
  readonly file: (name: string) => string;
  readonly truth: Truth;
}

/** A generator of one hospital: writes its files and yields once for each row written. */
export type Hospital = (assignment: Assignment) => Generator<void>;

/** A patient as entered, and the randomness for what the hospital adds of its own. */
export interface Admission {
  readonly key: string;
  readonly entry: Entry;
  readonly random: Random;
}

/** A member of staff as entered. */
export interface Member extends Admission {
  readonly joiningDate: string;
  readonly salary: number;
  readonly line1: string;
  readonly line2: string | null;
}

export interface Bill {
  readonly key: string;
  readonly patientId: string;
  readonly staffId: string;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly random: Random;
}

const STREAM = { patient: 21, staff: 22, bill: 23 } as const;
const STREETS = [
  'MG Road',
  'Station Road',
  'Queen’s Gate',
  'Rue de l’Église',
  'Karl-Marx-Straße',
  "St. Mary's Lane",
] as const;
const FIRST_BILL = dayOf(2022, 1, 1);
const FIRST_JOINED = dayOf(2005, 1, 1);

/** The patients of a hospital in the order of its rows; each is told to the truth file on its way out. */
export function* admissions({ population, truth }: Assignment, habits: Habits): Generator<Admission> {
  for (let index = 0; index < population.sizes.patients; index++) {
    const random = population.random(STREAM.patient, index);
    const { person, known } = population.patient(index);
    const entry = enter(person, habits, random, known, index < ELDERS);
    const key = population.patientKeys.at(index);
    truth.add(population.source, key, person, entry.faults);
    yield { key, entry, random };
  }
}

export function* members({ population }: Assignment, habits: Habits): Generator<Member> {
  for (let index = 0; index < population.sizes.staff; index++) {
    const random = population.random(STREAM.staff, index);
    yield {
      key: population.staffKeys.at(index),
      entry: enter(population.staff(index), habits, random, false, false),
      random,
      joiningDate: isoDate(random.integer(FIRST_JOINED, REFERENCE_DAY)),
      salary: random.integer(30_000, 150_000),
      line1: `${random.integer(1, 250)}, ${random.pick(STREETS)}`,
      line2: random.chance(0.4) ? null : `Flat ${random.integer(1, 40)}`,
    };
  }
}

export function* bills({ population }: Assignment): Generator<Bill> {
  for (let index = 0; index < population.sizes.finance; index++) {
    const random = population.random(STREAM.bill, index);
    yield { ...population.bill(index), day: random.integer(FIRST_BILL, REFERENCE_DAY), random };
  }
}

/** Hundredths of the currency -> an amount with at most two decimals. */
export function money(hundredths: number): number {
  return hundredths / 100;
}
