import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CapabilityStatement, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { type WrittenClinic, writtenClinic } from '../support/written-clinic.js';
import type { Asked } from '../support/written-http.js';

let clinic: WrittenClinic;
beforeAll(async () => {
  clinic = await writtenClinic();
});
afterAll(() => clinic.stop());

const text = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div>' };
const nina = { resourceType: 'Patient', text, name: [{ family: 'Okoye', given: ['Nina'] }], gender: 'female' };
const wrong = { ...nina, gender: 'F', birthDate: '2021-02-29', contact: [{ gender: 'male' }] };
const parameters = (...parameter: readonly object[]) => ({ resourceType: 'Parameters', parameter });
const withResource = (resource: unknown) => ({ name: 'resource', resource });
const withMode = (mode: string) => ({ name: 'mode', valueCode: mode });

const brief = (resource: Resource | undefined) =>
  (resource as OperationOutcome).issue.map(({ severity, code, expression }) =>
    [severity, code, ...(expression ?? [])].join(' '),
  );
/** The issues of a validation. */
async function issues(path: string, body?: unknown): Promise<readonly string[]> {
  const answer = await clinic.ask(`POST ${path}`, { body });
  expect([answer.status, answer.resource?.resourceType]).toEqual([200, 'OperationOutcome']);
  return brief(answer.resource).sort();
}
const well = ['information informational'];

describe('$validate', () => {
  test('nothing is wrong', async () => {
    expect(await issues('Patient/$validate', nina)).toEqual(well);
    expect(await issues('Patient/$validate', parameters(withResource(nina)))).toEqual(well);
    expect(await issues('Patient/$validate?mode=create', nina)).toEqual(well);
    expect(await issues('Patient/$validate?_format=json&_pretty=true', nina)).toEqual(well);
  });

  test('everything that is wrong is said, with the rule, and no value', async () => {
    const { resource } = await clinic.ask('POST Patient/$validate', { body: wrong });
    expect(brief(resource).sort()).toEqual([
      'error code-invalid Patient.gender',
      'error invariant Patient.contact[0]',
      'error value Patient.birthDate',
    ]);
    const [rule] = (resource as OperationOutcome).issue.flatMap(({ details }) => details?.coding ?? []);
    expect(rule).toEqual({ system: 'urn:healthsync:rule', code: 'pat-1' });
    expect(JSON.stringify(resource)).not.toMatch(/2021-02-29|Okoye/);
  });

  test('whatever is JSON is validated', async () => {
    for (const body of [null, 7, 'words', [], {}, { resourceType: 'Human' }])
      expect(await issues('Patient/$validate', JSON.stringify(body))).toEqual(['error structure Resource']);
    expect(await issues('Patient/$validate', { resourceType: 'Encounter' })).toEqual(['error structure Encounter']);
  });

  test('decimals keep their digits', async () => {
    const weight = (value: string) =>
      `{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueRange":{"low":{"value":1.10},"high":{"value":${value}}}}`;
    expect(await issues('Observation/$validate', weight('1.20'))).toEqual(['warning invariant Observation']);
    expect(await issues('Observation/$validate', weight('1.0'))).toContain(
      'error invariant Observation.value.ofType(Range)',
    );
  });

  test('a profile that is not known is an issue, asked for or claimed', async () => {
    const profile = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient';
    const asked = `Patient/$validate?profile=${encodeURIComponent(profile)}`;
    expect(await issues(asked, nina)).toEqual(['error not-supported Patient']);
    expect(
      await issues('Patient/$validate', parameters(withResource(nina), { name: 'profile', valueUri: profile })),
    ).toEqual(['error not-supported Patient']);
    expect(await issues('Patient/$validate', { ...nina, meta: { profile: [profile] } })).toEqual([
      'error not-supported Patient.meta.profile[0]',
    ]);
    const own = encodeURIComponent('http://hl7.org/fhir/StructureDefinition/Patient');
    expect(await issues(`Patient/$validate?profile=${own}`, nina)).toEqual(well);
  });
});

describe('$validate for', () => {
  test('create: where the type is created', async () => {
    expect(
      await issues('Encounter/$validate?mode=create', {
        resourceType: 'Encounter',
        text,
        status: 'finished',
        class: { code: 'AMB' },
      }),
    ).toEqual(well);
    expect(await issues('Patient/$validate', parameters(withMode('create'), withResource(wrong)))).toHaveLength(3);
  });

  test('update: the id is that of the URL, and there', async () => {
    const there = { ...nina, id: 'clinic.p1' };
    expect(await issues('Patient/clinic.p1/$validate', there)).toEqual(well);
    expect(await issues('Patient/clinic.p1/$validate?mode=update', there)).toEqual(well);
    expect(await issues('Patient/clinic.p1/$validate', parameters(withMode('update'), withResource(there)))).toEqual(
      well,
    );
    expect(await issues('Patient/clinic.p1/$validate?mode=update', nina)).toEqual(['error value Patient.id']);
    // An update may create it.
    expect(await issues('Patient/clinic.p77/$validate?mode=update', { ...nina, id: 'clinic.p77' })).toEqual(well);
    const ward = { resourceType: 'Organization', text, id: 'clinic.x', name: 'East' };
    expect(await issues('Organization/clinic.x/$validate?mode=update', ward)).toEqual([
      'error not-found Organization',
      'error not-supported Organization',
    ]);
  });

  test('delete: without a resource, and whatever it is like', async () => {
    expect(await issues('Patient/clinic.p3/$validate?mode=delete')).toEqual(well);
    expect(await issues('Patient/clinic.p3/$validate', parameters(withMode('delete')))).toEqual(well);
    expect(await issues('Patient/clinic.p3/$validate?mode=delete', wrong)).toEqual(well);
    // Others refer to it.
    expect(await issues('Patient/clinic.p1/$validate?mode=delete')).toEqual(['error conflict Patient']);
    expect(await issues('Patient/clinic.p77/$validate?mode=delete')).toEqual(['error not-found Patient']);
  });

  test('profile: the resource that is there', async () => {
    const own = encodeURIComponent('http://hl7.org/fhir/StructureDefinition/Patient');
    expect(await issues(`Patient/clinic.p1/$validate?mode=profile&profile=${own}`)).toEqual([
      'warning invariant Patient',
    ]);
    expect(await issues(`Patient/clinic.p77/$validate?mode=profile&profile=${own}`)).toEqual([
      'error not-found Patient',
    ]);
  });
});

test('nothing of all that is written', () => {
  expect(clinic.records()).toEqual([]);
});

/** [request, what is asked, status, fault] */
const refusals: readonly (readonly [request: string, asked: Asked, status: number, code: string])[] = [
  ['POST Patient/$validate', {}, 400, 'invalid-body'],
  ['POST Patient/$validate', { body: '{"resourceType":' }, 400, 'invalid-body'],
  ['POST Patient/$validate', { body: parameters() }, 400, 'invalid-body'],
  ['POST Patient/$validate', { body: { resourceType: 'Parameters' } }, 400, 'invalid-body'],
  ['POST Patient/$validate', { body: { resourceType: 'Parameters', parameter: {} } }, 400, 'invalid-body'],
  ['POST Patient/$validate', { body: parameters({ name: 'resource' }) }, 400, 'invalid-body'],
  ['POST Patient/$validate', { body: parameters(withResource(nina), withResource(nina)) }, 400, 'invalid-body'],
  [
    'POST Patient/$validate',
    { body: parameters(withResource(nina), { name: 'colour', valueString: 'x' }) },
    400,
    'invalid-body',
  ],
  [
    'POST Patient/$validate',
    { body: parameters(withResource(nina), { name: 'mode', valueCode: 7 }) },
    400,
    'invalid-body',
  ],
  ['POST Patient/$validate?colour=blue', { body: nina }, 400, 'unknown-parameter'],
  ['POST Patient/$validate?mode=read', { body: nina }, 400, 'invalid-value'],
  ['POST Patient/$validate?mode=update', { body: nina }, 400, 'invalid-value'],
  [
    'POST Patient/$validate?mode=create',
    { body: parameters(withResource(nina), withMode('delete')) },
    400,
    'invalid-value',
  ],
  ['POST Patient/clinic.p1/$validate?mode=profile', {}, 400, 'invalid-body'],
  ['POST Patient/clinic.p1/$validate', {}, 400, 'invalid-body'],
  ['POST Patient/$validate', { body: 'a=b', headers: { 'Content-Type': 'text/plain' } }, 415, 'unsupported-media-type'],
  ['GET Patient/$validate', {}, 405, 'method-not-allowed'],
  ['GET Patient/clinic.p1/$validate', {}, 405, 'method-not-allowed'],
  ['POST Spaceship/$validate', { body: nina }, 404, 'unknown-type'],
  ['POST Patient/not_an_id/$validate', { body: nina }, 404, 'not-found'],
  ['POST $validate', { body: nina }, 404, 'unknown-path'],
];

test.each(refusals)('%s with %j is %i %s', async (request, asked, status, code) => {
  const answer = await clinic.ask(request, asked);
  expect(answer.status).toBe(status);
  expect((answer.resource as OperationOutcome).issue[0]?.details?.coding?.[0]?.code).toBe(code);
  if (status === 405) expect(answer.headers.get('allow')).toBe('POST');
});

test('the CapabilityStatement names it for each type, beside the interactions', async () => {
  const { resource } = await clinic.ask('GET metadata');
  for (const { operation, interaction } of (resource as CapabilityStatement).rest![0]!.resource!) {
    expect(operation).toEqual([
      { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
    ]);
    expect(interaction?.map(({ code }) => code)).not.toContain('validate');
  }
});

describe('a write is validated before a source is touched', () => {
  test('400 with an issue for each rule that is broken', async () => {
    for (const request of ['POST Patient', 'PUT Patient/clinic.p1', 'PUT Patient/clinic.p77']) {
      const body = { ...wrong, ...(request.startsWith('PUT') && { id: request.split('/')[1] }) };
      const answer = await clinic.ask(request, { body });
      expect(answer.status).toBe(400);
      expect(brief(answer.resource).sort()).toEqual([
        'error invalid Patient.birthDate',
        'error invalid Patient.contact[0]',
        'error invalid Patient.gender',
      ]);
    }
    expect(clinic.records()).toEqual([]);
  });

  test('a patch that would break a rule', async () => {
    const answer = await clinic.ask('PATCH Patient/clinic.p1', {
      body: JSON.stringify([{ op: 'replace', path: '/gender', value: 'F' }]),
      headers: { 'Content-Type': 'application/json-patch+json' },
    });
    expect(answer.status).toBe(400);
    expect(brief(answer.resource)).toEqual(['error invalid Patient.gender']);
    expect(clinic.rows("SELECT sex FROM people WHERE mrn = 'p1'")).toEqual([{ sex: 'Female' }]);
  });
});
