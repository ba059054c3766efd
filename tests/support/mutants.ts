import type { Resource } from '@medplum/fhirtypes';
import { type Element, elements, resourceTypes } from '#src/fhir/elements.js';
import { type Random, seeded } from '../oracle/random.js';

type Json = Record<string, unknown>;

/** A resource with one thing changed: most are no longer valid. */
export interface Mutant {
  readonly kind: string;
  readonly resource: Json;
}

/** One element that is there: where it stands, and what R4 says of it. */
interface Site {
  readonly holder: Json;
  readonly name: string;
  readonly element: Element;
}

type Mutate = (sites: readonly Site[], random: Random, root: Json) => boolean;

/** The same seed gives the same mutants of the same resources: every kind of change in turn. */
export function mutants(resources: readonly Resource[], count: number, seed: number): readonly Mutant[] {
  const kinds = Object.entries(changes);
  return Array.from({ length: count }, (_, index) => {
    const [kind, change] = kinds[index % kinds.length]!;
    // Another kind more leaves the mutants of the others as they are.
    const random = seeded(mixed(`${seed} ${kind} ${Math.floor(index / kinds.length)}`));
    for (let attempt = 0; attempt < 2000; attempt++) {
      const resource = structuredClone(random.pick(resources)) as unknown as Json;
      if (change(sitesIn(resource, String(resource.resourceType)), random, resource)) return { kind, resource };
    }
    throw new Error(`no resource has what ${kind} changes`);
  });
}

/** FNV-1a. */
function mixed(text: string): number {
  return [...text].reduce((sum, character) => Math.imul(sum ^ character.charCodeAt(0), 0x01000193), 0x811c9dc5);
}

function sitesIn(holder: Json, path: string): readonly Site[] {
  return Object.entries(holder).flatMap(([name, value]): readonly Site[] => {
    const element = elements(path)?.get(name);
    if (!element) return [];
    const inner = [value]
      .flat()
      .filter((each): each is Json => typeof each === 'object' && each !== null)
      .flatMap((each) =>
        sitesIn(each, resourceTypes.has(String(each.resourceType)) ? String(each.resourceType) : element.children),
      );
    return [{ holder, name, element }, ...inner];
  });
}

/** Changes one element that the test is true of. */
const at =
  (test: (site: Site) => boolean, change: (site: Site, random: Random, root: Json) => void): Mutate =>
  (sites, random, root) => {
    const found = sites.filter(test);
    if (found.length === 0) return false;
    change(random.pick(found), random, root);
    return true;
  };
/** Gives one element that the test is true of another value; one that repeats has it once. */
const put = (test: (site: Site) => boolean, ...values: readonly unknown[]): Mutate =>
  at(test, ({ holder, name, element }, random) => {
    const value = random.pick(values);
    holder[name] = element.array ? [value] : value;
  });
const remove = (test: (site: Site) => boolean): Mutate =>
  at(test, ({ holder, name }) => {
    delete holder[name];
  });
const toRoot =
  (type: string | undefined, change: (root: Json, random: Random) => void): Mutate =>
  (_, random, root) => {
    if (type !== undefined && root.resourceType !== type) return false;
    change(root, random);
    return true;
  };

const ofType =
  (...types: readonly string[]) =>
  ({ element }: Site) =>
    types.includes(element.type);
const textual = ['string', 'code', 'uri', 'date', 'dateTime', 'instant', 'markdown', 'url', 'canonical'];
const complex = ({ holder, name }: Site) =>
  [holder[name]].flat().every((each) => typeof each === 'object' && each !== null && !('resourceType' in each));
const isText = ({ holder, name }: Site) => typeof [holder[name]].flat()[0] === 'string';
const ours = 'https://healthsync.dev/fhir/StructureDefinition/';
const foreign = 'https://example.org/fhir/StructureDefinition/colour';
const narrative = (inner: string) => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`,
});

const changes: Readonly<Record<string, Mutate>> = {
  'drop a required element': remove(({ element, name }) => element.required && name !== 'url'),
  'drop the URL of an extension': remove(({ element, name }) => name === 'url' && element.required),
  'number for text': put(ofType(...textual), 7),
  'text for number': put(ofType('decimal', 'integer', 'positiveInt', 'unsignedInt'), '7'),
  'text for boolean': put(ofType('boolean'), 'true'),
  'text for object': put(complex, 'words'),
  'object for text': put(ofType(...textual), { value: 'words' }),
  'wrong code': put(
    ({ element }) => element.binding !== undefined && element.type === 'code',
    'no-such-code',
    'ACTIVE',
  ),
  'wrong concept': put(
    ({ element }) => element.binding !== undefined && element.type === 'CodeableConcept',
    { coding: [{ system: 'http://example.org/codes', code: 'x' }] },
    { text: 'words alone' },
  ),
  'other code': put(({ element }) => element.binding === undefined && element.type === 'code', 'other', 'a b'),
  'code with spaces': put(ofType('code'), ' male', 'male ', 'a  b'),
  'no date': put(ofType('date', 'dateTime', 'instant'), '2020-13-45', '01/02/2020', '2020-1-1', 'yesterday'),
  'no day of the calendar': put(ofType('date', 'dateTime'), '2021-02-29', '2020-04-31', '2020-02-30'),
  'no time': put(ofType('dateTime', 'instant'), '2020-01-01T10:00', '2020-01-01T25:00:00Z', '2020-01-01T10:00:00'),
  'less of a date': put(ofType('dateTime', 'date'), '2020', '2020-05'),
  'unknown element': at(complex, ({ holder, name }) => Object.assign([holder[name]].flat()[0]!, { colour: 'blue' })),
  'unknown element of the resource': toRoot(undefined, (root) => Object.assign(root, { colour: 'blue' })),
  'wrong type of reference': put(
    ofType('Reference'),
    { reference: 'Substance/1' },
    { reference: 'http://example.org/fhir/VisionPrescription/1' },
  ),
  'reference by identifier': put(
    ofType('Reference'),
    { identifier: { system: 'urn:a', value: '1' } },
    { display: 'words' },
  ),
  'reference whose type differs': put(ofType('Reference'), { reference: 'Patient/1', type: 'Location' }),
  'reference to nothing contained': put(ofType('Reference'), { reference: '#nothing' }),
  'reference of an odd form': put(
    ofType('Reference'),
    { reference: 'words' },
    { reference: 'urn:uuid:none' },
    { reference: 'Nothing/1' },
  ),
  'contained, referred to by nothing': toRoot(undefined, (root) => {
    root.contained = [{ resourceType: 'Organization', id: 'stray', name: 'Stray' }];
  }),
  'contained, wrong inside': toRoot(undefined, (root, random) => {
    const wrong: unknown = random.pick([
      {},
      { name: 7 },
      { active: 'yes', name: 'x' },
      { name: 'x', telecom: [{ value: '1', use: 'home', system: 'phone' }] },
    ]);
    root.contained = [{ resourceType: 'Organization', id: 'inner', ...(wrong as Json) }];
    root.extension = [{ url: foreign, valueReference: { reference: '#inner' } }];
  }),
  'end before start': put(
    ofType('Period'),
    { start: '2021-05-01', end: '2020-05-01' },
    { start: '2021-05-01T10:00:00Z', end: '2021-05-01T09:00:00Z' },
  ),
  'end less exact than start': put(
    ofType('Period'),
    { start: '2021-05-01', end: '2021' },
    { start: '2021-05', end: '2021-05-02' },
  ),
  'phone number of no system': put(ofType('ContactPoint'), { value: '555' }),
  'unit of no system': put(ofType('Quantity'), { value: 1, code: 'mg' }),
  'high before low': toRoot('Observation', (root, random) => {
    const low = { value: 5, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' };
    for (const name of Object.keys(root)) if (name.startsWith('value')) delete root[name];
    delete root.dataAbsentReason;
    root.valueRange = random.pick<Json>([
      { low, high: { ...low, value: 3 } },
      { low, high: { ...low, value: 3, unit: 'g', code: 'g' } },
      { low: { value: 5 }, high: { value: 3 } },
      { low: { value: 5 }, high: { value: 7 } },
    ]);
  }),
  'value and its absence': toRoot('Observation', (root) => {
    root.dataAbsentReason = { text: 'unknown' };
    root.valueString ??= 'x';
  }),
  'two types of a choice': toRoot('Observation', (root) => {
    root.valueString = 'x';
    root.valueInteger = 1;
  }),
  'a range of nothing': toRoot('Observation', (root, random) => {
    root.referenceRange = [
      random.pick<Json>([{ appliesTo: [{ text: 'all' }] }, { low: { value: 1 }, high: { value: 2 } }]),
    ];
  }),
  'contact without a name': toRoot('Patient', (root) => {
    root.contact = [{ relationship: [{ text: 'mother' }] }];
  }),
  'one where one is too few': at(
    ({ element }) => element.array,
    ({ holder, name }) => {
      holder[name] = ([holder[name]].flat() as unknown[])[0];
    },
  ),
  'a list where one is allowed': at(
    ({ element }) => !element.array,
    ({ holder, name }) => {
      holder[name] = [holder[name]];
    },
  ),
  'empty array': at(
    ({ element }) => element.array,
    ({ holder, name }) => {
      holder[name] = [];
    },
  ),
  'empty array of primitive values': at(
    (site) => site.element.array && isText(site),
    ({ holder, name }) => {
      holder[name] = [];
    },
  ),
  'empty object': put(complex, {}),
  'empty text': put(isText, ''),
  'blank text': put(isText, ' '),
  // A null in a list stops HL7's engine.
  null: put(({ element }) => !element.array, null),
  'wrong id': toRoot(undefined, (root, random) => {
    root.id = random.pick(['a b', 'x'.repeat(65), 'a/b', 'ünder']);
  }),
  'wrong URI': put(ofType('uri', 'url', 'canonical'), 'http://example.org/a b', 'a b'),
  'relative URI': put(ofType('uri', 'url', 'canonical'), 'words'),
  'extension of a relative URL': toRoot(undefined, (root) => {
    root.extension = [{ url: 'words', valueString: 'x' }];
  }),
  'other quantity': put(
    ofType('Quantity'),
    { value: 1, unit: 'mg', comparator: '<' },
    { value: 1, comparator: '=' },
    {
      unit: 'mg',
    },
  ),
  'unknown unit': put(ofType('Quantity'), { value: 1, system: 'http://unitsofmeasure.org', code: 'bushels of rye' }),
  'whole numbers': put(ofType('positiveInt', 'unsignedInt', 'integer'), 1.5, -1, 0, 5_000_000_000),
  'other decimal': put(ofType('decimal'), -1.5, 1e21, 0.000_000_1),
  'wrong base64': put(ofType('base64Binary'), 'a?b=', 'abc'),
  'data of no type': put(ofType('Attachment'), { data: 'aGVsbG8=' }, { contentType: 'text/plain', data: 'aGVsbG8=' }),
  'unknown profile': toRoot(undefined, (root) => {
    root.meta = { profile: ['https://example.org/fhir/StructureDefinition/none'] };
  }),
  'unknown modifierExtension': toRoot(undefined, (root) => {
    root.modifierExtension = [{ url: foreign, valueString: 'blue' }];
  }),
  'foreign extension': toRoot(undefined, (root) => {
    root.extension = [{ url: foreign, valueString: 'blue' }];
  }),
  'an extension with a value and extensions': toRoot(undefined, (root) => {
    root.extension = [{ url: foreign, valueString: 'blue', extension: [{ url: 'x', valueString: 'y' }] }];
  }),
  'an extension with neither': toRoot(undefined, (root) => {
    root.extension = [{ url: foreign }];
  }),
  'our extension': toRoot(undefined, (root, random) => {
    root.extension = [
      random.pick<Json>([
        { url: `${ours}patient-status`, valueString: 'admitted' },
        { url: `${ours}patient-status`, valueCode: 'admitted' },
        { url: `${ours}patient-colour`, valueString: 'blue' },
        { url: `${ours}treatment`, valueString: 'rest' },
      ]),
    ];
  }),
  'our extension of a patient': toRoot('Patient', (root, random) => {
    root.extension = [
      random.pick<Json>([
        { url: `${ours}patient-status`, valueString: 'admitted' },
        { url: `${ours}patient-status`, valueCode: 'admitted' },
        { url: `${ours}patient-status`, extension: [{ url: 'x', valueString: 'y' }] },
      ]),
    ];
  }),
  'an extension in the place of a value': at(
    (site) =>
      isText(site) &&
      !site.element.array &&
      site.name !== 'url' &&
      site.name !== 'id' &&
      site.name !== 'div' &&
      site.name !== 'reference',
    ({ holder, name }) => {
      delete holder[name];
      holder[`_${name}`] = {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
      };
    },
  ),
  'an extension in the place of a code': at(
    ({ element, name }) => element.valueSet !== undefined && !element.array && name !== 'language',
    ({ holder, name }) => {
      delete holder[name];
      holder[`_${name}`] = { extension: [{ url: foreign, valueCode: 'unknown' }] };
    },
  ),
  'an extension beside a list': toRoot('Patient', (root, random) => {
    root.name = [
      random.pick<Json>([
        { given: ['A', null], _given: [null, { extension: [{ url: foreign, valueString: 'x' }] }] },
        { given: ['A', 'B'], _given: [null, { extension: [{ url: foreign, valueString: 'x' }] }] },
        { given: ['A'], _given: {} },
      ]),
    ];
  }),
  'other narrative': toRoot(undefined, (root, random) => {
    root.text = random.pick([
      narrative('<p>fine</p>'),
      narrative('<script>alert(1)</script>'),
      narrative('<p onclick="x()">x</p>'),
      narrative('<p>x'),
      narrative(' '),
      { status: 'generated', div: '<p>x</p>' },
      { status: 'generated' },
    ]);
  }),
  'other language': toRoot(undefined, (root, random) => {
    root.language = random.pick(['en', 'de-CH', 'words of no language', 'qq-xx']);
  }),
  'money of no currency': put(ofType('Money'), { value: 1, currency: 'XYZ' }, { value: 1, currency: 'EUR' }),
  'other resource type': toRoot(undefined, (root, random) => {
    root.resourceType = random.pick(['Human', 'patient', 'Basic']);
  }),
};
