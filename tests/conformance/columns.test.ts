import { expect, test } from '@jest/globals';
import { exampleIds } from '#src/identity/stored-ids.js';
import { compileMapping } from '#src/mapping/compile.js';
import { loadMappings } from '#src/mapping/load-folder.js';
import { mappingFolders } from './mapping-folders.js';

test.each(mappingFolders)('$source: every column is served, or left out with a reason', async ({ source, folder }) => {
  const { mappings, conceptMaps } = await loadMappings(folder);
  const read = new Set<string>();
  const leftOut = new Set<string>();
  const all = new Set<string>();
  for (const mapping of mappings) {
    const setting = { source, timeZone: 'UTC', baseUrl: 'http://localhost/fhir', ids: exampleIds() };
    const compiled = compileMapping(mapping, { ...setting, conceptMap: (url) => conceptMaps.get(url)! });
    const { relation } = compiled;
    if (relation.kind !== 'table') continue;
    for (const column of Object.keys(relation.columns)) all.add(`${relation.name}.${column}`);
    for (const one of compiled.output) if (one.kind === 'column') read.add(`${relation.name}.${one.column}`);
    for (const [column, reason] of Object.entries(mapping.definition.unmapped ?? {})) {
      if (reason !== '') leftOut.add(`${relation.name}.${column}`);
    }
  }
  expect([...all].sort()).toEqual([...read, ...leftOut].sort());
});
