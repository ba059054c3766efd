import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Output } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';

const names = ['id', 'family', 'born', 'status', 'note'] as const;

/** A table that takes long to read: rows of some 200 bytes, keys in no order. */
export function largeTable(rows: number): { location: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'large-'));
  const location = join(folder, 'his.db');
  const database = new Database(location);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.exec('CREATE TABLE people (id TEXT PRIMARY KEY, family TEXT, born TEXT, status TEXT, note TEXT)');
  const insert = database.prepare('INSERT INTO people VALUES (?, ?, ?, ?, ?)');
  const note = 'x'.repeat(120);
  database.transaction(() => {
    for (let n = 0; n < rows; n++) {
      const id = (Math.imul(n, 2654435761) >>> 0).toString(16).padStart(8, '0');
      const born = `${1930 + ((n * 7) % 90)}-${String(1 + ((n * 5) % 12)).padStart(2, '0')}-${String(1 + ((n * 3) % 28)).padStart(2, '0')}`;
      insert.run(id, `Family${n % 5000}`, born, n % 2 === 0 ? 'active' : 'inactive', note + n);
    }
  })();
  database.exec('CREATE INDEX born ON people (born); CREATE INDEX family ON people (family COLLATE NOCASE)');
  database.close();
  return { location, remove: () => rmSync(folder, { recursive: true }) };
}

export const people: TableRelation = {
  kind: 'table',
  name: 'people',
  key: ['id'],
  columns: Object.fromEntries(names.map((name) => [name, { name, path: [name] }])),
};

export const everyColumn: readonly Output[] = names.map((column) => ({ kind: 'column', column }));
