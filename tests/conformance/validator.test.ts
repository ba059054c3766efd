import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { validate } from '#src/validation/validate.js';
import { type DemoServer, hospitals, startDemo } from '../support/demo-server.js';
import { referencesIn } from '../support/references-in.js';
import { sourceFiles } from '../support/source-tree.js';
import { refuseInvalid, withValidator } from './hl7-validator.js';

/** Types that a hospital's mappings make, read from their files. */
const mapped = Object.keys(hospitals).flatMap((hospital) =>
  [
    ...new Set(
      sourceFiles(`mappings/${hospital}`).flatMap(({ text }) =>
        [...text.matchAll(/\bmap<\w+>\('(\w+)'/g)].map(([, type]) => type!),
      ),
    ),
  ].map((type) => [hospital, type] as const),
);

let demo: DemoServer;
const served = new Map<string, readonly Resource[]>();
beforeAll(async () => {
  demo = await startDemo({ seed: 7, patients: 60 });
  for (const type of demo.engine.types.keys()) served.set(type, await demo.all(`${type}?_count=500`));
}, 120_000);
afterAll(() => demo?.stop());

const everything = () => [...served.values()].flat();
const sourceOf = (resource: Resource) => resource.meta?.source?.replace(/^urn:healthsync:/, '');

describe('what the demo serves', () => {
  test('every mapped type of every hospital is there', () => {
    expect(mapped.length).toBeGreaterThan(50);
    const found = new Set(everything().map((resource) => `${sourceOf(resource)} ${resource.resourceType}`));
    expect(mapped.filter(([hospital, type]) => !found.has(`${hospital} ${type}`))).toEqual([]);
  });

  withValidator(
    'the validator of HL7 finds no error, with the definitions of profiles/',
    () => refuseInvalid(sample()),
    600_000,
  );

  test('ours finds none either: what is read can be sent back', () => {
    const found = everything().flatMap((resource) =>
      validate(resource, { warnings: false }).map(
        ({ expression, message }) => `${sourceOf(resource)} ${expression.replace(/\[\d+\]/g, '')}: ${message}`,
      ),
    );
    expect([...new Set(found)]).toEqual([]);
  });

  test('rule 96: every literal reference is read, and the others are logical', async () => {
    const references = everything().flatMap((resource) =>
      referencesIn(resource).map((each) => ({ ...each, of: `${resource.resourceType}/${resource.id}` })),
    );
    const literal = new Set(references.flatMap(({ reference }) => reference ?? []));
    expect(literal.size).toBeGreaterThan(100);
    expect(
      references.filter(
        ({ reference, identifier, display }) =>
          reference === undefined && identifier === undefined && display === undefined,
      ),
    ).toEqual([]);
    const lost: string[] = [];
    for (const reference of literal) {
      const answer = await demo.get(reference);
      const resource = (await answer.json()) as Resource;
      if (answer.status !== 200 || `${resource.resourceType}/${resource.id}` !== reference)
        lost.push(`${reference}: ${answer.status}`);
    }
    expect(lost).toEqual([]);
  }, 120_000);

  test('rule 96: no two resources have one id, and reading by id gives what searching gave', async () => {
    const ids = everything().map((resource) => `${resource.resourceType}/${resource.id}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const resource of sample().filter((_, i) => i % 10 === 0)) {
      expect(await (await demo.get(`${resource.resourceType}/${resource.id}`)).json()).toEqual(resource);
    }
  });
});

/** Up to ten resources of each type, hospital and code. */
function sample(): readonly Resource[] {
  const taken = new Map<string, number>();
  return everything().filter((resource) => {
    const code = resource.resourceType === 'Observation' ? resource.code?.coding?.[0]?.code : '';
    const kind = `${resource.resourceType} ${sourceOf(resource)} ${code}`;
    taken.set(kind, (taken.get(kind) ?? 0) + 1);
    return taken.get(kind)! <= 10;
  });
}
