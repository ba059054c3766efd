import type { TableRelation } from '../source/relation.js';
import type { Row } from '../source/row.js';
import { placeIn } from '../source/unwind.js';
import { tablesRead } from './columns-read.js';
import type { Live } from './examined.js';
import type { Finding } from './finding.js';

const most = 1000;
const shown = 3;

/** Native keys that name more than one row, and tables where nothing keeps them from it. */
export async function checkKeys(live: Live): Promise<readonly Finding[]> {
  const { name: source, tables, indexed, adapter } = live;
  const findings: Finding[] = [];
  for (const relation of keyed(tablesRead(live.compiled))) {
    const place = `${relation.name}(${relation.key.join(', ')})`;
    const table = tables.find(({ name }) => name.toLowerCase() === relation.name.toLowerCase());
    if (!table) continue;
    const key = relation.key.map((column) => (relation.columns[column]?.path[0] ?? column).toLowerCase());
    const unique =
      placesAreKey(relation) &&
      table.uniqueKeys.some((columns) => columns.every((column) => key.includes(column.toLowerCase())));
    if (indexed && !unique && !relation.unwind)
      findings.push({
        severity: 'warning',
        kind: 'key-not-unique',
        source,
        place,
        message: 'No unique index or primary key keeps two rows from having one key.',
      });
    if (unique) continue;
    const repeated = await adapter.duplicateKeys(relation, most + 1, live.call());
    if (repeated.length === 0) continue;
    const count =
      repeated.length > most
        ? `More than ${most} keys are`
        : repeated.length === 1
          ? 'One key is'
          : `${repeated.length} keys are`;
    const ids = repeated.slice(0, shown).map((row) => exampleId(row, relation, live));
    findings.push({
      severity: 'warning',
      kind: 'duplicate-key',
      source,
      place,
      message: `${count} there more than once; only the first row of each is served: ${ids.join(', ')}${repeated.length > shown ? ', …' : ''}.`,
    });
  }
  return findings;
}

/** No index keeps two elements of one document apart, but their places do. */
function placesAreKey(relation: TableRelation): boolean {
  const places = new Set(relation.key.map((column) => placeIn(relation, relation.columns[column]?.path ?? [])));
  return (relation.unwind ?? []).every((_, i) => places.has(i));
}

/** One relation for each table and key. */
function keyed(relations: readonly TableRelation[]): readonly TableRelation[] {
  const found = new Map<string, TableRelation>();
  for (const relation of relations)
    if (relation.key.length > 0 && !relation.numbered)
      found.set(JSON.stringify([relation.name, relation.key, relation.unwind]), relation);
  return [...found.values()];
}

function exampleId(row: Row, relation: TableRelation, { compiled }: Live): string {
  const mapping = compiled.find((one) => one.relation === relation);
  const id = mapping?.idOf(row.map(String)) ?? row.map(String).join('.');
  return mapping ? `${mapping.type}/${id}` : id;
}
