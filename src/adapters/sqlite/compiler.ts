import type { OrderTerm, Output } from '../../source/adapter.js';
import type { Comparand, Expression } from '../../source/expression.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Leaf, Selection } from '../../source/selection.js';
import type { Dialect, Scope, SqlColumn } from '../sql/dialect.js';
import { all, any, bound, type Fragment, plain, sql } from '../sql/fragment.js';
import type { SqlTerm } from '../sql/order.js';
import { condition, exists, plainLeaf } from '../sql/selection.js';
import { isAscii } from './ascii.js';
import { bindValue, type Functions } from './functions.js';
import type { Knowledge } from './knowledge.js';
import { quote } from './quote.js';
import { columnOf, type Schema, type SqliteColumn, type SqliteTable, tableOf } from './schema.js';
import { narrow } from './search.js';

/** How a statement may find its rows: by any index, by the index of its order alone, or by walking the table in native order. */
export type Access = 'search' | 'ordered' | 'walk';

/** An order as the database sorts it. */
export interface Ordering {
  readonly terms: readonly SqlTerm[];
  /** The first term is an indexed column whose own order is that of its values. */
  readonly indexed: boolean;
  /** Where the first term is a column's own: which rows have a value and come first, and which have none and come last. */
  readonly present: Fragment | undefined;
  readonly missing: Fragment | undefined;
}

/** Compiles selections, orders and outputs for one connection and one state of the file. */
export class Compiler implements Dialect<SqliteColumn> {
  private aliases = 0;
  private readonly tables = new WeakMap<Scope<SqliteColumn>, SqliteTable>();
  /** Columns whose facts would have made a better statement. */
  readonly wanted = new Set<SqliteColumn>();
  /** Indexed columns that the selection asks about: one of them may lead to the rows. */
  private readonly driving = new Set<SqliteColumn>();

  constructor(
    private readonly schema: Schema,
    private readonly functions: Functions,
    private readonly knowledge: Knowledge,
    private readonly access: Access,
    private readonly kept: (relation: TableRelation) => string | undefined,
    private readonly values?: string,
  ) {}

  scope(relation: Relation): Scope<SqliteColumn> {
    const alias = `t${this.aliases++}`;
    if (relation.kind !== 'table')
      return { alias, relation, column: (name) => ({ sql: `${alias}.${quote(name)}`, alias, live: valueColumn }) };
    const table = tableOf(this.schema, relation);
    const scope: Scope<SqliteColumn> = {
      alias,
      relation,
      column: (name) => {
        const live = columnOf(table, relation, name);
        return { sql: `${alias}.${live.quoted}`, alias, live };
      },
    };
    this.tables.set(scope, table);
    return scope;
  }

  table(scope: Scope<SqliteColumn>): SqliteTable | undefined {
    return this.tables.get(scope);
  }

  inner(relation: TableRelation): Scope<SqliteColumn> {
    return this.scope(relation);
  }

  from({ alias, relation }: Scope<SqliteColumn>): Fragment {
    if (relation.kind === 'table') return plain(`${tableOf(this.schema, relation).quoted} AS ${alias}`);
    if (relation.kind === 'constant') return plain(`(SELECT 1) AS ${alias}`);
    return sql`(SELECT value AS ${quote(relation.key[0])} FROM json_each(${bound(this.values)})) AS ${alias}`;
  }

  /** Inner rows are counted one by one, and rows of repeated keys do not count in any use of a table. */
  each(scope: Scope<SqliteColumn>): readonly Fragment[] {
    return [plain(`hs_tick_inner(${this.cursor(scope).join(', ')})`), ...this.keptRows(scope)];
  }

  keptRows(scope: Scope<SqliteColumn>): readonly Fragment[] {
    const name = scope.relation.kind === 'table' ? this.kept(scope.relation) : undefined;
    return name === undefined ? [] : [plain(`${name}(${this.cursor(scope).join(', ')})`)];
  }

  cursor(scope: Scope<SqliteColumn>): readonly string[] {
    return this.tables.get(scope)?.cursor.map((name) => `${scope.alias}.${quote(name)}`) ?? [];
  }

  where(scope: Scope<SqliteColumn>, selection: Selection): Fragment {
    return condition(this, scope, selection);
  }

  value(column: SqlColumn<SqliteColumn>, of: Expression): string {
    if (of.as !== 'raw') return this.quick(column, of);
    const name = binary(column);
    return column.live.affinity === 'none' && column.live !== valueColumn
      ? `iif(typeof(${column.sql}) = 'blob', NULL, ${name})`
      : name;
  }

  /** SQLite itself trims, and folds what is ASCII (`length` stops at NUL: not quite ASCII enough). */
  private quick({ sql: text, live }: SqlColumn<SqliteColumn>, of: Expression): string {
    const exact = `${this.functions.value(of)}(${text})`;
    const { absent = [] } = of;
    if (live.affinity !== 'text' || of.part || (of.as !== 'text' && of.as !== 'fold')) return exact;
    if (absent.some((one) => one.includes('\0'))) return exact;
    const trimmed = `trim(${text}, char(9, 10, 11, 12, 13, 32))`;
    const value = ['', ...absent].reduce((sql, one) => `nullif(${sql}, '${one.replaceAll("'", "''")}')`, trimmed);
    if (of.as === 'text') return `iif(typeof(${text}) = 'text', ${value}, NULL)`;
    return `iif(octet_length(${text}) = length(${text}) AND typeof(${text}) = 'text', lower(${value}), ${exact})`;
  }

  bind(of: Expression, value: Exclude<Comparand, null>): unknown {
    return bindValue(of, value);
  }

  leaf(column: SqlColumn<SqliteColumn>, leaf: Leaf, negated: boolean): Fragment | undefined {
    const { live } = column;
    const facts = this.knowledge.facts(live);
    if (!facts && live.collations.length > 0 && leaf.of.as !== 'raw') this.wanted.add(live);
    const unindexed = this.access === 'ordered' ? { ...column, sql: `+${column.sql}` } : column;
    const found = narrow(unindexed, leaf, facts);
    if (found && !negated && live.collations.length > 0) this.driving.add(live);
    if (found?.exact) return found.condition;
    const value = this.value(column, leaf.of);
    if (found?.onValues) return all([found.condition, plain(`${value} IS NOT NULL`)]);
    const exact = plainLeaf(this, value, leaf);
    const cheap = this.access === 'search' && found && !negated ? found.condition : prefilter(column, leaf);
    return cheap ? all([cheap, exact]) : exact;
  }

  startsWith(value: string, prefix: string): Fragment {
    return sql`instr(${value}, ${bound(prefix)}) = 1`;
  }

  contains(value: string, infix: string): Fragment {
    return sql`instr(${value}, ${bound(infix)}) > 0`;
  }

  equal(inner: SqlColumn<SqliteColumn>, outer: SqlColumn<SqliteColumn>): Fragment {
    const equal = plain(`${binary(inner)} = ${binary(outer)}`);
    const classes = (column: SqlColumn<SqliteColumn>) => `(typeof(${column.sql}) = 'text')`;
    const blobs = plain(`typeof(${inner.sql}) <> 'blob'`);
    if (inner.live.affinity === outer.live.affinity) return all([equal, blobs]);
    return all([equal, blobs, plain(`${classes(inner)} = ${classes(outer)}`)]);
  }

  orderTerm(value: string, direction: 'asc' | 'desc'): string {
    return direction === 'asc' ? `${value} ASC NULLS LAST` : `${value} DESC`;
  }

  terms(scope: Scope<SqliteColumn>, order: readonly OrderTerm[]): Ordering {
    let indexed = false;
    let present: Fragment | undefined;
    let missing: Fragment | undefined;
    const terms = order.map(({ of, direction }, i): SqlTerm => {
      const column = scope.column(of.column);
      const own = this.access === 'walk' ? undefined : this.ownOrder(column, of, i === 0);
      if (i === 0 && own !== undefined) {
        indexed = column.live.collations.includes('BINARY');
        const having = of.as === 'raw' ? plain(`${own} IS NOT NULL`) : this.hasValue(column, of);
        const led = this.led(scope, of.column, column.live);
        if (of.as !== 'raw' || this.knowledge.nulls(column.live)) {
          present = led ? plain(`${of.as === 'raw' ? `+${own}` : this.value(column, of)} IS NOT NULL`) : having;
          missing = of.as === 'raw' ? plain(`${own} IS NULL`) : sql`NOT (${having})`;
        }
        return { value: led ? `+${own}` : own, direction, nullable: false };
      }
      const tied = own !== undefined && of.as === 'raw';
      return {
        value: tied ? own : this.value(column, of),
        direction,
        nullable: !tied || this.knowledge.nulls(column.live),
      };
    });
    return { terms, indexed, present, missing };
  }

  /** The order by the values themselves, whatever index there is. */
  valueTerms(scope: Scope<SqliteColumn>, order: readonly OrderTerm[]): SqlTerm[] {
    return order.map(({ of, direction }) => ({
      value: this.value(scope.column(of.column), of),
      direction,
      nullable: true,
    }));
  }

  output(scope: Scope<SqliteColumn>, output: Output): readonly Fragment[] {
    if (output.kind === 'column') return [plain(scope.column(output.column).sql)];
    if (output.kind === 'exists') return [exists(this, scope, output.relation, output.on, { op: 'true' })];
    return Object.values(output.on).map((outer) => plain(scope.column(outer).sql));
  }

  /** SQLite takes a range of the key for a better start than it is; where the selection has an index, that shall lead. */
  private led(scope: Scope<SqliteColumn>, name: string, live: SqliteColumn): boolean {
    if (this.access !== 'search' || !scope.relation.key.some((one) => one === name)) return false;
    const others = [...this.driving].filter((one) => one !== live);
    const indexes = this.tables.get(scope)?.indexes ?? [];
    const both = indexes.some(
      ({ columns }) => columns.includes(live.name) && others.some((one) => columns.includes(one.name)),
    );
    return others.length > 0 && !both;
  }

  /** Says first that the cell is not null, where an index can start. */
  private hasValue(column: SqlColumn<SqliteColumn>, of: Expression): Fragment {
    const facts = this.knowledge.facts(column.live);
    const every =
      !of.absent?.length && ((of.as === 'date' && facts?.date) || (of.as === 'dateTime' && facts?.dateTime));
    const notNull = plain(`${column.sql} IS NOT NULL`);
    return every ? notNull : all([notNull, plain(`${this.value(column, of)} IS NOT NULL`)]);
  }

  private ownOrder(column: SqlColumn<SqliteColumn>, of: Expression, first: boolean): string | undefined {
    const { live } = column;
    if (live === valueColumn) return of.as === 'raw' ? column.sql : undefined;
    if (of.as === 'raw') return live.affinity === 'none' ? undefined : binary(column);
    if (of.part || !live.collations.includes('BINARY') || live.affinity === 'none') return undefined;
    const textual = of.as === 'text' || of.as === 'date' || of.as === 'dateTime';
    if (live.affinity === 'text' ? !textual : of.as !== 'integer') return undefined;
    const facts = this.knowledge.facts(live);
    if (!facts && first) this.wanted.add(live);
    return (live.affinity === 'text' ? facts?.trimmed : facts?.numeric) ? binary(column) : undefined;
  }
}

/** The one column of distinct values: JSON text, already trimmed. */
const valueColumn: SqliteColumn = {
  name: 'value',
  quoted: quote('value'),
  id: '',
  table: '',
  type: '',
  affinity: 'none',
  leads: false,
  nullable: false,
  collations: [],
  collated: false,
};

function binary({ sql: text, live }: SqlColumn<SqliteColumn>): string {
  return live.collated ? `${text} COLLATE BINARY` : text;
}

/** Quick native conditions that spare most rows of a walk the exact one. */
function prefilter(column: SqlColumn<SqliteColumn>, leaf: Leaf): Fragment | undefined {
  const { sql: text, live } = column;
  if (live.affinity !== 'text' || (leaf.of.as !== 'text' && leaf.of.as !== 'fold')) return undefined;
  const value =
    leaf.op === 'prefix' || leaf.op === 'contains'
      ? leaf.value
      : leaf.op === 'compare' && leaf.test === 'eq'
        ? leaf.value
        : undefined;
  if (typeof value !== 'string' || value === '') return undefined;
  if (leaf.of.as === 'text') return sql`instr(${text}, ${bound(value)})`;
  // `length` stops at NUL and counts characters, `octet_length` bytes: they differ where folding does more than lower case.
  const beyondAscii = plain(`octet_length(${text}) <> length(${text})`);
  return isAscii(value) ? any([sql`instr(lower(${text}), ${bound(value)})`, beyondAscii]) : beyondAscii;
}
