import { describe, expect, test } from '@jest/globals';
import type { CodeSystem, ConceptMap, NamingSystem, StructureDefinition } from '@medplum/fhirtypes';
import { loadMappings } from '#src/mapping/load-folder.js';
import { jsonFiles, mappingFolders } from './mapping-folders.js';

const base = 'https://healthsync.dev/fhir/';

interface Emitted {
  /** Extension URL -> how it is used, `Patient valueString`. */
  readonly extensions: Map<string, Set<string>>;
  readonly systems: Set<string>;
  readonly maps: Set<string>;
}

const emitted: Emitted = { extensions: new Map(), systems: new Set(), maps: new Set() };
for (const { folder } of mappingFolders) {
  const { mappings, conceptMaps } = await loadMappings(folder);
  for (const { type, definition } of mappings) {
    visit(definition.to, type, (url) => {
      emitted.maps.add(url);
      return conceptMaps.get(url) ?? { url, targets: new Map() };
    });
  }
}

/** Every URL of ours in a template: constants, and what its codecs would add. */
function visit(node: unknown, type: string, conceptMap: (url: string) => unknown): void {
  if (typeof node === 'string' && node.startsWith(base)) emitted.systems.add(node);
  if (typeof node !== 'object' || node === null) return;
  const { url, codec, ...rest } = node as { url?: unknown; codec?: { late?: (setting: object) => unknown } };
  if (typeof url === 'string') {
    const use = `${type} ${Object.keys(rest).join()}`;
    emitted.extensions.set(url, (emitted.extensions.get(url) ?? new Set()).add(use));
  }
  if (codec?.late) {
    const made = codec.late({ source: 'x', timeZone: 'UTC', conceptMap }) as { concept?: { system: string } };
    if (made.concept) emitted.systems.add(made.concept.system);
  }
  for (const inner of Object.values(rest)) visit(inner, type, conceptMap);
}

const extensions = jsonFiles<StructureDefinition>('profiles', 'extensions').map(({ content }) => content);
const codeSystems = jsonFiles<CodeSystem>('profiles', 'code-systems').map(({ content }) => content);
const conceptMaps = jsonFiles<ConceptMap>('profiles', 'concept-maps').map(({ content }) => content);
const namingSystems = jsonFiles<NamingSystem>('profiles', 'naming-systems').map(({ content }) => content);

describe('definitions', () => {
  test('every extension that a mapping emits has a StructureDefinition, and every definition is used', () => {
    expect([...emitted.extensions.keys()].sort()).toEqual(extensions.map(({ url }) => url).sort());
  });

  test.each(extensions.map((definition) => [definition.url, definition] as const))(
    '%s is emitted where and as its definition says',
    (url, { context, differential }) => {
      const type = differential?.element?.find(({ path }) => path === 'Extension.value[x]')?.type?.[0]?.code ?? '';
      const allowed = context?.map(({ expression }) => `${expression} value${type[0]?.toUpperCase()}${type.slice(1)}`);
      for (const use of emitted.extensions.get(url ?? '') ?? []) expect(allowed).toContain(use);
    },
  );

  test('every system of ours that a mapping emits has a CodeSystem or a NamingSystem, and every definition is used', () => {
    const identifiers = namingSystems.flatMap(({ uniqueId }) => uniqueId.map(({ value }) => value));
    expect([...emitted.systems].sort()).toEqual([...codeSystems.map(({ url }) => url), ...identifiers].sort());
  });

  test('every translation that a mapping uses has a ConceptMap, and every map is used', () => {
    expect([...emitted.maps].sort()).toEqual(conceptMaps.map(({ url }) => url).sort());
  });

  test.each(conceptMaps.map((map) => [map.url, map] as const))('%s translates codes of a defined system', (_, map) => {
    for (const { source, element } of map.group ?? []) {
      const codes = codeSystems.find(({ url }) => url === source)?.concept?.map(({ code }) => code);
      expect(codes).toEqual(expect.arrayContaining(element.map(({ code }) => code)));
    }
  });
});
