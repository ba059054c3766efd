import { withoutAccents } from './accents.js';
import { isoDate } from './calendar.js';
import { familyName, type Person, type Phone } from './person.js';
import { ABROAD, HOME } from './places.js';
import type { Random } from './random.js';

/** What a clerk did to a record; the truth file names them, so that identity tests know what made two records differ. */
export type Fault =
  | 'given-name-typo'
  | 'family-name-typo'
  | 'names-swapped'
  | 'family-name-first'
  | 'accents-lost'
  | 'space-around-name'
  | 'day-month-swapped'
  | 'birth-date-partial'
  | 'birth-date-zero'
  | 'birth-date-missing'
  | 'phone-missing'
  | 'email-missing'
  | 'moved'
  | 'state-of-another-country'
  | 'insurance-other';

/** A person as one hospital wrote them down: text as stored, null where nothing was written. */
export interface Entry {
  readonly firstName: string;
  readonly lastName: string;
  readonly gender: string | null;
  readonly birthDate: string | null;
  readonly bloodGroup: string | null;
  readonly heightCm: number | null;
  readonly weightKg: number | null;
  readonly country: string | null;
  readonly state: string | null;
  readonly city: string | null;
  readonly postalCode: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly emergency: { readonly name: string; readonly relation: string | null; readonly phone: string | null };
  readonly insurance: { readonly id: string | null; readonly provider: string | null };
  readonly physician: string | null;
  readonly faults: readonly Fault[];
}

/** The habits of one hospital: how it writes telephone numbers, and what it does with a birth date it does not know. */
export interface Habits {
  readonly phone: (phone: Phone, random: Random) => string;
  readonly unknownBirthDate: 'zero' | 'partial';
  /** The share of records whose state lies in another country than the one beside it; absent where no address is kept. */
  readonly stateOfAnotherCountry?: number;
  /** Where the name is one text: the share of records that read "family, given" (Entry.faults says which). */
  readonly familyNameFirst?: number;
}

/** Leading zero, as dialled within the country; kept as text or lost. */
export const trunkPhone = (phone: Phone): string => `0${phone.national}`;
export const internationalPhone = (phone: Phone): string =>
  `+${phone.dialling} ${phone.national.slice(0, 5)} ${phone.national.slice(5)}`;
export const hyphenatedPhone = (phone: Phone): string =>
  `+${phone.dialling}-${phone.national.slice(0, 5)}-${phone.national.slice(5)}`;
/** 00, country, number: what a spreadsheet turns into a number without its zeros. */
export const doubleZeroPhone = (phone: Phone): string => `00${phone.dialling}${phone.national}`;

/**
 * Writes a person down. `known` records are of somebody whom another hospital knows as well: there a clerk errs more often,
 * for these are the cases that matching has to survive. `elder` records keep their birth date.
 */
export function enter(person: Person, habits: Habits, random: Random, known: boolean, elder: boolean): Entry {
  const faults: Fault[] = [];
  const err = (fault: Fault, share: number, knownShare = share): boolean => {
    const happens = random.chance(known ? knownShare : share);
    if (happens) faults.push(fault);
    return happens;
  };

  let { firstName, lastName } = person;
  if (err('given-name-typo', 0.01, 0.15)) firstName = mistype(firstName, random);
  if (err('family-name-typo', 0.01, 0.15)) lastName = mistype(lastName, random);
  if (err('names-swapped', 0.005, 0.04)) [firstName, lastName] = [lastName, firstName];
  err('family-name-first', habits.familyNameFirst ?? 0);
  if (withoutAccents(firstName + lastName) !== firstName + lastName && err('accents-lost', 0.02, 0.3)) {
    firstName = withoutAccents(firstName);
    lastName = withoutAccents(lastName);
  }
  if (err('space-around-name', 0.02)) {
    if (random.chance(0.5)) firstName = ` ${firstName}`;
    else lastName = `${lastName} `;
  }

  const moved = err('moved', 0, habits.stateOfAnotherCountry === undefined ? 0 : 0.15);
  const place = moved ? random.pick(HOME) : person.place;
  const astray = err('state-of-another-country', habits.stateOfAnotherCountry ?? 0);
  const provider = person.insurance.provider;
  return {
    firstName,
    lastName,
    gender: random.chance(0.01) ? null : person.gender,
    birthDate: elder ? isoDate(person.birthDay) : birthDate(person.birthDay, habits, random, err),
    bloodGroup: random.chance(0.02) ? null : person.bloodGroup,
    heightCm: random.chance(0.02) ? null : person.heightCm,
    weightKg: random.chance(0.02) ? null : person.weightKg + random.integer(-3, 3) / 2,
    country: place.country,
    state: astray ? random.pick(place.country === 'India' ? ABROAD : HOME).state : place.state,
    city: place.city,
    postalCode: moved ? place.postal.replace(/#/g, () => random.digits(1)) : person.postalCode,
    phone: err('phone-missing', 0.03, 0.1) ? random.pick([null, '', 'N/A']) : habits.phone(person.phone, random),
    email: err('email-missing', 0.03, 0.1) ? random.pick([null, '', ' ', 'N/A']) : person.email,
    emergency: {
      name: person.emergency.name,
      relation: random.chance(0.02) ? null : person.emergency.relation,
      phone: random.chance(0.02) ? null : habits.phone(person.emergency.phone, random),
    },
    insurance: random.chance(0.04)
      ? { id: random.pick([null, '', 'N/A']), provider: random.pick([null, provider]) }
      : { id: err('insurance-other', 0, 0.4) ? `INS${random.digits(7)}` : person.insurance.id, provider },
    physician: random.chance(0.02) ? random.pick([null, 'N/A']) : `Dr. ${familyName(random)}`,
    faults,
  };
}

/** The name as one text, given name first; now and then the family name, a comma and the rest. */
export function oneName({ firstName, lastName, faults }: Entry): string {
  return faults.includes('family-name-first') ? `${lastName}, ${firstName}` : `${firstName} ${lastName}`;
}

type Err = (fault: Fault, share: number, knownShare?: number) => boolean;

function birthDate(birthDay: number, habits: Habits, random: Random, err: Err): string | null {
  const written = isoDate(birthDay);
  const [year, month, day] = written.split('-') as [string, string, string];
  if (err('birth-date-missing', 0.01, 0.03)) return null;
  // The first weeks of 1930 belong to the eldest: no date there may come from a swapped or a shortened one.
  if (year === '1930') return written;
  if (habits.unknownBirthDate === 'zero' && err('birth-date-zero', 0.015)) return '0000-00-00';
  if (habits.unknownBirthDate === 'partial' && err('birth-date-partial', 0.06)) {
    return random.chance(0.5) ? year : `${year}-${month}`;
  }
  if (day !== month && day <= '12' && err('day-month-swapped', 0.01, 0.2)) return `${year}-${day}-${month}`;
  return written;
}

/** One slip of the keyboard: two letters exchanged, one left out, one doubled, or a wrong one; never the same word again. */
function mistype(name: string, random: Random): string {
  const letters = [...name];
  const at = random.integer(1, letters.length - 1);
  const slip = random.integer(0, 3);
  if (slip === 0 && letters[at] !== letters[at - 1]) {
    [letters[at - 1], letters[at]] = [letters[at]!, letters[at - 1]!];
  } else if (slip === 1 && letters.length > 3) {
    letters.splice(at, 1);
  } else if (slip === 2) {
    letters.splice(at, 0, letters[at]!);
  } else {
    letters[at] = letters[at] === 'e' ? 'a' : 'e';
  }
  return letters.join('');
}
