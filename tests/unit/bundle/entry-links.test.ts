import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { conditionalReferences, withConditionalReferences } from '#src/bundle/conditional-references.js';
import { type LinkTarget, linksTo, withLinks } from '#src/bundle/entry-links.js';
import { mapNarrativeLinks } from '#src/bundle/narrative-links.js';
import { Decimal } from '#src/fhir/decimal.js';

const baseUrl = 'http://127.0.0.1:3000/fhir';
const at = 'Bundle.entry[3].resource';
const a = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const b = 'http://elsewhere/base/Patient/b';
const own = `${baseUrl}/Patient/o`;
const targets = new Map<string, LinkTarget>([
  [a, { type: 'Patient', id: 'new-a', version: 'v7' }],
  [b, { type: 'Patient', id: 'new-b' }],
  [own, { type: 'Patient', id: 'new-o' }],
]);
const place = { fullUrl: 'urn:uuid:1', at, baseUrl };
const as = (resource: object) => resource as unknown as Resource;
const link = (reference: string, fullUrl: string | undefined = place.fullUrl) => {
  const made = withLinks(as({ resourceType: 'Observation', subject: { reference } }), { ...place, fullUrl }, targets);
  return (made as unknown as { subject: { reference: string } }).subject.reference;
};

describe('rule 81: a reference', () => {
  test.each([
    ['to an entry', a, 'Patient/new-a'],
    ['to an entry with a URL', b, 'Patient/new-b'],
    ['to a version of an entry', `${a}/_history/1`, 'Patient/new-a/_history/v7'],
    ['to a part of an entry', `${a}#x`, 'Patient/new-a#x'],
    ['to a part of a version', `${a}/_history/1#x`, 'Patient/new-a/_history/v7#x'],
    ['below this server', 'Patient/o', 'Patient/new-o'],
    ['to no entry', 'urn:uuid:0', 'urn:uuid:0'],
    ['to no entry of this server', 'Patient/b', 'Patient/b'],
    ['that only begins as an entry', `${a}0`, `${a}0`],
    ['to what is contained', '#a', '#a'],
    ['by criteria', 'Patient?identifier=a', 'Patient?identifier=a'],
    ['that is no URL', '', ''],
  ])('%s', (_, reference, expected) => {
    expect(link(reference)).toBe(expected);
  });

  test('that is relative is below the base of its own entry', () => {
    expect(link('Patient/b', 'http://elsewhere/base/Observation/1')).toBe('Patient/new-b');
    expect(link('Patient/o', 'http://elsewhere/base/Observation/1')).toBe('Patient/o');
    expect(link('Patient/o', undefined)).toBe('Patient/new-o');
  });

  test('to a version that is not known is refused, by its place', () => {
    expect(() => link(`${b}/_history/1`)).toThrow(
      expect.objectContaining({ code: 'unprocessable', place: { expression: `${at}.subject.reference` } }),
    );
  });
});

test('rule 81: what is a link, and what is not', () => {
  const div = (href: string) =>
    `<div xmlns="http://www.w3.org/1999/xhtml"><p title="${a}">${a}</p><a class='x' href='${href}'>a</a><img alt="&gt;" src="${href}"/></div>`;
  const resource = (uuid: string, reference: string) => ({
    resourceType: 'Patient',
    id: a,
    meta: { source: reference, profile: [a], tag: [{ system: reference, code: a }] },
    text: { status: 'generated', div: div(uuid) },
    contained: [
      {
        resourceType: 'Library',
        url: reference,
        relatedArtifact: [{ type: 'depends-on', resource: a, url: reference }],
      },
    ],
    extension: [
      { url: a, valueUri: reference },
      { url: 'u', valueCanonical: a },
      { url: 'u', valueUrl: reference },
      { url: 'u', valueOid: reference },
      { url: 'u', valueUuid: reference },
      { url: 'u', valueString: a },
      { url: 'u', valueReference: { reference, type: 'Patient', display: a } },
      { url: 'u', extension: [{ url: 'v', valueReference: { reference } }] },
    ],
    identifier: [{ system: reference, value: a, assigner: { reference, identifier: { system: reference } } }],
    _birthDate: { extension: [{ url: 'u', valueUri: reference }] },
    name: [{ given: [a, null], _given: [null, { id: a, extension: [{ url: 'u', valueReference: { reference } }] }] }],
    photo: [{ url: reference, size: new Decimal('1.0') }],
    unknown: { reference: a },
    link: [{ other: { reference }, type: 'seealso' }],
  });
  const before = resource(a, a);
  const copy = structuredClone({ ...before, photo: [] });
  const made = withLinks(as(before), place, targets);
  const expected = resource('Patient/new-a', 'Patient/new-a');
  expect(made).toEqual({
    ...expected,
    text: { ...expected.text, div: expected.text.div.replace("href='Patient/new-a'", 'href="Patient/new-a"') },
  });
  expect({ ...before, photo: [] }).toEqual(copy);
  expect([...linksTo(as(before), place, new Set(targets.keys()))]).toEqual([a]);
});

test('what holds no link is the same resource, and deep nesting is refused', () => {
  const resource = as({ resourceType: 'Observation', id: 'x', subject: { reference: 'Patient/1' } });
  expect(withLinks(resource, place, targets)).toBe(resource);
  let extension: object = { url: 'u', valueUri: a };
  for (let i = 0; i < 5000; i++) extension = { url: 'u', extension: [extension] };
  expect(() => withLinks(as({ resourceType: 'Patient', extension: [extension] }), place, targets)).toThrow(
    expect.objectContaining({ code: 'invalid-body' }),
  );
});

test('any number of links: each is what its own entry became, and the rest of the text is as it was', () => {
  const url = fc.integer({ min: 0, max: 5 }).map((i) => `urn:uuid:${i}`);
  const tree = fc.letrec((tie) => ({
    extension: fc.oneof(
      { maxDepth: 4 },
      url.map((valueUri) => ({ url: 'u', valueUri })),
      url.map((valueString) => ({ url: 'u', valueString })),
      url.map((reference) => ({ url: 'u', valueReference: { reference } })),
      fc.array(tie('extension'), { minLength: 1, maxLength: 4 }).map((extension) => ({ url: 'u', extension })),
    ),
  }));
  fc.assert(
    fc.property(
      fc.array(tree.extension, { maxLength: 5 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 5 })),
      (extension, known) => {
        const resource = as({ resourceType: 'Patient', extension });
        const before = JSON.stringify(resource);
        const map = new Map(
          known.map((i): [string, LinkTarget] => [`urn:uuid:${i}`, { type: 'Patient', id: `n${i}` }]),
        );
        const expected = before.replace(/"(valueUri|reference)":"urn:uuid:(\d)"/g, (whole, name, i) =>
          known.includes(Number(i)) ? `"${name}":"Patient/n${i}"` : whole,
        );
        const made = withLinks(resource, place, map);
        expect(JSON.stringify(made)).toBe(expected);
        expect(JSON.stringify(resource)).toBe(before);
        expect(made === resource).toBe(expected === before);
      },
    ),
    { numRuns: 500, seed: 20240521 },
  );
});

describe('the links of a narrative', () => {
  test.each([
    ['<a href="x">x</a>', '<a href="y">x</a>'],
    ['<A HREF = "x" title="<a href=\'x\'>">x</A>', '<A HREF = "y" title="<a href=\'x\'>">x</A>'],
    ["<img alt='href=\"x\"' src='x'/>", '<img alt=\'href="x"\' src="y"/>'],
    ['<a name="x">x</a><abbr href="x"/><link href="x"/><img href="x"/><a src="x"/>', undefined],
    ['<a href="&#120;">', '<a href="y">'],
    ['<a href="&#x78;&amp;1">', '<a href="y&amp;1">'],
    ['<a href="z&#1234567;">', undefined],
    ['<a title="a > b" href="x">', '<a title="a > b" href="y">'],
    ['<a data-href="x" href="x">', '<a data-href="x" href="y">'],
    ['<a href="x', undefined],
    ['<a title=" href=\'x\' " href="x">', '<a title=" href=\'x\' " href="y">'],
  ])('%s', (xhtml, expected) => {
    expect(mapNarrativeLinks(xhtml, (text) => text.replace(/^x/, 'y'))).toBe(expected ?? xhtml);
  });

  test('of hostile text take no longer than its length', () => {
    for (const part of ['<a ', '<a href="', "<a '", '<a x="" ', '<a href= ', '&#'])
      expect(mapNarrativeLinks(part.repeat(20_000), () => 'y')).toHaveLength(part.length * 20_000);
  });
});

describe('rule 82: a reference by criteria', () => {
  const observation = as({
    resourceType: 'Observation',
    subject: { reference: 'Patient?identifier=http://a|1' },
    performer: [
      { reference: `${baseUrl}/Practitioner?name=b&active=true` },
      { reference: 'Patient?identifier=http://a|1' },
    ],
    focus: [{ reference: 'Patient?' }, { reference: 'Nothing?a=b' }, { reference: 'http://elsewhere/Patient?a=b' }],
    valueString: 'Patient?identifier=http://a|1',
  });
  const found = [
    { type: 'Patient', query: 'identifier=http://a|1', at: `${at}.subject.reference` },
    { type: 'Practitioner', query: 'name=b&active=true', at: `${at}.performer[0].reference` },
    { type: 'Patient', query: 'identifier=http://a|1', at: `${at}.performer[1].reference` },
  ];

  test('is found, by its place', () => {
    expect(conditionalReferences(observation, place)).toEqual(found);
  });

  test('names the one resource that meets them, which is looked up once', async () => {
    const before = structuredClone(observation);
    const asked: unknown[] = [];
    const made = await withConditionalReferences(observation, place, async (reference) => {
      asked.push(reference);
      return [{ type: reference.type, id: reference.type.toLowerCase() }];
    });
    expect(made).toEqual({
      ...observation,
      subject: { reference: 'Patient/patient' },
      performer: [{ reference: 'Practitioner/practitioner' }, { reference: 'Patient/patient' }],
    });
    expect(asked).toEqual(found.slice(0, 2));
    expect(observation).toEqual(before);
  });

  test.each([
    ['none', 0, 'unprocessable'],
    ['two', 2, 'multiple-matches'],
  ])('that %s meets fails', async (_, number, code) => {
    const find = async () => Array.from({ length: number }, (_, i) => ({ type: 'Patient', id: String(i) }));
    await expect(withConditionalReferences(observation, place, find)).rejects.toEqual(
      expect.objectContaining({ code, place: { expression: found[0]!.at } }),
    );
  });
});
