import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../errors/fault.js';
import { Flush } from './flush.js';

/** HealthSync's own small database. Opened when it is first asked, in milliseconds; every process of one state folder shares it. */
export interface StateDatabase {
  /** @throws {Fault} `configuration` when it cannot be opened, or was made by a later version. */
  open(): Database.Database;
  /** Resolves when all that was committed so far survives a loss of power. */
  lasting(): Promise<void>;
  close(): void;
}

export const DATABASE_FILE = 'state.db';

/** Milliseconds that one process waits for another's transaction. */
const busyTimeoutMs = 5_000;
/** KiB of pages that a process keeps: what is asked is found by key. */
const cacheKib = 512;

/** The types that have any link (source ''), and the sources of ids that are linked with other ids. */
export const linkedSources = `SELECT DISTINCT type, '' AS source FROM link_ends UNION
  SELECT DISTINCT type, substr(key, 1, instr(key || '.', '.') - 1) FROM link_ends WHERE space = '' AND team IN
    (SELECT team FROM link_ends WHERE space = '' GROUP BY team HAVING count(*) > 1)`;

/** Each brings the database from the version of its place to the next. */
const steps: readonly string[] = [
  `CREATE TABLE secrets (name TEXT PRIMARY KEY, mark TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE ids (
     opaque TEXT PRIMARY KEY,
     source TEXT NOT NULL,
     relation TEXT NOT NULL,
     key TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE links (
     type TEXT NOT NULL,
     one_space TEXT NOT NULL,
     one_key TEXT NOT NULL,
     other_space TEXT NOT NULL,
     other_key TEXT NOT NULL,
     PRIMARY KEY (type, one_space, one_key, other_space, other_key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX links_back ON links (type, other_space, other_key);
   CREATE TABLE link_ends (
     type TEXT NOT NULL,
     space TEXT NOT NULL,
     key TEXT NOT NULL,
     team INTEGER NOT NULL,
     PRIMARY KEY (type, space, key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX link_teams ON link_ends (team);
   CREATE TABLE links_changed (changed INTEGER NOT NULL) STRICT;
   INSERT INTO links_changed VALUES (0);`,
  `CREATE TABLE link_sources (type TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (type, source)) STRICT, WITHOUT ROWID;
   INSERT INTO link_sources ${linkedSources};`,
  `CREATE TABLE writes (
     entry INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     caller TEXT NOT NULL,
     interaction TEXT NOT NULL,
     type TEXT NOT NULL,
     source TEXT NOT NULL,
     id TEXT,
     before TEXT,
     after TEXT,
     state TEXT NOT NULL CHECK (state IN ('open', 'made', 'undone')),
     closed TEXT
   ) STRICT;
   CREATE INDEX writes_open ON writes (state) WHERE state = 'open';
   CREATE INDEX writes_of ON writes (type, id);`,
];

export function stateDatabase(stateFolder: string): StateDatabase {
  let opened: Database.Database | undefined;
  let flush: Flush | undefined;
  let begun = false;
  return {
    open() {
      opened ??= opening(stateFolder);
      return opened;
    },
    async lasting() {
      if (!opened) return;
      // Without a write-ahead log a commit is lasting by itself.
      if (!begun && isWriteAhead(opened)) flush = new Flush(`${opened.name}-wal`);
      begun = true;
      await flush?.now();
    },
    close() {
      flush?.close();
      opened?.close();
      flush = undefined;
      begun = false;
      opened = undefined;
    },
  };
}

function isWriteAhead(database: Database.Database): boolean {
  return database.pragma('journal_mode', { simple: true }) === 'wal';
}

function opening(stateFolder: string): Database.Database {
  const path = join(stateFolder, DATABASE_FILE);
  let database: Database.Database | undefined;
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    // Its journal is made with the mode of the file itself.
    closeSync(openSync(path, 'a', 0o600));
    database = new Database(path, { timeout: busyTimeoutMs });
    database.pragma('journal_mode = WAL');
    // With a write-ahead log, it is `lasting` that waits for the disk: https://www.sqlite.org/pragma.html#pragma_synchronous
    database.pragma(`synchronous = ${isWriteAhead(database) ? 'NORMAL' : 'FULL'}`);
    database.pragma(`cache_size = -${cacheKib}`);
    bringUp(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof Fault) throw cause;
    throw new Fault('configuration', `${path} cannot be opened as the database of the server.`, {}, { cause });
  }
}

function bringUp(database: Database.Database, path: string): void {
  const versionOf = () => {
    const there = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").get();
    return there ? (database.prepare('SELECT version FROM schema_version').pluck().get() as number) : 0;
  };
  const found = versionOf();
  if (found > steps.length)
    throw new Fault('configuration', `${path} was made by a later version of HealthSync (${found}).`);
  if (found === steps.length) return;
  const upgrade = database.transaction(() => {
    // Another process may have done it meanwhile.
    const from = versionOf();
    if (from === 0) {
      database.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT');
      database.exec('INSERT INTO schema_version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)');
    }
    for (const step of steps.slice(from)) database.exec(step);
    database.prepare('UPDATE schema_version SET version = ?').run(steps.length);
  });
  upgrade.immediate();
}
