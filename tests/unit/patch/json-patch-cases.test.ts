import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { patchDocument } from '#src/patch/json-patch.js';
import { root } from '../../support/source-tree.js';

interface Case {
  readonly comment: string;
  readonly doc: unknown;
  readonly patch: unknown;
  readonly expected?: unknown;
  readonly error?: string;
}

/** HL7's cases (FHIR/fhir-test-cases, r4/patch). Their documents are no resources: they are run on any JSON. */
const file = join(root, '../shared/conformance/cases/patch/json-patch-tests.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];

describe("HL7's cases of JSON Patch", () => {
  expect(cases.length).toBe(16);
  for (const { comment, doc, patch, expected, error } of cases)
    test(comment, () => {
      const before = structuredClone({ doc, patch });
      if (error === undefined) expect(patchDocument(doc, patch)).toEqual(expected);
      else expect(() => patchDocument(doc, patch)).toThrow(expect.objectContaining({ code: 'unprocessable' }));
      expect({ doc, patch }).toEqual(before);
    });
});
