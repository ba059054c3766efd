import { Fault } from '../../errors/fault.js';
import type { LiveTable } from '../../source/adapter.js';
import type { Column, TableRelation } from '../../source/relation.js';
import { quote } from './quote.js';

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity; `none` is its BLOB. */
export type Affinity = 'text' | 'numeric' | 'none';
export type Collation = 'BINARY' | 'NOCASE';

export interface SqliteColumn {
  readonly name: string;
  readonly quoted: string;
  /** Names it among all columns of the file. */
  readonly id: string;
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
  readonly byName: ReadonlyMap<string, SqliteColumn>;
  /** Columns that give native order and walk the table in ranges: the rowid, or the primary key where there is no rowid. Empty for a view. */
  readonly cursor: readonly string[];
}

export type Schema = ReadonlyMap<string, SqliteTable>;
export type Rows = (sql: string, ...values: unknown[]) => readonly (readonly unknown[])[];

export function readSchema(rows: Rows): Schema {
  const tables = rows(
    "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  const declared = new Map(
    rows("SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'view')").map(([name, text]) => [
      name,
      String(text),
    ]),
  );
  return new Map(
    tables.map(([name, type, withoutRowid, strict]) => {
      const table = String(name);
      const collated = /\bcollate\b/i.test(declared.get(name) ?? '');
      return [
        table.toLowerCase(),
        readTable(rows, table, {
          view: type === 'view',
          withoutRowid: !!Number(withoutRowid),
          strict: !!Number(strict),
          collated,
        }),
      ];
    }),
  );
}

interface Kind {
  readonly view: boolean;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly collated: boolean;
  /** What its table calls its rowid; absent where there is none. */
  readonly rowid?: string;
}

function readTable(rows: Rows, name: string, kind: Kind): SqliteTable {
  const indexes = rows('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', name)
    .filter(([, , , partial]) => Number(partial) === 0)
    .map(([index, unique, origin]) => {
      const parts = rows('SELECT name, coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno', index);
      return {
        name: String(index),
        unique: Number(unique) === 1,
        origin,
        columns: parts.map(([column]) => column),
        collations: parts.map(([, collation]) => String(collation).toUpperCase()),
      };
    })
    .filter(({ columns }) => columns.every((column) => column !== null));
  const info = rows('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?) WHERE hidden <> 1', name);
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
      table: name,
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
