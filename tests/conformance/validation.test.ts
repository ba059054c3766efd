import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { validate } from '#src/validation/validate.js';
import type { ValidationIssue } from '#src/validation/validation-issue.js';
import { type Mutant, mutants } from '../support/mutants.js';
import { onePerShape, sampleResources } from '../support/sample-resources.js';
import { root } from '../support/source-tree.js';
import { type Hl7Error, hl7Errors, withValidator } from './hl7-validator.js';

const all = sampleResources();
const shapes = onePerShape(all);
const changed = mutants(shapes, 600, 1);

/** The table of docs/validation.md. */
const explained = [
  ...readFileSync(join(root, 'docs/validation.md'), 'utf8').matchAll(/^\| (HL7|here) *\| `(.*?)` *\| (.*?) *\|$/gm),
].map(([, by, says, why]) => ({ by, says: new RegExp(says!.replaceAll('\\|', '|')), why }));

const errors = (issues: readonly ValidationIssue[]) => issues.filter(({ severity }) => severity === 'error');

describe('resources of others', () => {
  test('of the Synthea run and the US Core patients one is wrong: an end that is called stop', () => {
    expect(all.length).toBeGreaterThan(5000);
    expect(
      all.flatMap((resource) =>
        errors(validate(resource)).map(({ expression, message }) => `${expression} ${message}`),
      ),
    ).toEqual(['Observation.effective.ofType(Period) R4 has no element stop here.']);
  });

  withValidator(
    'HL7 and we agree which resources are valid and where they are not, or the difference is explained',
    async () => {
      const cases: readonly Mutant[] = [
        ...shapes.map((resource) => ({ kind: 'as it is', resource: resource as unknown as Mutant['resource'] })),
        ...changed,
      ];
      const theirs = await hl7Errors(cases.map(({ resource }) => resource));
      const used = new Set<object>();
      const differences: string[] = [];
      let invalid = 0;
      for (const [index, { kind, resource }] of cases.entries()) {
        const ours = errors(validate(resource));
        const found = theirs[index]!;
        if (ours.length > 0 && found.length > 0) {
          invalid++;
          if (!sameplace(ours, found)) differences.push(`${kind}: ${places(ours, found)}`);
          continue;
        }
        const by = found.length > 0 ? 'HL7' : 'here';
        for (const message of [...ours, ...found].map((each) => each.message)) {
          const why = explained.find((each) => each.by === by && each.says.test(message));
          if (why) used.add(why);
          else differences.push(`${kind}: only ${by}: ${message}`);
        }
      }
      expect(differences).toEqual([]);
      expect(explained.filter((each) => !used.has(each))).toEqual([]);
      expect(invalid).toBeGreaterThan(200);
    },
    600_000,
  );
});

/** Is one error of each at one place? HL7 has some at the parent, and leaves out the type of a choice. */
function sameplace(ours: readonly ValidationIssue[], theirs: readonly Hl7Error[]): boolean {
  const plain = (place: string) => place.replace(/\/\*.*?\*\/|\.ofType\(\w+\)|\[x\]/g, '');
  return ours.some(({ expression }) => {
    const own = plain(expression);
    return (
      own === 'Resource' ||
      theirs.some(
        ({ place }) => own === plain(place) || own.startsWith(`${plain(place)}.`) || own.startsWith(`${plain(place)}[`),
      )
    );
  });
}

function places(ours: readonly ValidationIssue[], theirs: readonly Hl7Error[]): string {
  return `${ours.map(({ expression }) => expression).join()} here, ${theirs.map(({ place }) => place).join()} by HL7`;
}
