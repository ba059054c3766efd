import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openDuckdb } from '#src/adapters/duckdb/adapter.js';
import { openSqlite } from '#src/adapters/sqlite/adapter.js';
import type { FaultySource, Harm } from './harm.js';
import { columns, type Person, people } from './people.js';

const noConnection = 'a file has no connection that could be half open';
const noCredentials = 'a file asks for no credentials; one that may no longer be read is refused';
/** More than is read in the time there is. */
const tooMany = 3_000_000;

export async function faultySqlite(): Promise<FaultySource> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-faults-'));
  const path = join(folder, 'people.db');
  const sql = (at: string, text: string) => {
    const database = new Database(at);
    database.exec(text);
    database.close();
  };
  const values = people.map((person) => `(${columns.map((column) => `'${person[column]}'`).join(', ')})`);
  sql(
    path,
    `CREATE TABLE people (id TEXT NOT NULL PRIMARY KEY, family TEXT, sex TEXT, address TEXT);
     INSERT INTO people VALUES ${values.join(', ')};`,
  );
  return {
    table: 'people',
    open: (timeoutMs) => openSqlite({ name: 'sqlite', location: path, timeoutMs }),
    harms: {
      ...fileHarms(path),
      slow: replaced(path, (copy) =>
        sql(
          copy,
          `INSERT INTO people WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${tooMany / 3})
           SELECT 'z' || i, 'Zz', '', '' FROM n`,
        ),
      ),
      'half-open TCP': noConnection,
      'pool exhausted': async () => {
        const other = new Database(path);
        other.exec('BEGIN EXCLUSIVE');
        return () => {
          other.exec('ROLLBACK');
          other.close();
        };
      },
      'credentials revoked': noCredentials,
      'schema changed under us': async () => {
        sql(path, 'ALTER TABLE people RENAME COLUMN family TO surname');
        return () => sql(path, 'ALTER TABLE people RENAME COLUMN surname TO family');
      },
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

const csvRow = (person: Person) => `${columns.map((column) => `"${person[column]}"`).join(',')}\n`;

export function faultyCsv(): Promise<FaultySource> {
  const text = (header: readonly string[]) => `${header.join(',')}\n${people.map(csvRow).join('')}`;
  return faultyFile('csv', text(columns), {
    line: '"z","Zz","",""\n',
    schema: (path) => writeFileSync(path, text(['id', 'surname', 'sex', 'address'])),
  });
}

export function faultyJson(): Promise<FaultySource> {
  return faultyFile('json', `${people.map((person) => JSON.stringify(person)).join('\n')}\n`, {
    line: '{"id":"z","family":"Zz"}\n',
    schema: 'a document has the fields it has: one that is away is null; `healthsync check` tells of it',
  });
}

interface FileKind {
  /** A record that is not served. */
  readonly line: string;
  readonly schema: string | ((path: string) => void);
}

async function faultyFile(kind: 'csv' | 'json', text: string, { line, schema }: FileKind): Promise<FaultySource> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-faults-'));
  const path = join(folder, `people.${kind}`);
  writeFileSync(path, text);
  return {
    table: 'people',
    open: (timeoutMs) => openDuckdb({ name: kind, location: folder, timeoutMs }),
    harms: {
      ...fileHarms(path),
      slow: replaced(path, (copy) => {
        const many = line.repeat(10_000);
        writeFileSync(copy, text);
        for (let written = 0; written < tooMany; written += 10_000) writeFileSync(copy, many, { flag: 'a' });
      }),
      'half-open TCP': noConnection,
      'pool exhausted':
        'files have no pool: how many are read at once is `limits.concurrency`, for whatever kind of source',
      'credentials revoked': noCredentials,
      'schema changed under us': typeof schema === 'string' ? schema : replaced(path, schema),
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

function fileHarms(path: string) {
  return {
    refused: async () => {
      renameSync(path, `${path}.away`);
      return () => renameSync(`${path}.away`, path);
    },
    'dies mid-stream': replaced(path, (copy) => truncateSync(copy, Math.floor(statSync(copy).size / 2))),
    'garbage on the wire': replaced(path, (copy) =>
      writeFileSync(copy, Buffer.alloc(8192, 'cafebabe00ff1a0d0a', 'hex')),
    ),
  } satisfies Record<string, Harm>;
}

/** Another file in the place of this one, until it is over. */
function replaced(path: string, change: (copy: string) => void): Harm {
  return async () => {
    copyFileSync(path, `${path}.kept`);
    copyFileSync(path, `${path}.other`);
    change(`${path}.other`);
    renameSync(`${path}.other`, path);
    return () => renameSync(`${path}.kept`, path);
  };
}
