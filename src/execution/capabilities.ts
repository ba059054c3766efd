import type { SearchParameter } from '../fhir/search-parameters.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { CompiledWriter } from '../mapping/write/writer.js';
import type { TypeCapability, Writes } from './engine.js';

/** What the mappings of all sources make possible, by resource type. */
export function capabilitiesOf(
  mappings: readonly CompiledMapping[],
  written: ReadonlySet<string>,
): ReadonlyMap<string, TypeCapability> {
  const types = [...new Set(mappings.map(({ type }) => type))].sort();
  return new Map(types.map((type) => [type, capability(type, mappings, written)]));
}

function capability(type: string, all: readonly CompiledMapping[], written: ReadonlySet<string>): TypeCapability {
  const mappings = all.filter((mapping) => mapping.type === type);
  if (mappings.some(({ content }) => content)) return unsearched(type);
  const parameters = new Map<string, SearchParameter>();
  for (const mapping of mappings) for (const [code, parameter] of mapping.parameters) parameters.set(code, parameter);
  const sorted = new Map([...parameters].sort(([a], [b]) => (a < b ? -1 : 1)));
  const include = new Set<string>();
  for (const mapping of mappings) for (const code of mapping.targets.keys()) include.add(`${type}:${code}`);
  const targets = new Map<string, readonly string[]>();
  for (const mapping of mappings)
    for (const [code, types] of mapping.targets)
      targets.set(code, [...new Set([...(targets.get(code) ?? []), ...types])].sort());
  const revinclude = new Set<string>();
  for (const mapping of all) {
    for (const [code, targets] of mapping.targets)
      if (targets.includes(type)) revinclude.add(`${mapping.type}:${code}`);
  }
  return {
    type,
    parameters: sorted,
    sortable: new Set(
      [...sorted.values()].filter(({ type: of }) => of !== 'composite' && of !== 'special').map(({ code }) => code),
    ),
    include: [...include].sort(),
    revinclude: [...revinclude].sort(),
    targets,
    profiles: [],
    writes: writesOf(mappings.filter(({ source }) => written.has(source))),
    versioned: true,
  };
}

function writesOf(mappings: readonly CompiledMapping[]): Writes {
  const some = (way: (writer: CompiledWriter) => unknown) =>
    mappings.some(({ writer }) => writer && Boolean(way(writer)));
  return {
    create: some(({ create }) => create),
    update: some(({ update }) => update),
    updateCreates: some(({ create, updateCreates }) => create && updateCreates),
    delete: some((writer) => writer.delete),
  };
}

/** A Binary is read by its id alone (https://hl7.org/fhir/R4/binary.html), and its version is not that of its row. */
function unsearched(type: string): TypeCapability {
  return {
    type,
    parameters: new Map(),
    sortable: new Set(),
    include: [],
    revinclude: [],
    targets: new Map(),
    profiles: [],
    writes: writesOf([]),
    versioned: false,
  };
}
