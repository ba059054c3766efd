import { withoutAccents } from './accents.js';
import { dayOf, REFERENCE_DAY } from './calendar.js';
import { namePool } from './names.js';
import { ABROAD, HOME, type Place } from './places.js';
import { Random } from './random.js';

export type Gender = 'Male' | 'Female' | 'Other';

export interface Phone {
  readonly dialling: string;
  readonly national: string;
}

/** A human as they are, before any clerk writes them down. */
export interface Person {
  readonly number: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly gender: Gender;
  /** Days since 1970-01-01. */
  readonly birthDay: number;
  readonly bloodGroup: string;
  readonly heightCm: number;
  readonly weightKg: number;
  readonly place: Place;
  readonly postalCode: string;
  readonly phone: Phone;
  readonly email: string;
  readonly emergency: { readonly name: string; readonly relation: string; readonly phone: Phone };
  readonly insurance: { readonly id: string; readonly provider: string };
}

const BLOOD_GROUPS = ['A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'] as const;
const RELATIONS = ['Spouse', 'Parent', 'Sibling', 'Friend', 'Offspring'] as const;
export const INSURERS = ['ABC Insurance', 'XYZ Health', 'CarePlus', 'Aarogya Kavach', 'Star, Shield & Co.'] as const;
const MAIL_HOSTS = ['example.com', 'example.org', 'example.net'] as const;

/** Streams of randomness: one per question asked about a person, so that a twin can share one answer and not another. */
const STREAM = { name: 11, birth: 12, home: 13, body: 14, kin: 15 } as const;

/** Born in 1930 from February on; January belongs to the eldest of each hospital (population.ts). */
const FIRST_BIRTH = dayOf(1930, 2, 1);
const LAST_BIRTH = dayOf(2023, 12, 31);

/**
 * The person of this number. One in thirty bears the name of the person before them, one in a hundred is their twin
 * (same family name, home, telephone and birth date; another given name): what identity matching has to keep apart.
 */
export function personAt(seed: number, number: number): Person {
  const kin = new Random(seed, STREAM.kin, number);
  const namesake = number > 0 && kin.chance(1 / 30);
  const twin = number > 0 && !namesake && kin.chance(1 / 100);
  const own = nameOf(seed, number);
  const before = namesake || twin ? nameOf(seed, number - 1) : own;
  const firstName = namesake ? before.firstName : own.firstName;
  const lastName = before.lastName;
  const birthDay = birthDayOf(seed, twin ? number - 1 : number);
  const home = homeOf(seed, twin ? number - 1 : number);
  return {
    number,
    firstName,
    lastName,
    gender: namesake ? before.gender : own.gender,
    birthDay,
    ...bodyOf(seed, number, birthDay),
    ...home,
    email: `${plainLetters(firstName)}.${plainLetters(lastName)}${kin.integer(1, 999)}@${kin.pick(MAIL_HOSTS)}`,
    emergency: {
      name: `${nameOf(seed, kin.next()).firstName} ${lastName}`,
      relation: kin.pick(RELATIONS),
      phone: { dialling: home.place.dialling, national: nationalNumber(kin) },
    },
    insurance: { id: `INS${kin.digits(7)}`, provider: kin.pick(INSURERS) },
  };
}

/** The family name of some physician. */
export function familyName(random: Random): string {
  return random.pick(namePool(random.next()).family);
}

function nameOf(seed: number, number: number): { firstName: string; lastName: string; gender: Gender } {
  const random = new Random(seed, STREAM.name, number);
  const pool = namePool(random.next());
  const female = random.chance(0.5);
  const gender = random.chance(0.01) ? 'Other' : female ? 'Female' : 'Male';
  return { firstName: random.pick(female ? pool.female : pool.male), lastName: random.pick(pool.family), gender };
}

function birthDayOf(seed: number, number: number): number {
  return new Random(seed, STREAM.birth, number).integer(FIRST_BIRTH, LAST_BIRTH);
}

function homeOf(seed: number, number: number): { place: Place; postalCode: string; phone: Phone } {
  const random = new Random(seed, STREAM.home, number);
  const place = random.pick(random.chance(0.8) ? HOME : ABROAD);
  const postalCode = place.postal.replace(/#/g, () => random.digits(1));
  return { place, postalCode, phone: { dialling: place.dialling, national: nationalNumber(random) } };
}

function nationalNumber(random: Random): string {
  return `${random.integer(6, 9)}${random.digits(9)}`;
}

/** Height in cm and weight in kg, plausible for the age at the reference day. */
function bodyOf(seed: number, number: number, birthDay: number) {
  const random = new Random(seed, STREAM.body, number);
  const age = (REFERENCE_DAY - birthDay) / 365.25;
  const grown = Math.min(age, 17) / 17;
  return {
    bloodGroup: random.pick(BLOOD_GROUPS),
    heightCm: Math.round(65 + grown * random.integer(85, 130)),
    weightKg: Math.round((7 + grown * random.integer(35, 105)) * 2) / 2,
  };
}

/** Letters a to z only: what a mail address is made of. */
function plainLetters(name: string): string {
  return withoutAccents(name)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
