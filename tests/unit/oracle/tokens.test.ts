import { describe, expect, test } from '@jest/globals';
import { Refused } from '../../oracle/oracle.js';
import { answer } from './answers.js';

const loinc = 'http://loinc.org';
const observations = [
  {
    resourceType: 'Observation',
    id: 'both',
    code: {
      text: 'Größe',
      coding: [
        { system: loinc, code: 'A', display: 'Body height' },
        { system: 'urn:x', code: 'B' },
      ],
    },
  },
  { resourceType: 'Observation', id: 'bare', code: { coding: [{ code: 'A' }] } },
  { resourceType: 'Observation', id: 'lower', code: { coding: [{ system: loinc, code: 'a' }] } },
  { resourceType: 'Observation', id: 'piped', code: { coding: [{ system: 'urn:x|1', code: 'A,|$\\' }] } },
  { resourceType: 'Observation', id: 'words', code: { text: 'body weight' } },
  { resourceType: 'Observation', id: 'none' },
];

describe('codings, one at a time', () => {
  const cases: [string, string][] = [
    ['code=A', 'bare both'],
    ['code=a', 'lower'],
    [`code=${loinc}|A`, 'both'],
    ['code=|A', 'bare'],
    [`code=${loinc}|`, 'both lower'],
    [`code=${loinc}|B`, ''],
    ['code=urn:x|A', ''],
    ['code=urn:x|B,a', 'both lower'],
    ['code=A&code=B', 'both'],
    ['code=urn:x%5C%7C1|', 'piped'],
    ['code=A%5C,%5C%7C%5C$%5C%5C', 'piped'],
    ['code=eqA', ''],
    ['code:not=A', 'lower none piped words'],
    ['code:not=A,a', 'none piped words'],
    ['code:not=A&code:not=a', 'none piped words'],
    ['code:text=body', 'both words'],
    ['code:text=GROSSE', ''],
    ['code:text=größ', 'both'],
    ['code:text=weight', ''],
    ['code:missing=true', 'none'],
    ['code:missing=false', 'bare both lower piped words'],
  ];
  test.each(cases)('Observation?%s', (query, ids) => expect(answer(observations, `Observation?${query}`)).toBe(ids));
});

describe('what stands for a coding', () => {
  const people = [
    {
      resourceType: 'Patient',
      id: 'p1',
      gender: 'male',
      active: true,
      deceasedBoolean: false,
      identifier: [{ system: 'urn:mrn', value: '007', type: { text: 'Record number' } }, { value: 'x' }],
      telecom: [
        { system: 'phone', value: '555' },
        { system: 'email', value: 'A@b.c' },
        { system: 'fax', use: 'work' },
      ],
      meta: { tag: [{ system: 'urn:t', code: 'k' }] },
    },
    { resourceType: 'Patient', id: 'p2', gender: 'female', active: false, deceasedDateTime: '2020' },
    { resourceType: 'Patient', id: 'P2', telecom: [{ system: 'email', value: '555' }] },
  ];
  const sex = 'http://hl7.org/fhir/administrative-gender';
  const cases: [string, string][] = [
    ['gender=male', 'p1'],
    [`gender=${sex}|male`, 'p1'],
    [`gender=${sex}|`, 'p1 p2'],
    ['gender=urn:x|male', ''],
    ['gender:not=male', 'P2 p2'],
    ['active=true', 'p1'],
    ['active:not=true', 'P2 p2'],
    ['deceased=true', 'p2'],
    ['deceased=false', 'P2 p1'],
    ['identifier=007', 'p1'],
    ['identifier=7', ''],
    ['identifier=urn:mrn|', 'p1'],
    ['identifier=|007', ''],
    ['identifier=|x', 'p1'],
    ['identifier:text=rec', 'p1'],
    ['phone=555', 'p1'],
    ['email=555', 'P2'],
    ['email=a@b.c', ''],
    ['telecom=555', 'P2 p1'],
    ['_id=p2', 'p2'],
    ['_id=p1,P2,nobody', 'P2 p1'],
    ['_id:not=p1', 'P2 p2'],
    ['_tag=urn:t|k', 'p1'],
    ['phone:missing=true', 'P2 p2'],
  ];
  test.each(cases)('Patient?%s', (query, ids) => expect(answer(people, `Patient?${query}`)).toBe(ids));
  test.each(['gender:exact=male', 'gender=a|b|c', 'gender:contains=m', 'nonsense=1', 'near=1'])(
    'refused: %s',
    (query) => expect(() => answer(people, `Patient?${query}`)).toThrow(Refused),
  );
});
