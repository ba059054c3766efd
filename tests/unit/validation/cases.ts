/** A resource, and what is said of it: severity, IssueType, FHIRPath, and the rule where there is one. */
export type Case = readonly [name: string, resource: unknown, issues: readonly string[]];

const patient = (more: object) => ({ resourceType: 'Patient', text: narrative('<p>x</p>'), ...more });
const observation = (more: object) => ({
  resourceType: 'Observation',
  text: narrative('<p>x</p>'),
  status: 'final',
  code: { text: 'x' },
  ...more,
});
const narrative = (inner: string) => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`,
});
const foreign = { url: 'https://example.org/colour', valueString: 'blue' };
const ours = 'https://healthsync.dev/fhir/StructureDefinition/';
const organization = { resourceType: 'Organization', id: 'o', name: 'x' };

export const cases: readonly Case[] = [
  ['a patient', patient({ name: [{ family: 'A', given: ['B'] }], birthDate: '1970-01-01' }), []],
  ['no object', 'Patient', ['error structure Resource']],
  ['null', null, ['error structure Resource']],
  ['a list', [patient({})], ['error structure Resource']],
  ['no type', { name: [] }, ['error structure Resource']],
  ['a type that R4 does not have', { resourceType: 'Human' }, ['error structure Resource']],
  ['an abstract type', { resourceType: 'DomainResource' }, ['error structure Resource']],
  ['the name of a property of every object', { resourceType: 'toString' }, ['error structure Resource']],
  ['no narrative', { resourceType: 'Patient' }, ['warning invariant Patient dom-6']],

  ['an unknown element', patient({ colour: 'blue' }), ['error structure Patient']],
  ['an unknown element inside', patient({ name: [{ colour: 'blue' }] }), ['error structure Patient.name[0]']],
  [
    'a name that is no name',
    JSON.parse('{"resourceType":"Basic","code":{"text":"x"},"__proto__":{"a":1},"text":null}'),
    ['error structure Basic', 'error structure Basic.text', 'warning invariant Basic dom-6'],
  ],
  ['one where a list is', patient({ name: { family: 'A' } }), ['error structure Patient.name']],
  ['a list where one is', patient({ birthDate: ['1970'] }), ['error structure Patient.birthDate']],
  ['a missing element', observation({ code: undefined }), ['error required Observation']],
  ['a missing object', { ...observation({}), code: undefined }, ['error required Observation']],
  ['an empty list', patient({ name: [] }), ['error structure Patient.name']],
  ['an empty object', patient({ name: [{}] }), ['error invariant Patient.name[0]']],
  ['nothing but an id', patient({ name: [{ id: 'a' }] }), ['error invariant Patient.name[0]']],
  ['null for a value', patient({ gender: null }), ['error structure Patient.gender']],
  ['two types of a choice', patient({ deceasedBoolean: true, deceasedDateTime: '2020' }), ['error structure Patient']],
  [
    'a required choice that is not there',
    {
      resourceType: 'MedicationAdministration',
      text: narrative('<p>x</p>'),
      status: 'completed',
      medicationCodeableConcept: { text: 'x' },
      subject: { display: 'x' },
    },
    ['error required MedicationAdministration'],
  ],
  ['a type that the choice does not have', observation({ valueDate: '2020' }), ['error structure Observation']],

  ['a value of extensions alone', patient({ _birthDate: { extension: [foreign] } }), []],
  ['a required value of extensions alone', observation({ status: undefined, _status: { extension: [foreign] } }), []],
  [
    'values and extensions in turn',
    patient({ name: [{ given: ['A', null], _given: [null, { extension: [foreign] }] }] }),
    [],
  ],
  [
    'a null with nothing in its place',
    patient({ name: [{ given: ['A', null] }] }),
    ['error structure Patient.name[0].given[1]'],
  ],
  [
    'nulls on both sides',
    patient({ name: [{ given: ['A', null], _given: [{ extension: [foreign] }, null] }] }),
    ['error structure Patient.name[0].given[1]'],
  ],
  ['a wrong sibling', patient({ _birthDate: { colour: 'blue' } }), ['error structure Patient.birthDate']],
  ['a sibling of an object', patient({ _name: [{ extension: [foreign] }] }), ['error structure Patient']],

  ['a day that is none', patient({ birthDate: '2021-02-29' }), ['error value Patient.birthDate']],
  ['a date of another form', patient({ birthDate: '1/2/2020' }), ['error value Patient.birthDate']],
  [
    'a time without a zone',
    observation({ effectiveDateTime: '2020-01-01T10:00:00' }),
    ['error value Observation.effective.ofType(dateTime)'],
  ],
  ['a leap second', observation({ effectiveDateTime: '2016-12-31T23:59:60Z' }), []],
  ['an id too long', patient({ id: 'x'.repeat(65) }), ['error value Patient.id']],
  ['white space that is not of ASCII', patient({ name: [{ family: 'A\u00a0B' }] }), []],
  [
    'a fraction for a whole number',
    patient({ multipleBirthInteger: 1.5 }),
    ['error structure Patient.multipleBirth.ofType(integer)'],
  ],
  [
    'a whole number that is too large',
    patient({ multipleBirthInteger: 2 ** 31 }),
    ['error value Patient.multipleBirth.ofType(integer)'],
  ],
  [
    'an infinite number of none',
    observation({ valueInteger: '1' }),
    ['error structure Observation.value.ofType(integer)'],
  ],
  ['base64 with white space', patient({ photo: [{ contentType: 'image/png', data: 'aGVs\n bG8=' }] }), []],
  [
    'base64 of a wrong length',
    patient({ photo: [{ contentType: 'image/png', data: 'aGVsbG8' }] }),
    ['error value Patient.photo[0].data'],
  ],

  ['a wrong code', patient({ gender: 'M' }), ['error code-invalid Patient.gender']],
  [
    'a wrong concept',
    {
      resourceType: 'Condition',
      text: narrative('<p>x</p>'),
      subject: { display: 'x' },
      clinicalStatus: { coding: [{ system: 'urn:a', code: 'active' }] },
    },
    ['error code-invalid Condition.clinicalStatus'],
  ],
  [
    'a concept beside another',
    {
      resourceType: 'Condition',
      text: narrative('<p>x</p>'),
      subject: { display: 'x' },
      clinicalStatus: {
        coding: [
          { system: 'urn:a', code: 'x' },
          { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' },
        ],
      },
    },
    [],
  ],
  ['no language', patient({ language: 'no language' }), ['error code-invalid Patient.language']],
  [
    'a language',
    patient({
      language: 'de-CH',
      communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'gsw' }] } }],
    }),
    [],
  ],

  [
    'a reference to another type',
    patient({ managingOrganization: { reference: 'Patient/1' } }),
    ['error structure Patient.managingOrganization'],
  ],
  [
    'an absolute reference to another type',
    patient({ managingOrganization: { reference: 'https://example.org/fhir/Patient/1' } }),
    ['error structure Patient.managingOrganization'],
  ],
  [
    'a logical reference to another type',
    patient({ managingOrganization: { type: 'Patient', identifier: { value: '1' } } }),
    ['error structure Patient.managingOrganization'],
  ],
  ['a conditional reference', patient({ managingOrganization: { reference: 'Organization?name=x' } }), []],
  [
    'a reference by UUID',
    patient({ managingOrganization: { reference: 'urn:uuid:5a2ff0a7-4d30-4c5c-a5ed-8c1b8b3d8a0c' } }),
    [],
  ],
  [
    'a reference whose type contradicts it',
    patient({ managingOrganization: { reference: 'Organization/1', type: 'Patient' } }),
    ['error value Patient.managingOrganization'],
  ],
  ['a contained resource', patient({ contained: [organization], managingOrganization: { reference: '#o' } }), []],
  [
    'a contained resource that is not there',
    patient({ contained: [organization], managingOrganization: { reference: '#p' } }),
    ['error not-found Patient.managingOrganization ref-1', 'error invariant Patient.contained[0] dom-3'],
  ],
  [
    'a contained resource of another type',
    patient({
      contained: [organization],
      generalPractitioner: [{ reference: '#o' }],
      link: [{ other: { reference: '#o' }, type: 'refer' }],
    }),
    ['error structure Patient.link[0].other'],
  ],
  [
    'a contained resource that refers to its container',
    patient({
      contained: [
        { resourceType: 'Observation', id: 'x', status: 'final', code: { text: 'x' }, subject: { reference: '#' } },
      ],
    }),
    [],
  ],
  [
    'a contained resource in a contained one',
    patient({ contained: [{ ...organization, contained: [organization] }], managingOrganization: { reference: '#o' } }),
    ['error invariant Patient dom-2'],
  ],
  [
    'a contained resource that is wrong',
    patient({ contained: [{ ...organization, name: 7 }], managingOrganization: { reference: '#o' } }),
    ['error structure Patient.contained[0].name'],
  ],

  ['obs-6', observation({ valueString: 'x', dataAbsentReason: { text: 'x' } }), ['error invariant Observation obs-6']],
  [
    'per-1',
    patient({ name: [{ family: 'A', period: { start: '2021', end: '2020' } }] }),
    ['error invariant Patient.name[0].period per-1'],
  ],
  ['pat-1', patient({ contact: [{ gender: 'male' }] }), ['error invariant Patient.contact[0] pat-1']],
  ['cpt-2', patient({ telecom: [{ value: '1' }] }), ['error invariant Patient.telecom[0] cpt-2']],
  [
    'ext-1',
    patient({ extension: [{ url: 'https://example.org/colour' }] }),
    ['error invariant Patient.extension[0] ext-1'],
  ],
  [
    'rng-2',
    observation({ valueRange: { low: { value: 5 }, high: { value: 3 } } }),
    ['error invariant Observation.value.ofType(Range) rng-2'],
  ],
  [
    'rng-2 in units of one kind',
    observation({
      valueRange: {
        low: { value: 5, system: 'http://unitsofmeasure.org', code: 'mg' },
        high: { value: 3, system: 'http://unitsofmeasure.org', code: 'g' },
      },
    }),
    [],
  ],
  [
    'sqty-1',
    observation({ referenceRange: [{ low: { value: 1, comparator: '<' } }] }),
    ['error invariant Observation.referenceRange[0].low sqty-1'],
  ],
  [
    'org-3',
    { ...organization, id: 'o', text: narrative('<p>x</p>'), telecom: [{ system: 'phone', value: '1', use: 'home' }] },
    ['error invariant Organization.telecom[0] org-3'],
  ],
  ['txt-1', patient({ text: narrative('<script>x</script>') }), ['error invariant Patient.text.div txt-1']],
  ['txt-2', patient({ text: narrative(' ') }), ['error invariant Patient.text.div txt-1']],

  ['a foreign extension', patient({ extension: [foreign] }), []],
  [
    'a foreign modifierExtension',
    patient({ modifierExtension: [foreign] }),
    ['error not-supported Patient.modifierExtension[0]'],
  ],
  [
    'an extension of a relative URL',
    patient({ extension: [{ url: 'colour', valueString: 'blue' }] }),
    ['error extension Patient.extension[0]'],
  ],
  [
    'relative URLs inside',
    patient({ extension: [{ url: 'https://example.org/paint', extension: [{ url: 'colour', valueString: 'blue' }] }] }),
    [],
  ],
  ['ours', patient({ extension: [{ url: `${ours}patient-status`, valueString: 'x' }] }), []],
  [
    'ours with another value',
    patient({ extension: [{ url: `${ours}patient-status`, valueCode: 'x' }] }),
    ['error extension Patient.extension[0]'],
  ],
  [
    'ours elsewhere',
    patient({ name: [{ family: 'A', extension: [{ url: `${ours}patient-status`, valueString: 'x' }] }] }),
    ['error extension Patient.name[0].extension[0]'],
  ],
  [
    'ours as a modifier',
    patient({ modifierExtension: [{ url: `${ours}patient-status`, valueString: 'x' }] }),
    ['error extension Patient.modifierExtension[0]'],
  ],
  [
    'one of ours that there is not',
    patient({ extension: [{ url: `${ours}colour`, valueString: 'x' }] }),
    ['error extension Patient.extension[0]'],
  ],
  [
    'ours with a reference to another type',
    {
      resourceType: 'Encounter',
      text: narrative('<p>x</p>'),
      status: 'finished',
      class: { code: 'AMB' },
      extension: [{ url: `${ours}admitting-department`, valueReference: { reference: 'Patient/1' } }],
    },
    ['error structure Encounter.extension[0].value.ofType(Reference)'],
  ],

  [
    'its own definition as a profile',
    patient({ meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Patient'] } }),
    [],
  ],
  [
    'an unknown profile',
    patient({ meta: { profile: ['https://example.org/none'] } }),
    ['error not-supported Patient.meta.profile[0]'],
  ],
  [
    'the definition of another type as a profile',
    patient({ meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Person'] } }),
    ['error not-supported Patient.meta.profile[0]'],
  ],

  [
    'in a Bundle each stands by itself',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: patient({ contained: [organization], managingOrganization: { reference: '#o' } }) },
        { resource: observation({ status: 'x' }) },
      ],
    },
    ['error code-invalid Bundle.entry[1].resource.status'],
  ],
];
