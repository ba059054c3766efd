import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Adapter, Output } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import type { Row } from '#src/source/row.js';
import { TRUE } from '#src/source/selection.js';
import { patient } from './ask.js';
import { writeContract } from './write.contract.js';
import type { WriteStore } from './write-store.js';

const rules = 'tables in memory have no rules';
const omits = {
  'a second row of a unique value is a duplicate': rules,
  'a column that is never null is not made so': rules,
  'a rule of the source is kept': rules,
  'a text that is too long is refused, or seen when it is read again': rules,
};

const paths: Readonly<Record<string, readonly string[]>> = { name: ['name', 'text'], note: ['more', 'a', 'note'] };

/** All rows of a table, its columns as they are. */
async function all(adapter: Adapter, name: string, columns: readonly string[]): Promise<readonly Row[]> {
  const entries = columns.map((column) => [column, { name: column, path: [column] }] as const);
  const relation: TableRelation = { kind: 'table', name, key: [], columns: Object.fromEntries(entries) };
  const output = columns.map((column): Output => ({ kind: 'column', column }));
  const rows: Row[] = [];
  for await (const batch of adapter.scan({ relation, output, where: TRUE, order: [] }, patient()))
    rows.push(...batch.rows);
  return rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

function store(name: string, pathOf: (column: string) => readonly string[]): WriteStore {
  return {
    name,
    types: ['text', 'integer', 'number', 'decimal', 'boolean'],
    path: (_, column) => pathOf(column),
    omits,
    open: async (tables) => {
      const held = tables.map((table) => {
        const columns = [...new Set(table.columns.map((column) => pathOf(column.name)[0]!))];
        const rows = table.rows.map((row) => {
          const document: Record<string, unknown> = {};
          table.columns.forEach((column, i) => {
            const [first, ...rest] = pathOf(column.name) as [string, ...string[]];
            document[first] = rest.reduceRight<unknown>((inner, step) => ({ [step]: inner }), row[i]);
          });
          return columns.map((column) => document[column]) as Row;
        });
        return [table.name, { columns, rows }] as const;
      });
      const adapter = openMemory(Object.fromEntries(held));
      const columnsOf = Object.fromEntries(held.map(([table, { columns }]) => [table, columns]));
      return {
        adapter,
        native: (table) => all(adapter, table, columnsOf[table]!),
        cannot: (people) => [
          [{ ...people, unwind: [['name']] }, 'insert'],
          [{ ...people, unwind: [['name']] }, 'delete'],
          [{ ...people, unwind: [['name', '$members']] }, 'update'],
        ],
        close: () => adapter.close(),
      };
    },
  };
}

writeContract(store('memory', (column) => [column]));
writeContract(store('memory, documents', (column) => paths[column] ?? [column]));
