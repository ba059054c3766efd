import { dayOf } from './calendar.js';
import { hexKeys, type KeySpace, letterKeys } from './keys.js';
import { type Person, personAt } from './person.js';
import { mix, Random } from './random.js';

export const SOURCES = ['his-a', 'his-b', 'his-c', 'his-d'] as const;
export type Source = (typeof SOURCES)[number];

/** How many rows each table of one hospital has. */
export interface Sizes {
  readonly patients: number;
  readonly staff: number;
  readonly finance: number;
}

/** Shares of all patients: 1200, 400, 500 and 400 of 2,500; the first hospital takes the rest. */
const SHARE = { 'his-b': 0.16, 'his-c': 0.2, 'his-d': 0.16 } as const;
const STAFF_PER_PATIENT = 0.15;
const BILLS_PER_PATIENT = 0.35;
/** Of the patients of the other three hospitals, how many are known to the first one too. */
const ALSO_IN_A = 0.3;
/**
 * The systems this is modelled on resolve no bill at all (shapes.md D: 0 of 880). A demo needs some that do, so that references
 * can be followed: 60 % dangle by patient and, independently, 60 % by staff member.
 */
const DANGLING = 0.6;
/** The eldest of each hospital, so that the first page by birth date shows all four however many patients there are. */
export const ELDERS = 5;
/** Numbers of persons that no patient has. */
const STAFF_NUMBERS_FROM = 1_000_000_000;
const FIRST_EMPLOYEE = dayOf(1958, 1, 1);
const LAST_EMPLOYEE = dayOf(2001, 12, 31);
const STREAM = { also: 1, bill: 2, working: 3 } as const;

/** The rows of each hospital for so many patients over all four. */
export function sizesFor(patients: number): Record<Source, Sizes> {
  const sizes = (count: number): Sizes => ({
    patients: count,
    staff: Math.ceil(count * STAFF_PER_PATIENT),
    finance: Math.ceil(count * BILLS_PER_PATIENT),
  });
  const b = Math.floor(patients * SHARE['his-b'] + 1e-9);
  const c = Math.floor(patients * SHARE['his-c'] + 1e-9);
  const d = Math.floor(patients * SHARE['his-d'] + 1e-9);
  return { 'his-a': sizes(patients - b - c - d), 'his-b': sizes(b), 'his-c': sizes(c), 'his-d': sizes(d) };
}

/** The humans behind the rows of one hospital: which person each row is about, and which keys it has there. */
export class Population {
  readonly sizes: Sizes;
  readonly patientKeys: KeySpace;
  readonly staffKeys: KeySpace;
  readonly billKeys: KeySpace;
  readonly #salt: number;
  readonly #ordinal: number;
  readonly #inA: number;
  readonly #firstNumber: number;

  constructor(
    readonly seed: number,
    readonly source: Source,
    all: Record<Source, Sizes>,
    /** Do staff and bills have keys with a letter in front? */
    lettered: boolean,
  ) {
    this.#ordinal = SOURCES.indexOf(source);
    this.#salt = mix(mix(seed) ^ (this.#ordinal + 1));
    this.#inA = all['his-a'].patients;
    this.#firstNumber = SOURCES.slice(0, this.#ordinal).reduce((sum, name) => sum + all[name].patients, 0);
    this.sizes = all[source];
    this.patientKeys = hexKeys(this.#salt);
    const [staffSalt, billSalt] = [mix(this.#salt), mix(mix(this.#salt))];
    this.staffKeys = lettered ? letterKeys('S', staffSalt) : hexKeys(staffSalt);
    this.billKeys = lettered ? letterKeys('T', billSalt) : hexKeys(billSalt);
  }

  /** Randomness for a question about one row of this hospital. */
  random(stream: number, index: number): Random {
    return new Random(this.#salt, stream, index);
  }

  /** The person behind a patient row, and whether the first hospital knows them too. No two rows of a hospital are one person. */
  patient(index: number): { person: Person; known: boolean } {
    if (index < ELDERS) {
      const elder = personAt(this.seed, this.#firstNumber + index);
      return {
        person: { ...elder, birthDay: dayOf(1930, 1, 1 + index * SOURCES.length + this.#ordinal) },
        known: false,
      };
    }
    const known =
      this.#ordinal > 0 && this.#inA >= this.sizes.patients && this.random(STREAM.also, index).chance(ALSO_IN_A);
    const number = known ? Math.floor((index * this.#inA) / this.sizes.patients) : this.#firstNumber + index;
    return { person: personAt(this.seed, number), known };
  }

  /** A member of staff: no patient, and of working age. */
  staff(index: number): Person {
    const person = personAt(this.seed, STAFF_NUMBERS_FROM * (this.#ordinal + 1) + index);
    return { ...person, birthDay: this.random(STREAM.working, index).integer(FIRST_EMPLOYEE, LAST_EMPLOYEE) };
  }

  /** The keys a bill points at: of existing rows, or dangling. */
  bill(index: number): { key: string; patientId: string; staffId: string } {
    const random = this.random(STREAM.bill, index);
    const point = (keys: KeySpace, rows: number) =>
      rows === 0 || random.chance(DANGLING) ? keys.dangling(random.next()) : keys.at(random.integer(0, rows - 1));
    return {
      key: this.billKeys.at(index),
      patientId: point(this.patientKeys, this.sizes.patients),
      staffId: point(this.staffKeys, this.sizes.staff),
    };
  }
}
