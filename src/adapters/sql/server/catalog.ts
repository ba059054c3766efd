import type { Kind, ServerColumn } from './column.js';
import { type Catalog, type IndexPart, type TableParts, tableOfParts } from './schema.js';
import type { Connection, TextRow } from './vendor.js';

/** What a vendor is asked to learn its tables, and how the answers are read. A truth is `1`, `t` or `true`. */
export interface CatalogSource {
  /** A table's id, name, schema (null: none need be said), own name, whether it has rows of its own; and, where not all do, whether it undoes changes. */
  readonly tables: string;
  /** A column's table (its id), name, type, word for the kind of its type, whether it may be null; then what `column` reads. */
  readonly columns: string;
  /** An index's table (its id), name, whether it is unique, whether it is the primary key, and a column of it; null: something else. */
  readonly indexes: string;
  readonly quote: (identifier: string) => string;
  /** The kinds of types, by their word in lower case. What is not named is `opaque`. */
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly column: (cells: TextRow) => Compared;
}

/** How a column is compared, and its texts are written. */
export type Compared = Pick<
  ServerColumn,
  'plainEqual' | 'plainOrder' | 'pointIndex' | 'collation' | 'charset' | 'length'
>;

/** The types of standard SQL, and what they are called for short. */
export const standardKinds: Readonly<Record<string, Kind>> = {
  char: 'text',
  character: 'text',
  'character varying': 'text',
  varchar: 'text',
  text: 'text',
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  decimal: 'decimal',
  real: 'single',
  'double precision': 'float',
  double: 'float',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'dateTime',
  'timestamp without time zone': 'dateTime',
  'timestamp with time zone': 'instant',
  uuid: 'uuid',
};

/**
 * What information_schema (ISO/IEC 9075-11) tells of the tables of one schema; `type`: its column that has the type in full. Of
 * indexes it knows those of enforced keys only.
 */
export function informationSchema(schema: string, type = 'data_type') {
  return {
    tables: `SELECT table_name, table_name, table_schema, table_name, table_type <> 'VIEW' FROM information_schema.tables
      WHERE table_schema = ${schema} ORDER BY table_name`,
    columns: `SELECT table_name, column_name, ${type}, data_type, is_nullable <> 'NO', collation_name, character_set_name,
        character_maximum_length
      FROM information_schema.columns WHERE table_schema = ${schema} ORDER BY table_name, ordinal_position`,
    indexes: `SELECT k.table_name, k.constraint_name, TRUE, c.constraint_type = 'PRIMARY KEY', k.column_name
      FROM information_schema.table_constraints c JOIN information_schema.key_column_usage k
        ON k.constraint_schema = c.constraint_schema AND k.constraint_name = c.constraint_name AND k.table_name = c.table_name
      WHERE c.table_schema = ${schema} AND c.constraint_type IN ('PRIMARY KEY', 'UNIQUE') AND c.enforced = 'YES'
      ORDER BY k.table_name, k.constraint_name, k.ordinal_position`,
  };
}

/**
 * Reads the columns of information_schema. `points`: collations by which texts are equal, and ordered, as their code points are;
 * `written`: how COLLATE names a collation.
 */
export function comparedBy(points: RegExp, written = (collation: string) => collation): CatalogSource['column'] {
  return ([collation, charset, length]) => {
    const plain = points.test(collation ?? '');
    return {
      plainEqual: plain,
      plainOrder: plain,
      ...(collation != null && { collation: written(collation) }),
      ...(charset != null && { charset }),
      ...(length != null && { length: Number(length) }),
    };
  };
}

/** Asks what a source of a catalog says. */
export function catalogOf({ tables, columns, indexes, quote, kinds, column }: CatalogSource) {
  return async (connection: Connection, timeoutMs: number): Promise<Catalog> => {
    const run = (text: string) => connection.run({ text, values: [] }, timeoutMs);
    const known = new Map<string, TableParts & { columns: Omit<ServerColumn, 'leads'>[]; parts: IndexPart[] }>();
    for (const [id, name, schema, own, stored, undoes] of await run(tables)) {
      const sql = schema === null ? quote(own!) : `${quote(schema!)}.${quote(own!)}`;
      known.set(id!, {
        name: name!,
        sql,
        stored: isTrue(stored),
        ...(undoes !== undefined && { undoes: isTrue(undoes) }),
        columns: [],
        parts: [],
      });
    }
    for (const [id, name, type, word, nullable, ...cells] of await run(columns))
      known.get(id!)?.columns.push({
        name: name!,
        type: type!,
        kind: kinds[word!.toLowerCase()] ?? 'opaque',
        nullable: isTrue(nullable),
        ...(/^bigint.*unsigned/i.test(type!) && { unsigned: true }),
        ...column(cells),
      });
    const parts = await run(indexes);
    const broken = new Set(parts.filter(([, , , , name]) => name === null).map(([id, index]) => `${id} ${index}`));
    for (const [id, index, unique, primary, name] of parts)
      if (!broken.has(`${id} ${index}`))
        known.get(id!)?.parts.push({ index: index!, unique: isTrue(unique), primary: isTrue(primary), column: name! });
    return new Map([...known.values()].map((table) => [table.name, tableOfParts(table)]));
  };
}

export const isTrue = (cell: string | null | undefined) => cell === '1' || cell === 't' || cell === 'true';
