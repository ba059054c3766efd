import { Fault } from '../../errors/fault.js';
import { catalogOf, isTrue, standardKinds } from '../sql/server/catalog.js';
import type { Catalog } from '../sql/server/schema.js';
import { quote } from '../sql/server/standard-sql.js';
import type { Connection } from '../sql/server/vendor.js';

const ours = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition`;

/** Whole, valid trees. */
const trees = `pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'
  AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL`;

/** Types that are compared by their collation. */
const texts = `('text', 'varchar', 'name')`;
/** Locales that compare by code point, whoever provides them. */
const points = `('C', 'POSIX', 'ucs_basic', 'C.UTF-8', 'C.UTF8', 'C.utf8')`;
const databaseLocale = `(SELECT CASE to_jsonb(d)->>'datlocprovider' WHEN 'b' THEN 'C' WHEN 'i' THEN 'icu' ELSE datcollate END
  FROM pg_database d WHERE datname = current_database())`;

const catalogInUtf8 = catalogOf({
  tables: `SELECT c.oid, CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END,
      n.nspname, c.relname, c.relkind IN ('r', 'm')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours} ORDER BY array_position(current_schemas(false), n.nspname), n.nspname, c.relname`,
  // A domain is what it is a domain of.
  columns: `SELECT c.oid, a.attname, format_type(a.atttypid, a.atttypmod), b.typname, NOT a.attnotnull,
      b.typname IN ${texts} AND o.collisdeterministic IS NOT FALSE,
      CASE o.collname WHEN 'default' THEN ${databaseLocale} ELSE o.collname END IN ${points},
      (SELECT min(CASE WHEN l.collname IN ${points} THEN 'collation' WHEN p.opcname ~ 'pattern_ops$' THEN 'operators' END)
        FROM ${trees} JOIN pg_opclass p ON p.oid = i.indclass[0] LEFT JOIN pg_collation l ON l.oid = i.indcollation[0]
        WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND b.typname IN ${texts}),
      quote_ident(on_.nspname) || '.' || quote_ident(o.collname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
      LEFT JOIN pg_collation o ON o.oid = a.attcollation LEFT JOIN pg_namespace on_ ON on_.oid = o.collnamespace
    WHERE ${ours} ORDER BY c.oid, a.attnum`,
  indexes: `SELECT i.indrelid, x.relname, i.indisunique, i.indisprimary, a.attname
    FROM ${trees} JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (att, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.att
    WHERE ${ours} AND k.place <= i.indnkeyatts ORDER BY i.indrelid, i.indisprimary DESC, x.relname, k.place`,
  quote,
  kinds: {
    ...standardKinds,
    bpchar: 'text',
    name: 'text',
    citext: 'text',
    char: 'opaque',
    int2: 'integer',
    int4: 'integer',
    int8: 'integer',
    oid: 'integer',
    float4: 'single',
    float8: 'float',
    bool: 'boolean',
    timestamptz: 'instant',
  },
  column: ([equal, order, pointIndex, collation]) => {
    const plainEqual = isTrue(equal);
    const plainOrder = plainEqual && isTrue(order);
    const byIndex = !plainOrder && (pointIndex === 'collation' || pointIndex === 'operators');
    return { plainEqual, plainOrder, ...(byIndex && { pointIndex }), ...(collation != null && { collation }) };
  },
});

/** Tables of the search path by their name, all by `schema.table`. */
export async function catalog(connection: Connection, timeoutMs: number): Promise<Catalog> {
  const [[encoding]] = (await connection.run({ text: 'SHOW server_encoding', values: [] }, timeoutMs)) as [[string]];
  if (encoding !== 'UTF8') throw new Fault('source-schema', `A database must be encoded in UTF8, not ${encoding}`);
  return catalogInUtf8(connection, timeoutMs);
}
