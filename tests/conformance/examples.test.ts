import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { exampleIds } from '#src/identity/stored-ids.js';
import { type CompiledMapping, compileMapping } from '#src/mapping/compile.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell } from '#src/source/row.js';
import { TRUE } from '#src/source/selection.js';
import { jsonFiles, mappingFolders } from './mapping-folders.js';

type Document = Readonly<Record<string, Cell>>;

interface Example {
  readonly mapping: string;
  readonly rows: Readonly<Record<string, readonly Document[]>>;
  readonly resources: readonly object[];
  readonly undecodable?: readonly string[];
}

const timeZone = 'Asia/Kolkata';

for (const { source, folder } of mappingFolders) {
  const { mappings, conceptMaps } = await loadMappings(folder);
  const examples = jsonFiles<Example>('mappings', source, 'examples').map(({ content }) => content);

  describe(source, () => {
    test('every mapping has an example', () => {
      expect(examples.map(({ mapping }) => mapping).sort()).toEqual(
        mappings.map(({ definition }) => definition.name).sort(),
      );
    });

    test.each(examples.map((example) => [example.mapping, example] as const))('%s', async (name, example) => {
      const mapping = mappings.find(({ definition }) => definition.name === name)!;
      const conceptMap = (url: string) => conceptMaps.get(url)!;
      const setting = { source, timeZone, baseUrl: 'http://localhost/fhir', conceptMap, ids: exampleIds() };
      const compiled = compileMapping(mapping, setting);
      const { resources, undecodable } = await made(compiled, example.rows);
      expect(resources).toEqual(example.resources);
      expect(undecodable).toEqual(example.undecodable ?? []);
    });
  });
}

/** What a mapping makes of the rows: its resources without `meta`, and where a value could not be decoded. */
async function made(compiled: CompiledMapping, documents: Example['rows']) {
  const tables: Record<string, { columns: readonly string[]; rows: readonly Cell[][] }> = {};
  const relations = tablesOf(compiled);
  for (const { name } of relations) {
    // Several relations may read one table: its documents, and elements of arrays in them.
    const read = relations.filter((relation) => relation.name === name);
    const columns = [...new Set(read.flatMap((one) => Object.values(one.columns).map(({ path }) => path[0]!)))];
    const rows = (documents[name] ?? []).map((row) => columns.map((column) => row[column] ?? null));
    tables[name] = { columns, rows };
  }
  const resources: unknown[] = [];
  const undecodable: string[] = [];
  const scan = { relation: compiled.relation, output: compiled.output, where: TRUE, order: [] };
  const call = { signal: new AbortController().signal, deadline: performance.now() + 10_000 };
  for await (const { rows } of openMemory(tables).scan(scan, call)) {
    for (const row of rows) {
      const resource = compiled.read(row, ({ path }) => undecodable.push(path));
      if (resource) resources.push(withoutMeta(resource));
    }
  }
  return { resources, undecodable };
}

function tablesOf({ relation, output }: CompiledMapping): readonly TableRelation[] {
  const related = output.flatMap((one) => (one.kind === 'column' ? [] : [one.relation]));
  if (relation.kind === 'table') return [relation, ...related];
  return relation.kind === 'distinct' ? [...relation.of.map(({ table }) => table), ...related] : related;
}

/** The version follows the mapping's text, not the row alone: no example can hold it. */
function withoutMeta(resource: Resource): unknown {
  return JSON.parse(JSON.stringify({ ...resource, meta: undefined }));
}
