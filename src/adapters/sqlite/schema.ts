import { Fault } from '../../errors/fault.js';
import type { LiveTable } from '../../source/adapter.js';
import type { Column, TableRelation } from '../../source/relation.js';
import type { DatabaseName } from './driver.js';
import { quote } from './quote.js';

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity; `none` is its BLOB. */
export type Affinity = 'text' | 'numeric' | 'none';
export type Collation = 'BINARY' | 'NOCASE';

export interface SqliteColumn {
  readonly name: string;
  readonly quoted: string;
  /** Names it among all columns of all files. */
  readonly id: string;
  /** Its table, as SQL names it. */
  readonly table: string;
  readonly type: string;
  readonly affinity: Affinity;
  readonly nullable: boolean;
  /** It is the first column of an index: its nulls are found at once. */
  readonly leads: boolean;
  /** Collations of the indexes it stands in. */
  readonly collations: readonly Collation[];
  /** Some collation is declared in its table: comparisons must say theirs. */
  readonly collated: boolean;
  /** What its table calls its rowid; absent where there is none. */
  readonly rowid?: string;
}

export interface SqliteTable extends LiveTable {
  /** As SQL names it: with its file, where that is not the first. */
  readonly quoted: string;
  /** The file that it lies in. */
  readonly file: string;
  /** The files that have a table of this name, when there are several: no statement reads it then. */
  readonly ambiguous?: readonly string[];
  /** The file has gone, and the table with it. */
  readonly gone?: true;
  readonly byName: ReadonlyMap<string, SqliteColumn>;
  /** Columns that give native order and walk the table in ranges: the rowid, or the primary key where there is no rowid. Empty for a view. */
  readonly cursor: readonly string[];
}

export type Schema = ReadonlyMap<string, SqliteTable>;
export type Rows = (sql: string, ...values: unknown[]) => readonly (readonly unknown[])[];

/** The tables of every file, by the lower case of their names; `lost`: those of files that have gone, and these files. */
export function readSchema(rows: Rows, databases: readonly DatabaseName[], lost: ReadonlyMap<string, string>): Schema {
  const schema = new Map<string, SqliteTable>();
  for (const database of databases) {
    for (const table of readFile(rows, database)) {
      const name = table.name.toLowerCase();
      const other = schema.get(name);
      schema.set(name, other ? { ...other, ambiguous: [...(other.ambiguous ?? [other.file]), database.file] } : table);
    }
  }
  for (const [name, file] of lost) if (!schema.has(name)) schema.set(name, goneTable(name, file));
  return schema;
}

function goneTable(name: string, file: string): SqliteTable {
  const nothing = { columns: [], uniqueKeys: [], indexes: [], byName: new Map(), cursor: [] };
  return { ...nothing, name, quoted: quote(name), file, gone: true };
}

function readFile(rows: Rows, database: DatabaseName): readonly SqliteTable[] {
  const tables = rows(
    "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    database.schema,
  );
  const declared = new Map(
    rows(`SELECT name, sql FROM ${database.schema}.sqlite_schema WHERE type IN ('table', 'view')`).map(
      ([name, text]) => [name, String(text)],
    ),
  );
  return tables.map(([name, type, withoutRowid, strict]) =>
    readTable(rows, String(name), {
      database,
      view: type === 'view',
      withoutRowid: !!Number(withoutRowid),
      strict: !!Number(strict),
      collated: /\bcollate\b/i.test(declared.get(name) ?? ''),
    }),
  );
}

interface Kind {
  readonly database: DatabaseName;
  readonly view: boolean;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly collated: boolean;
  /** What its table calls its rowid; absent where there is none. */
  readonly rowid?: string;
}

function readTable(rows: Rows, name: string, kind: Kind): SqliteTable {
  const { schema, file } = kind.database;
  const quoted = schema === 'main' ? quote(name) : `${schema}.${quote(name)}`;
  const indexes = rows('SELECT name, "unique", origin, partial FROM pragma_index_list(?, ?)', name, schema)
    .filter(([, , , partial]) => Number(partial) === 0)
    .map(([index, unique, origin]) => {
      const parts = rows('SELECT name, coll FROM pragma_index_xinfo(?, ?) WHERE key = 1 ORDER BY seqno', index, schema);
      return {
        name: String(index),
        unique: Number(unique) === 1,
        origin,
        columns: parts.map(([column]) => column),
        collations: parts.map(([, collation]) => String(collation).toUpperCase()),
      };
    })
    .filter(({ columns }) => columns.every((column) => column !== null));
  const info = rows('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1', name, schema);
  const primary = info.filter(([, , , pk]) => Number(pk) > 0).sort((a, b) => Number(a[3]) - Number(b[3]));
  // An INTEGER PRIMARY KEY without an index of its own is the rowid.
  const rowidAlias =
    !kind.withoutRowid && primary.length === 1 && !indexes.some(({ origin }) => origin === 'pk')
      ? String(primary[0]![0])
      : undefined;
  const names = new Set(info.map(([column]) => String(column).toLowerCase()));
  const rowid =
    kind.view || kind.withoutRowid
      ? undefined
      : (rowidAlias ?? ['rowid', '_rowid_', 'oid'].find((one) => !names.has(one)));
  const columns = info.map(([column, type, notNull, pk]): SqliteColumn => {
    const collations = indexes.flatMap((index) => index.collations.filter((_, i) => index.columns[i] === column));
    if (column === rowidAlias) collations.push('BINARY');
    return {
      name: String(column),
      quoted: quote(String(column)),
      id: JSON.stringify([name, column]),
      table: quoted,
      type: String(type),
      affinity: affinity(String(type), kind.strict),
      nullable: !(Number(notNull) === 1 || column === rowidAlias || (kind.withoutRowid && Number(pk) > 0)),
      collations: (['BINARY', 'NOCASE'] as const).filter((one) => collations.includes(one)),
      collated: kind.collated,
      leads: indexes.some((index) => index.columns[0] === column),
      ...(rowid !== undefined && { rowid }),
    };
  });
  const uniqueKeys = indexes.filter(({ unique }) => unique).map((index) => index.columns.map(String));
  if (rowidAlias !== undefined) uniqueKeys.unshift([rowidAlias]);
  return {
    name,
    quoted,
    file,
    columns: columns.map(({ name: column, type, nullable }) => ({ name: column, type, nullable })),
    uniqueKeys,
    indexes: indexes.map((index) => ({ name: index.name, columns: index.columns.map(String), unique: index.unique })),
    byName: new Map(
      columns.flatMap((column) => [
        [column.name.toLowerCase(), column],
        [column.name, column],
      ]),
    ),
    cursor: rowid !== undefined ? [rowid] : kind.withoutRowid ? primary.map(([column]) => String(column)) : [],
  };
}

function affinity(type: string, strict: boolean): Affinity {
  const declared = type.toUpperCase();
  if (declared.includes('INT')) return 'numeric';
  if (/CHAR|CLOB|TEXT/.test(declared)) return 'text';
  if (declared === '' || declared.includes('BLOB') || (strict && declared === 'ANY')) return 'none';
  return 'numeric';
}

export function tableOf(schema: Schema, relation: TableRelation): SqliteTable {
  const table = schema.get(relation.name) ?? schema.get(relation.name.toLowerCase());
  if (!table) throw new Fault('source-schema', `Table ${relation.name} does not exist`);
  if (table.ambiguous)
    throw new Fault('source-schema', `Table ${relation.name} is in more than one file: ${table.ambiguous.join(', ')}`);
  return present(table);
}

/** Throws `source-unavailable` when the table's file has gone. */
export function present(table: SqliteTable): SqliteTable {
  if (table.gone) throw new Fault('source-unavailable', `The database file ${table.file} is not there`);
  return table;
}

export function columnOf(table: SqliteTable, relation: TableRelation, name: string): SqliteColumn {
  const column: Column | undefined = relation.columns[name];
  const live =
    column?.path.length === 1
      ? (table.byName.get(column.path[0]!) ?? table.byName.get(column.path[0]!.toLowerCase()))
      : undefined;
  if (!live)
    throw new Fault(
      'source-schema',
      `Column ${column?.path.join('.') ?? name} of table ${relation.name} does not exist`,
    );
  return live;
}

/** Does a unique index prove that no two rows have one native key? */
export function provenUnique(table: SqliteTable, key: readonly SqliteColumn[]): boolean {
  const names = new Set(key.map(({ name }) => name));
  return table.uniqueKeys.some((unique) => unique.every((name) => names.has(name)));
}
