import type { Code } from '../code.js';
import type { Cook } from './recipe.js';

const genders = {
  m: 'male',
  male: 'male',
  man: 'male',
  f: 'female',
  female: 'female',
  woman: 'female',
  o: 'other',
  other: 'other',
  u: 'unknown',
  unk: 'unknown',
  unknown: 'unknown',
} as const;

export const patient: Cook = (reading) => {
  const identifier: Code[] = [
    { system: reading.system(reading.planned.key), value: reading.text(reading.planned.key, 'a1') },
  ];
  reading.used.set(reading.planned.key, reading.planned.key.type === 'integer' ? 1 : 'a1');
  const mrn = reading.find('mrn medicalrecordnumber recordnumber hospitalnumber patientnumber');
  if (mrn) identifier.push({ use: 'usual', system: reading.system(mrn), value: reading.text(mrn, 'N1') });
  const family = reading.optional('lastname surname familyname family last lname namelast namefamily', 'Example');
  const given = [
    reading.optional('firstname forename givenname given first fname namefirst namegiven', 'Ada'),
    reading.optional('middlename middle middleinitial', 'B'),
  ].filter((one) => one !== undefined);
  const text =
    family === undefined && given.length === 0
      ? reading.optional('name fullname displayname', 'Ada Example')
      : undefined;
  const prefix = reading.optional('prefix title nameprefix salutation', 'Dr');
  const suffix = reading.optional('suffix namesuffix', 'Jr');
  const name = {
    text,
    family,
    given: given.length > 0 ? given : undefined,
    prefix: prefix && [prefix],
    suffix: suffix && [suffix],
  };
  const named = family ?? given[0] ?? text;
  const birthDate = reading.date('birthdate dateofbirth dob birthday born birth birthdt datebirth');
  const gender = reading.code('gender sex administrativegender gendercode sexcode', genders);
  if (named === undefined && birthDate === undefined && gender === undefined)
    return 'no column of it is a name, a birth date or a gender';
  const deceasedDateTime = reading.dateTime('deathdate dateofdeath dod deceaseddate deceaseddatetime');
  const line = [
    reading.optional('addressline1 address1 line1 streetaddress street addressline address', '1 Example Street'),
    reading.optional('addressline2 address2 line2', 'Flat 2'),
  ].filter((one) => one !== undefined);
  const parts = {
    line: line.length > 0 ? line : undefined,
    city: reading.optional('city town', 'Exampleton'),
    district: reading.optional('district county', 'Example County'),
    state: reading.optional('state province', 'EX'),
    postalCode: reading.optional('postalcode zip zipcode postcode pincode', '12345'),
    country: reading.optional('country', 'Exampleland'),
  };
  const telecom = [
    telephone('home', reading.optional('homephone phonehome', '555 0101')),
    telephone('mobile', reading.optional('mobile mobilephone mobilenumber mobileno cell cellphone', '555 0102')),
    telephone('work', reading.optional('workphone phonework', '555 0103')),
    telephone(
      undefined,
      reading.optional('phone phonenumber telephone tel contactnumber contactno phoneno', '555 0100'),
    ),
    { system: 'email', value: reading.optional('email emailaddress emailid mail', 'ada@example.org') },
  ].filter(({ value }) => value !== undefined);
  return {
    to: {
      resourceType: 'Patient',
      identifier,
      name: named && [name],
      telecom: telecom.length > 0 ? telecom : undefined,
      gender,
      birthDate,
      deceasedDateTime,
      address: Object.values(parts).some((part) => part !== undefined) ? [parts] : undefined,
    },
  };
};

function telephone(use: string | undefined, value: Code | undefined) {
  return { system: 'phone', use, value };
}
