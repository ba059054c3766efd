import { expect, test } from '@jest/globals';
import { parseCanonical, parseReference } from '#src/fhir/reference.js';

const cases: [string, ReturnType<typeof parseReference>][] = [
  ['Patient/1', { type: 'Patient', id: '1' }],
  ['Patient/a.b-C/_history/2', { type: 'Patient', id: 'a.b-C', version: '2' }],
  ['http://h/fhir/Patient/1', { type: 'Patient', id: '1' }],
  ['http://h/fhir/Patient/1/_history/3', { type: 'Patient', id: '1', version: '3' }],
  ['1', { id: '1' }],
  ['#p1', { contained: 'p1' }],
  ['http://other/fhir/Patient/1', { type: 'Patient', url: 'http://other/fhir/Patient/1' }],
  ['http://other/fhir/Patient/1/_history/3', { type: 'Patient', url: 'http://other/fhir/Patient/1', version: '3' }],
  ['http://h/fhirPatient/1', { url: 'http://h/fhirPatient/1' }],
  ['http://h/fhir2/Patient/1', { type: 'Patient', url: 'http://h/fhir2/Patient/1' }],
  ['urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a', { url: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a' }],
  ['http://x/ValueSet/a|1.0', { url: 'http://x/ValueSet/a|1.0' }],
  ['http://x/Nothing/1', { url: 'http://x/Nothing/1' }],
  ['Nothing/1', undefined],
  ['Patient/', undefined],
  ['Patient/1/2', undefined],
  ['Patient?name=x', undefined],
  ['a b', undefined],
  ['', undefined],
  ['x'.repeat(65), undefined],
];

test.each(cases)('rule 29, 32: "%s"', (text, expected) => {
  expect(parseReference(text, 'http://h/fhir')).toEqual(expected);
});

test('rule 28: a canonical and its version', () => {
  expect(parseCanonical('http://x/y|1.0')).toEqual({ url: 'http://x/y', version: '1.0' });
  expect(parseCanonical('http://x/y')).toEqual({ url: 'http://x/y' });
});
