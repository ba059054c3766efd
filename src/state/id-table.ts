import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { Fault } from '../errors/fault.js';
import type { StateDatabase } from './database.js';

/** A key of a source with its opaque id (identity/stored-ids.ts). */
interface Row {
  readonly opaque: string;
  readonly source: string;
  readonly relation: string;
  readonly key: string;
}

/** Stored ids in the state database. They belong to the secret that they were made with: another would give each key a second id. */
export function idTable(state: StateDatabase, secret: Buffer) {
  let statements: ReturnType<typeof prepare> | undefined;
  const ready = () => {
    statements ??= prepare(state.open(), secret);
    return statements;
  };
  return {
    find: (opaque: string): Omit<Row, 'opaque'> | undefined => ready().find.get(opaque),
    /** @throws {Fault} `exception` when one of the ids is another key's. */
    add(rows: readonly Row[]): void {
      ready().add(rows);
    },
  };
}

function prepare(database: Database.Database, secret: Buffer) {
  refuseOtherSecret(database, secret);
  const find = database.prepare<[string], Omit<Row, 'opaque'>>(
    'SELECT source, relation, key FROM ids WHERE opaque = ?',
  );
  const insert = database.prepare<[string, string, string, string]>(
    'INSERT INTO ids (opaque, source, relation, key) VALUES (?, ?, ?, ?) ON CONFLICT (opaque) DO NOTHING',
  );
  const addAll = database.transaction((rows: readonly Row[]) => {
    for (const { opaque, source, relation, key } of rows) {
      if (insert.run(opaque, source, relation, key).changes === 1) continue;
      const held = find.get(opaque);
      if (held?.source !== source || held.relation !== relation || held.key !== key)
        throw new Fault('exception', 'Two keys have come to one stored id; what they name is not served.', { source });
    }
  });
  return {
    find,
    add(rows: readonly Row[]): void {
      // What is there already needs no place among the writers.
      const more = rows.filter(({ opaque, source, relation, key }) => {
        const held = find.get(opaque);
        return held?.source !== source || held.relation !== relation || held.key !== key;
      });
      if (more.length > 0) addAll.immediate(more);
    },
  };
}

function refuseOtherSecret(database: Database.Database, secret: Buffer): void {
  const mark = createHash('sha256').update('ids').update(secret).digest('hex').slice(0, 16);
  const find = database.prepare<[], string>("SELECT mark FROM secrets WHERE name = 'ids'").pluck();
  if (find.get() === undefined)
    database.prepare("INSERT INTO secrets VALUES ('ids', ?) ON CONFLICT (name) DO NOTHING").run(mark);
  if (find.get() !== mark)
    throw new Fault(
      'configuration',
      `${database.name} holds ids that were made with another ids.key; bring that key back, or remove both to have every id made anew.`,
    );
}
