import { describe, expect, test } from '@jest/globals';
import { Refused } from '../../oracle/oracle.js';
import { answer } from './answers.js';

const observations = Object.entries({
  relative: { reference: 'Patient/7' },
  absolute: { reference: 'https://hospital.example/fhir/Patient/7' },
  versioned: { reference: 'Patient/7/_history/2' },
  group: { reference: 'Group/7' },
  foreign: { reference: 'https://elsewhere.example/fhir/Patient/7' },
  logical: { type: 'Patient', identifier: { system: 'urn:mrn', value: '7' } },
  display: { display: 'somebody' },
  contained: { reference: '#p' },
}).map(([id, subject]) => ({
  resourceType: 'Observation',
  id,
  subject,
  contained: [{ resourceType: 'Patient', id: 'p' }],
}));

describe('references', () => {
  const cases: [string, string][] = [
    ['subject=7', 'absolute group relative versioned'],
    ['subject=Patient/7', 'absolute relative versioned'],
    ['subject=https://hospital.example/fhir/Patient/7', 'absolute relative versioned'],
    ['subject:Patient=7', 'absolute relative versioned'],
    ['subject:Group=7', 'group'],
    ['subject:Device=7', ''],
    ['subject=https://elsewhere.example/fhir/Patient/7', 'foreign'],
    ['subject=Patient/7,Group/7', 'absolute group relative versioned'],
    ['subject=patient/7', ''],
    ['patient=7', 'absolute relative versioned'],
    ['patient=Group/7', ''],
    ['subject:identifier=7', 'logical'],
    ['subject:identifier=urn:mrn|7', 'logical'],
    ['subject:identifier=urn:mrn|', 'logical'],
    ['subject:identifier=|7', ''],
    ['patient:identifier=urn:mrn|7', 'logical'],
    ['subject:missing=false', 'absolute contained display foreign group logical relative versioned'],
    ['patient:missing=true', 'display group'],
    ['_sort=subject', 'contained group relative versioned foreign absolute display logical'],
  ];
  test.each(cases)('Observation?%s', (query, ids) => expect(answer(observations, `Observation?${query}`)).toBe(ids));
  test.each(['subject:exact=7', 'subject:not=7', 'subject:missing=1'])('refused: %s', (query) =>
    expect(() => answer(observations, `Observation?${query}`)).toThrow(Refused),
  );
});

describe('uris and canonicals', () => {
  const resources = [
    {
      resourceType: 'CarePlan',
      id: 'a',
      instantiatesUri: ['http://x/A'],
      instantiatesCanonical: ['http://x/plan|1.0'],
      meta: { profile: ['http://p|2'], source: 'urn:his#1' },
    },
    { resourceType: 'CarePlan', id: 'b', meta: { profile: ['http://p'] } },
  ];
  const cases: [string, string][] = [
    ['instantiates-uri=http://x/A', 'a'],
    ['instantiates-uri=http://x/a', ''],
    ['instantiates-uri=http://x/', ''],
    ['instantiates-canonical=http://x/plan', 'a'],
    ['instantiates-canonical=http://x/plan%5C%7C1.0', 'a'],
    ['instantiates-canonical=http://x/plan%5C%7C2.0', ''],
    ['_profile=http://p', 'a b'],
    ['_profile=http://p%5C%7C2', 'a'],
    ['_source=urn:his%231', 'a'],
    ['_source=urn:his', ''],
    ['_source:missing=true', 'b'],
  ];
  test.each(cases)('CarePlan?%s', (query, ids) => expect(answer(resources, `CarePlan?${query}`)).toBe(ids));
});
