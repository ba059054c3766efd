import { Fault } from '../../errors/fault.js';
import type { Kind, ServerColumn } from '../sql/server/column.js';
import { type Catalog, type IndexPart, tableOfParts } from '../sql/server/schema.js';
import type { Connection } from '../sql/server/vendor.js';

const kinds: Readonly<Record<string, Kind>> = {
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  name: 'text',
  citext: 'text',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  oid: 'integer',
  numeric: 'decimal',
  float4: 'single',
  float8: 'float',
  bool: 'boolean',
  date: 'date',
  timestamp: 'dateTime',
  timestamptz: 'instant',
  uuid: 'uuid',
};

const ours = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition`;

const database = `SELECT pg_encoding_to_char(encoding), to_jsonb(d)->>'datlocprovider', datcollate FROM pg_database d
  WHERE datname = current_database()`;

/** A domain is what it is a domain of. */
const columns = `SELECT c.oid::text, n.nspname, c.relname, c.relkind::text, n.nspname = ANY (current_schemas(false)),
    a.attname, format_type(a.atttypid, a.atttypmod), b.typname, a.attnotnull::text,
    o.collname, on_.nspname, o.collisdeterministic::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
    LEFT JOIN pg_collation o ON o.oid = a.attcollation LEFT JOIN pg_namespace on_ ON on_.oid = o.collnamespace
  WHERE ${ours} ORDER BY array_position(current_schemas(false), n.nspname), n.nspname, c.relname, a.attnum`;

/** Whole, valid trees, column by column. */
const indexes = `SELECT i.indrelid::text, x.relname, i.indisunique::text, i.indisprimary::text, a.attname, p.opcname, o.collname
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'
    CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]) WITH ORDINALITY AS k (att, class, coll, place)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.att
    JOIN pg_opclass p ON p.oid = k.class LEFT JOIN pg_collation o ON o.oid = k.coll
  WHERE ${ours} AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
  ORDER BY i.indrelid, i.indisprimary DESC, x.relname, k.place`;

/** Locales that compare by code point, whoever provides them. */
const points = new Set(['C', 'POSIX', 'ucs_basic', 'C.UTF-8', 'C.UTF8', 'C.utf8']);
const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Tables of the search path by their name, all by `schema.table`. */
export async function catalog(connection: Connection, timeoutMs: number): Promise<Catalog> {
  const run = (text: string) => connection.run({ text, values: [] }, timeoutMs);
  const [encoding, provider, collate] = (await run(database))[0]!;
  if (encoding !== 'UTF8') throw new Fault('source-schema', `A database must be encoded in UTF8, not ${encoding}`);
  const byPoints = provider === 'b' || (provider !== 'i' && points.has(collate!));
  const parts = new Map<string, (IndexPart & { readonly operators: string; readonly collation: string | null })[]>();
  for (const [table, index, unique, primary, column, operators, collation] of await run(indexes)) {
    const part = {
      index: index!,
      unique: unique === 'true',
      primary: primary === 'true',
      column: column!,
      operators: operators!,
      collation: collation!,
    };
    parts.set(table!, [...(parts.get(table!) ?? []), part]);
  }
  const tables = new Map<
    string,
    { name: string; sql: string; stored: boolean; columns: Omit<ServerColumn, 'leads'>[] }
  >();
  const taken = new Set<string>();
  for (const [
    id,
    schema,
    table,
    relkind,
    onPath,
    name,
    type,
    base,
    notNull,
    collation,
    namespace,
    deterministic,
  ] of await run(columns)) {
    let known = tables.get(id!);
    if (!known) {
      const plain = onPath === 't' && !taken.has(table!);
      const called = plain ? table! : `${schema}.${table}`;
      taken.add(called);
      known = {
        name: called,
        sql: `${quote(schema!)}.${quote(table!)}`,
        stored: relkind === 'r' || relkind === 'm',
        columns: [],
      };
      tables.set(id!, known);
    }
    const own = base === 'text' || base === 'varchar' || base === 'name';
    const plainEqual = own && deterministic !== 'false';
    const plainOrder = plainEqual && (collation === 'default' ? byPoints : points.has(collation!));
    const leading = leads(parts.get(id!) ?? [], name!);
    const pointIndex =
      plainOrder || !own
        ? undefined
        : leading.some((part) => points.has(part.collation ?? ''))
          ? ('collation' as const)
          : leading.some((part) => /pattern_ops$/.test(part.operators))
            ? ('operators' as const)
            : undefined;
    known.columns.push({
      name: name!,
      type: type!,
      kind: kinds[base!] ?? 'opaque',
      nullable: notNull !== 'true',
      plainEqual,
      plainOrder,
      ...(pointIndex && { pointIndex }),
      ...(collation !== null && { collation: `${quote(namespace!)}.${quote(collation!)}` }),
    });
  }
  return new Map(
    [...tables].map(([id, table]) => [table.name, tableOfParts({ ...table, parts: parts.get(id) ?? [] })]),
  );
}

function leads<P extends IndexPart>(parts: readonly P[], column: string): readonly P[] {
  return parts.filter((part, i) => part.column === column && parts[i - 1]?.index !== part.index);
}
