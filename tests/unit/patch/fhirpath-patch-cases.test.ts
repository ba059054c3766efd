import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { applyFhirPathPatch } from '#src/patch/fhirpath-patch.js';
import { childrenNamed, parseXml, resourceFromXml, type XmlNode } from '../../support/fhir-xml.js';
import { root } from '../../support/source-tree.js';

/** HL7's cases (FHIR/fhir-test-cases, r4/patch). */
const folder = join(root, '../shared/conformance/cases/patch');
const cases = childrenNamed(parseXml(readFileSync(join(folder, 'fhir-patch-tests.xml'), 'utf8')), 'case');

/** Files of cases, each with the test that runs it or the reason why none does. */
const files: Readonly<Record<string, string>> = {
  'fhir-patch-tests.xml': 'here, every case',
  'json-patch-tests.json': 'json-patch-cases.test.ts, every case',
  'xml-patch-tests.xml': 'XML is not read: a body of application/xml-patch+xml is answered with 415',
};

const inside = (node: XmlNode, name: string) => childrenNamed(node, name)[0];
const resource = (node: XmlNode) => resourceFromXml(node.children[0]!) as unknown as Resource;
/** White space of a narrative, and how its quotes are written, say nothing. */
const narrative = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, each) =>
    name === 'div' ? String(each).replace(/\s+/g, ' ').replaceAll('&quot;', '"') : each,
  );

describe("HL7's cases of FHIRPath Patch", () => {
  expect(cases.length).toBe(33);

  test('no file of cases is forgotten', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
  });

  for (const [i, each] of cases.entries()) {
    const name = each.attributes.name!;
    test(`${i + 1}: ${name}`, () => {
      const [input, diff] = [resource(inside(each, 'input')!), resource(inside(each, 'diff')!)];
      const before = structuredClone({ input, diff });
      const output = inside(each, 'output');
      if (output) expect(narrative(applyFhirPathPatch(input, diff))).toEqual(narrative(resource(output)));
      else {
        expect(inside(each, 'error')).toBeDefined();
        expect(() => applyFhirPathPatch(input, diff)).toThrow(expect.objectContaining({ code: 'unprocessable' }));
      }
      expect({ input, diff }).toEqual(before);
    });
  }
});
