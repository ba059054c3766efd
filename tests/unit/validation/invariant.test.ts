import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { elements, resourceTypes } from '#src/fhir/elements.js';
import { fhirPath } from '#src/fhir/fhir-path.js';
import type { Constraint } from '#src/validation/definitions.js';
import { createInvariant } from '#src/validation/invariant.js';
import { mutants } from '../../support/mutants.js';
import { onePerShape, sampleResources } from '../../support/sample-resources.js';
import { root } from '../../support/source-tree.js';

type Json = Record<string, unknown>;

const constraints = JSON.parse(readFileSync(join(root, 'profiles/r4/constraints.json'), 'utf8')) as Record<
  string,
  readonly Constraint[]
>;
/** Held by other means, see docs/validation.md. */
const byOtherMeans = new Set(['ele-1', 'ref-1', 'dom-3', 'ctm-1']);
const reworded = new Set(['rng-2', 'eld-19', 'eld-20']);
const { compile, model } = fhirPath();
const shapes = onePerShape(sampleResources()) as unknown as readonly Json[];
const resources = [...shapes, ...mutants(shapes as never, 120, 4).map(({ resource }) => resource)];

/** The path in elements.ts of what a key of constraints.json is about. */
const pathOf = (key: string) => (elements(key) ? key : key.startsWith('http') ? 'Quantity' : undefined);

interface Met {
  readonly element: Json;
  readonly resource: Json;
}

/** Every element of the resources, by its path. */
const met = new Map<string, Met[]>();
for (const resource of resources)
  if (resourceTypes.has(String(resource.resourceType))) visit(resource, String(resource.resourceType), resource);

function visit(element: Json, path: string, resource: Json): void {
  met.set(path, [...(met.get(path) ?? []), { element, resource }]);
  for (const [name, value] of Object.entries(element)) {
    const known = elements(path)?.get(name);
    if (!known || known.type === 'Resource') continue;
    for (const each of [value].flat())
      if (typeof each === 'object' && each !== null) visit(each as Json, known.children, resource);
  }
}

describe('invariants', () => {
  test('all of R4 are there', () => {
    expect(Object.values(constraints).flat().length).toBeGreaterThan(230);
  });

  test('each can be evaluated, of nothing and of what there is', () => {
    const failed: string[] = [];
    for (const [key, all] of Object.entries(constraints)) {
      const path = pathOf(key) ?? 'string';
      const nothing = resourceTypes.has(path) ? { resourceType: path } : {};
      for (const constraint of all.filter(({ key: rule }) => !byOtherMeans.has(rule)))
        for (const { element, resource } of [
          { element: nothing, resource: nothing },
          ...(met.get(path) ?? []).slice(0, 5),
        ])
          if (createInvariant(constraint, path).holds(element, { resource, rootResource: resource }) === undefined)
            failed.push(`${constraint.key} of ${key}`);
    }
    expect([...new Set(failed)]).toEqual([]);
  });

  test('what is remembered of elements is what FHIRPath says of each', () => {
    let compared = 0;
    for (const [key, all] of Object.entries(constraints)) {
      const path = pathOf(key);
      if (path === undefined || !met.has(path)) continue;
      for (const constraint of all.filter(({ key: rule }) => !byOtherMeans.has(rule) && !reworded.has(rule))) {
        const invariant = createInvariant(constraint, path);
        const plain = compile(
          { base: path, expression: constraint.expression.replaceAll('matches(', 'matchesFull(') },
          model,
          { traceFn: () => {} },
        );
        for (const { element, resource } of met.get(path)!.slice(0, 60)) {
          const variables = { resource, rootResource: resource };
          expect([constraint.key, element, invariant.holds(element, variables)]).toEqual([
            constraint.key,
            element,
            said(() => plain(element, variables as never)),
          ]);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  }, 120_000);

  test.each([
    ['Patient.name[x]', true, true],
    ['Patient.deceased[x]:slice', true, false],
    ['Patient name', false, false],
    ['patient.Name', true, false],
    ['Patient."name', false, false],
  ])('the path of an element: %s', (path, eld19, eld20) => {
    const holds = (key: string) =>
      createInvariant(constraints.ElementDefinition!.find((each) => each.key === key)!, 'ElementDefinition').holds(
        { path },
        { resource: {}, rootResource: {} },
      );
    expect([holds('eld-19'), holds('eld-20')]).toEqual([eld19, eld20]);
  });

  test('of elements that lack what it is about FHIRPath is asked once', () => {
    let asked = 0;
    const watched = (more: Json) =>
      new Proxy(more, {
        ownKeys: (target) => {
          asked++;
          return Reflect.ownKeys(target);
        },
        get: (target, name) => {
          asked++;
          return Reflect.get(target, name);
        },
      });
    const [period] = constraints.Period!;
    const invariant = createInvariant(period!, 'Period');
    const nowhere = { resource: {}, rootResource: {} };
    expect(invariant.holds(watched({}), nowhere)).toBe(true);
    const first = asked;
    expect(first).toBeGreaterThan(0);
    for (let i = 0; i < 10; i++) expect(invariant.holds(watched({ id: 'x' }), nowhere)).toBe(true);
    expect(asked).toBe(first);
    expect(invariant.holds({ start: '2021', end: '2020' }, nowhere)).toBe(false);
  });
});

function said(run: () => readonly unknown[]): boolean | undefined {
  try {
    return run()[0] === true;
  } catch {
    return undefined;
  }
}
