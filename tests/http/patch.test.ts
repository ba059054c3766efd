import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Observation, Patient } from '@medplum/fhirtypes';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';

let clinic: WrittenClinic;
beforeEach(async () => {
  clinic = await writtenClinic();
});
afterEach(() => clinic.stop());

const json = { 'Content-Type': 'application/json-patch+json' };
const phone = (value: string) => [{ op: 'replace', path: '/telecom/0/value', value }];

test('rule 74: JSON Patch and FHIRPath Patch are taken, anything else is 415', async () => {
  const one = await clinic.ask('PATCH Patient/clinic.p1', { body: phone('555-3'), headers: json });
  expect(one.status).toBe(200);
  expect((one.resource as Patient).telecom).toEqual([{ system: 'phone', value: '555-3' }]);
  const two = await clinic.ask('PATCH Patient/clinic.p1', {
    body: {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'replace' },
            { name: 'path', valueString: 'Patient.telecom[0].value' },
            { name: 'value', valueString: '555-4' },
          ],
        },
      ],
    },
  });
  expect(two.status).toBe(200);
  expect(clinic.rows("SELECT phone FROM people WHERE mrn = 'p1'")).toEqual([{ phone: '555-4' }]);
  const xml = { 'Content-Type': 'application/xml-patch+xml' };
  expect((await clinic.ask('PATCH Patient/clinic.p1', { body: '<diff/>', headers: xml })).status).toBe(415);
});

test('rule 74: it supports If-Match, is a write like any other, and never changes which resource it is', async () => {
  const { resource } = await clinic.ask('GET Patient/clinic.p1');
  const tag = `W/"${resource?.meta?.versionId}"`;
  const ask = (body: unknown, headers = {}) =>
    clinic.ask('PATCH Patient/clinic.p1', { body, headers: { ...json, ...headers } });
  expect((await ask(phone('1'), { 'If-Match': 'W/"x"' })).status).toBe(412);
  expect((await ask(phone('1'), { 'If-Match': tag })).status).toBe(200);
  expect((await ask([{ op: 'replace', path: '/id', value: 'clinic.p2' }])).status).toBe(422);
  expect((await ask([{ op: 'add', path: '/maritalStatus', value: { text: 'M' } }])).status).toBe(422);
  const minimal = await ask(phone('2'), { Prefer: 'return=minimal' });
  expect([minimal.status, minimal.resource]).toEqual([204, undefined]);
  expect((await clinic.ask('PATCH Patient/clinic.none', { body: phone('1'), headers: json })).status).toBe(404);
});

test('rule 74: conditional patch: none is 404, many 412', async () => {
  const by = (criteria: string) => clinic.ask(`PATCH Patient?${criteria}`, { body: phone('9'), headers: json });
  expect((await by('identifier=urn:clinic:mrn%7Cp1')).status).toBe(200);
  expect((await by('identifier=urn:clinic:mrn%7Cp99')).status).toBe(404);
  expect((await by('gender=female,male')).status).toBe(412);
});

test('rule 75: a failed test applies nothing', async () => {
  const body = [...phone('7'), { op: 'test', path: '/gender', value: 'male' }];
  const answer = await clinic.ask('PATCH Patient/clinic.p1', { body, headers: json });
  expect(answer.status).toBe(422);
  expect(clinic.rows("SELECT phone FROM people WHERE mrn = 'p1'")).toEqual([{ phone: '555-1' }]);
});

test('a decimal keeps its digits, or is refused: none is rounded', async () => {
  const value = (text: string) => `[{"op":"replace","path":"/valueQuantity/value","value":${text}}]`;
  const ask = (text: string) => clinic.ask('PATCH Observation/clinic.p1.weight', { body: value(text), headers: json });
  const answer = await ask('73.25');
  expect((answer.resource as Observation).valueQuantity?.value).toBe(73.25);
  expect((await ask('73.50')).status).toBe(422);
  expect(clinic.rows("SELECT weight FROM people WHERE mrn = 'p1'")).toEqual([{ weight: 73.25 }]);
});
