import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import type { Cell } from '#src/source/row.js';
import { writeContract } from './write.contract.js';
import type { WriteStore, WrittenTable } from './write-store.js';

const csvField = (cell: Cell): string => (cell === null ? '' : `"${String(cell).replaceAll('"', '""')}"`);
const csv = ({ columns, rows }: WrittenTable): string =>
  `${columns.map(({ name }) => name).join(',')}\r\n${rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')}`;

const paths: Readonly<Record<string, readonly string[]>> = { name: ['name', 'text'], note: ['more', 'a.b', 'no~te'] };
const pathOf = (_: string, column: string) => paths[column] ?? [column];

/** JSON, but for integers beyond 2^53; with members that nobody reads. */
function document({ columns }: WrittenTable, row: readonly Cell[]): string {
  const members = columns.map(({ name, type }, i) => {
    const cell = row[i]!;
    const number = type === 'decimal' && cell !== null;
    const value = typeof cell === 'bigint' || number ? String(cell) : JSON.stringify(cell);
    return pathOf('', name)
      .reduceRight((inner, step) => `{ ${JSON.stringify(step)}: ${inner} }`, value)
      .slice(1, -1);
  });
  return `{${members.join(',')}, "unread": [1.50, {"id": "p1"}] }`;
}

const array = (table: WrittenTable) => `[\n${table.rows.map((row) => document(table, row)).join(',\n')}\n]\n`;
const lines = (table: WrittenTable) => table.rows.map((row) => `${document(table, row)}\n`).join('');

const gives = 'a file gives no keys, and no two files are kept or undone together';
const rules = 'a file has no rules, and keeps a text of any length';
const omits = {
  'a key that is not said is assigned by the source': gives,
  'all changes are kept together, and what the work gave is given': gives,
  'nobody sees a change before all are kept': gives,
  'nothing is kept when the work throws': gives,
  'nothing is kept when the call is given up': gives,
  'nothing is kept after the deadline': gives,
  'failures leave nothing behind that others wait for': gives,
  'new rows and other rows are written side by side': gives,
  'a second row of a unique value is a duplicate': rules,
  'a column that is never null is not made so': rules,
  'a rule of the source is kept': rules,
  'a text that is too long is refused, or seen when it is read again': rules,
  'a column that is not there is named':
    'a document may have any member, and a file that is missing is a source that is away',
};
const ofCsv = {
  ...omits,
  'texts are kept to the letter': 'an empty field is null; other texts are tested in tests/unit/adapters/duckdb',
};

const store = (
  name: string,
  extension: string,
  write: (table: WrittenTable) => string,
  more: Pick<WriteStore, 'types' | 'path' | 'omits'>,
): WriteStore => ({
  name,
  ...more,
  open: async (tables) => {
    const folder = mkdtempSync(join(tmpdir(), 'duckdb [write] '));
    const at = (table: string) => join(folder, table + extension);
    for (const table of tables) writeFileSync(at(table.name), write(table));
    const adapter = openDuckdb({ name: 'his', location: folder, timeoutMs: 60_000 });
    return {
      adapter,
      native: async (table) => {
        const text = readFileSync(at(table), 'utf8').trimEnd();
        return extension === '.csv'
          ? text.split(/\r\n(?=")/).slice(1)
          : text.split('\n').filter((line) => /^{/.test(line));
      },
      cannot: (people) =>
        (['insert', 'update', 'delete'] as const).map((change) => [{ ...people, unwind: [['name']] }, change]),
      close: async () => {
        await adapter.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});

writeContract(store('CSV', '.csv', csv, { types: ['text'], omits: ofCsv }));
const types = ['text', 'integer', 'number', 'decimal', 'boolean'] as const;
writeContract(store('JSON', '.json', array, { types, path: pathOf, omits }));
writeContract(store('NDJSON', '.ndjson', lines, { types, path: pathOf, omits }));
