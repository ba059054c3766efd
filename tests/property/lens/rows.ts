import { openMemory } from '#src/adapters/memory/adapter.js';
import { exampleIds } from '#src/identity/stored-ids.js';
import { type CompiledMapping, compileMapping } from '#src/mapping/compile.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Cell, Row } from '#src/source/row.js';
import { TRUE } from '#src/source/selection.js';
import { jsonFiles, mappingFolders } from '../../conformance/mapping-folders.js';

interface Example {
  readonly mapping: string;
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>;
}

export interface Sample {
  readonly name: string;
  readonly mapping: CompiledMapping;
  readonly rows: readonly Row[];
}

/** Every mapping of the repository whose rows can be written at all, with the rows of its example. */
export async function samples(): Promise<readonly Sample[]> {
  const found: Sample[] = [];
  for (const { source, folder } of mappingFolders) {
    const { mappings, conceptMaps } = await loadMappings(folder);
    for (const { content } of jsonFiles<Example>('mappings', source, 'examples')) {
      const mapping = mappings.find(({ definition }) => definition.name === content.mapping)!;
      const compiled = compileMapping(mapping, {
        source,
        timeZone: 'Asia/Kolkata',
        baseUrl: 'http://localhost/fhir',
        conceptMap: (url: string) => conceptMaps.get(url)!,
        ids: exampleIds(),
      });
      if (compiled.writer)
        found.push({
          name: `${source} ${content.mapping}`,
          mapping: compiled,
          rows: await rowsOf(compiled, content.rows),
        });
    }
  }
  return found;
}

async function rowsOf(compiled: CompiledMapping, documents: Example['rows']): Promise<readonly Row[]> {
  const related = compiled.output.flatMap((one) => (one.kind === 'column' ? [] : [one.relation]));
  const relations = [compiled.relation as TableRelation, ...related];
  const tables: Record<string, { columns: readonly string[]; rows: readonly Cell[][] }> = {};
  for (const { name } of relations) {
    const read = relations.filter((relation) => relation.name === name);
    const columns = [...new Set(read.flatMap((one) => Object.values(one.columns).map(({ path }) => path[0]!)))];
    tables[name] = {
      columns,
      rows: (documents[name] ?? []).map((row) => columns.map((column) => row[column] ?? null)),
    };
  }
  const rows: Row[] = [];
  const scan = { relation: compiled.relation, output: compiled.output, where: TRUE, order: [] };
  const call = { signal: new AbortController().signal, deadline: performance.now() + 10_000 };
  for await (const batch of openMemory(tables).scan(scan, call)) rows.push(...batch.rows);
  return rows;
}
