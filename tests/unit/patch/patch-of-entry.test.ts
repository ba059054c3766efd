import { expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { serialize } from '#src/fhir/decimal.js';
import { patchOfEntry } from '#src/patch/patch-of-entry.js';

const at = 'Bundle.entry[3].resource';
const observation = { resourceType: 'Observation', id: 'a', status: 'final' } as unknown as Resource;
const binary = (text: string, contentType = 'application/json-patch+json') =>
  ({ resourceType: 'Binary', contentType, data: Buffer.from(text).toString('base64') }) as Resource;

test('a JSON Patch is the data of a Binary, its decimals as they are written', () => {
  const patch = binary('[{"op":"add","path":"/valueQuantity","value":{"value":1.50}}]');
  expect(serialize(patchOfEntry(patch, at)(observation))).toBe(
    '{"resourceType":"Observation","id":"a","status":"final","valueQuantity":{"value":1.50}}',
  );
});

test('a FHIRPath Patch is Parameters', () => {
  const part = [
    { name: 'type', valueCode: 'replace' },
    { name: 'path', valueString: 'Observation.status' },
    { name: 'value', valueCode: 'amended' },
  ];
  const patch = { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] } as Resource;
  expect(patchOfEntry(patch, at)(observation)).toEqual({ ...observation, status: 'amended' });
});

test.each<[string, Resource, string, string]>([
  ['another resource', observation, 'invalid-body', at],
  ['an XML Patch', binary('<diff/>', 'application/xml-patch+xml'), 'unsupported-media-type', `${at}.contentType`],
  ['no media type', { resourceType: 'Binary' } as Resource, 'unsupported-media-type', `${at}.contentType`],
  ['no JSON', binary('[{'), 'invalid-body', `${at}.data`],
  ['no data', { ...binary(''), data: undefined } as unknown as Resource, 'invalid-body', `${at}.data`],
  ['no base64', { ...binary(''), data: '{}' } as unknown as Resource, 'invalid-body', `${at}.data`],
  ['no UTF-8', { ...binary(''), data: 'Iv8i' } as unknown as Resource, 'invalid-body', `${at}.data`],
])('rule 74: %s is no patch', (_, carried, code, expression) => {
  expect(() => patchOfEntry(carried, at)).toThrow(expect.objectContaining({ code, place: { expression } }));
});
