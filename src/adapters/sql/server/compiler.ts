import { Fault } from '../../../errors/fault.js';
import type { OrderTerm, Output } from '../../../source/adapter.js';
import { comparand } from '../../../source/compare.js';
import type { Comparand, Expression, ExpressionType } from '../../../source/expression.js';
import type { Relation, TableRelation } from '../../../source/relation.js';
import type { Leaf, Selection } from '../../../source/selection.js';
import type { Dialect, Scope } from '../dialect.js';
import { all, any, bound, FALSE, type Fragment, joined, plain, sql, TRUE } from '../fragment.js';
import type { SqlTerm } from '../order.js';
import { among, comparands, condition, exists, operators, plainLeaf } from '../selection.js';
import type { Beginnings } from './beginning.js';
import type { Column, ServerColumn } from './column.js';
import { narrowText } from './narrow.js';
import { nativeTest, ordersItself } from './native.js';
import { possibleLeaf } from './possible.js';
import { type Catalog, columnOf, provenUnique, type ServerTable, tableOf } from './schema.js';
import { knownOf, unknownSql, valueSql } from './value.js';
import type { Vendor } from './vendor.js';

/** An order that begins with a column: its term, which rows have its value, and which have none. */
export interface Led {
  readonly term: SqlTerm;
  readonly present: Fragment;
  readonly missing: Fragment;
}

const tables = new WeakMap<Scope<ServerColumn>, ServerTable>();

/** Compiles selections, orders and outputs for one vendor and one state of its catalog. */
export class Compiler implements Dialect<ServerColumn> {
  constructor(
    readonly vendor: Vendor,
    private readonly catalog: Catalog,
    /** What statements over this state of the catalog have begun with. */
    readonly known: Beginnings,
    /** Is every row of a key looked at, that one be told from another? Else its later rows are left out. */
    private readonly every = false,
  ) {}

  /** How many tables have a name in the statement. */
  aliases = 0;

  scope(relation: Relation): Scope<ServerColumn> {
    const alias = `t${this.aliases++}`;
    const columns = new Map<string, Column>();
    const table = relation.kind === 'table' ? tableOf(this.catalog, relation) : undefined;
    const column = (name: string): Column => {
      let found = columns.get(name);
      if (!found) {
        const live = table && relation.kind === 'table' ? columnOf(table, relation, name) : { ...valueColumn, name };
        found = { sql: `${alias}.${this.vendor.quote(live.name)}`, alias, live };
        columns.set(name, found);
      }
      return found;
    };
    const scope = { alias, relation, column };
    if (table) tables.set(scope, table);
    return scope;
  }

  /** The table of a relation. */
  table(relation: TableRelation): ServerTable {
    return tableOf(this.catalog, relation);
  }

  /** The table of a relation, if it is there. */
  knows({ name }: TableRelation): ServerTable | undefined {
    return this.catalog.get(name);
  }

  /** A column by its own name alone. */
  named(relation: TableRelation, name: string): Column {
    const live = columnOf(this.table(relation), relation, name);
    return { sql: this.vendor.quote(live.name), alias: '', live };
  }

  inner(relation: TableRelation): Scope<ServerColumn> {
    return this.scope(relation);
  }

  from(scope: Scope<ServerColumn>): Fragment {
    const { alias, relation } = scope;
    if (relation.kind === 'constant') return plain(`(SELECT 1 AS one) AS ${alias}`);
    if (relation.kind === 'distinct') return sql`(${this.distinct(relation)}) AS ${alias}`;
    const table = tables.get(scope)!;
    const whole = this.proven(scope) || this.sought(scope);
    return plain(whole ? `${table.sql} AS ${alias}` : `(${this.numbered(relation, table)}) AS ${alias}`);
  }

  /** Where no unique index proves that a key names one row, its later rows are left out. */
  each(scope: Scope<ServerColumn>): readonly Fragment[] {
    if (this.proven(scope)) return [];
    const order = this.sought(scope);
    return [order ? sql`NOT ${this.another(scope, order, '<')}` : plain(`${scope.alias}.hs_place = 1`)];
  }

  /** Does the key of a row occur again? Undefined where it cannot. */
  repeated(scope: Scope<ServerColumn>): Fragment | undefined {
    if (this.proven(scope)) return undefined;
    const order = this.sought(scope);
    return order ? this.another(scope, order, '>') : plain(`${scope.alias}.hs_rows > 1`);
  }

  where(scope: Scope<ServerColumn>, selection: Selection): Fragment {
    return condition(this, scope, selection);
  }

  value(column: Column, of: Expression): string {
    return valueSql(this.vendor, column, of);
  }

  bind(_: Expression, value: Exclude<Comparand, null>): unknown {
    return typeof value === 'string' ? value : String(value);
  }

  bound(of: Expression, value: Exclude<Comparand, null>): Fragment {
    const kind = of.as === 'integer' || of.as === 'decimal' ? 'decimal' : of.as === 'boolean' ? 'boolean' : 'text';
    return this.vendor.param(kind, String(value));
  }

  /** Is the leaf exact on this column, though not on every one? */
  certain(relation: Relation, leaf: Leaf): boolean {
    const column = this.columnAt(relation, leaf.of);
    return column !== undefined && ordersItself(column, leaf.of) && this.settles(column, leaf);
  }

  /** Does this column put the expression in order, though not every one does? */
  orders(relation: Relation, of: Expression): boolean {
    const column = this.columnAt(relation, of);
    return column !== undefined && ordersItself(column, of);
  }

  leaf(column: Column, asked: Leaf, negated: boolean): Fragment {
    const leaf = possibleLeaf(asked, this.vendor.impossible);
    if (!leaf) return FALSE;
    if (ordersItself(column, leaf.of)) return this.native(column, leaf);
    const exact = this.exact(column, leaf);
    if (column.live.kind !== 'text' || negated) return exact;
    const narrowed = narrowText(this.vendor, column, leaf);
    if (leaf.of.as === 'raw' && narrowed && column.live.plainEqual) return narrowed;
    return narrowed ? all([narrowed, exact]) : exact;
  }

  missing(column: Column, of: Expression): Fragment | undefined {
    const improper = ordersItself(column, of) ? this.vendor.improper(column) : undefined;
    if (improper === undefined) return undefined;
    const none = column.live.nullable ? [plain(`${column.sql} IS NULL`)] : [];
    return any([...none, ...(improper === 'FALSE' ? [] : [plain(improper)])]);
  }

  among(value: string, values: readonly Fragment[]): Fragment | undefined {
    return this.vendor.among?.(value, values);
  }

  startsWith(value: string, prefix: string): Fragment {
    return this.vendor.startsWith(value, prefix);
  }

  contains(value: string, infix: string): Fragment {
    return this.vendor.contains(value, infix);
  }

  equal(inner: Column, outer: Column): Fragment {
    const { vendor } = this;
    const [a, b] = [inner.live.kind, outer.live.kind];
    const number = (kind: string) => kind === 'integer' || kind === 'float';
    if (number(a) !== number(b) || (a === 'boolean') !== (b === 'boolean')) return FALSE;
    if (number(a) || a === 'boolean') return plain(`${inner.sql} = ${outer.sql}`);
    const texts = plain(`${vendor.text(inner)} = ${vendor.text(outer)}`);
    if (a !== b || a === 'opaque') return texts;
    const own = plain(`${inner.sql} = ${a === 'text' ? vendor.like(outer, inner) : outer.sql}`);
    const same = a === 'text' && inner.live.plainEqual && outer.live.plainEqual;
    return same ? own : all([own, texts]);
  }

  orderTerm(value: string, direction: 'asc' | 'desc'): string {
    return this.vendor.nullsLast(value, direction);
  }

  /** The order by values; `at` is the place that they are compared with. */
  terms(scope: Scope<ServerColumn>, order: readonly OrderTerm[], at: readonly unknown[] = []): SqlTerm[] {
    return order.map(({ of, direction }, i) => {
      const column = scope.column(of.column);
      const own = this.nativeBound(column, of, at[i]);
      const nullable = column.live.nullable || of.as !== 'raw';
      if (!own)
        return {
          value: this.value(column, of),
          direction,
          nullable,
          bound: (value) => this.bound(of, value as string),
        };
      const proper = this.vendor.proper(column);
      const value = proper === 'TRUE' ? column.sql : `CASE WHEN ${proper} THEN ${column.sql} END`;
      return { value, direction, nullable, bound: own };
    });
  }

  /**
   * The first term as the column itself, which an index may hold in order: rows that have its value come first, the others after
   * them. Undefined where the column's own order is another.
   */
  led(scope: Scope<ServerColumn>, { of, direction }: OrderTerm, at: unknown): Led | undefined {
    const column = scope.column(of.column);
    const { live } = column;
    const text = live.kind === 'text' && of.as === 'raw' && (live.plainOrder || live.pointIndex === 'collation');
    const bound = text ? (value: unknown) => this.bound(of, value as string) : this.nativeBound(column, of, at);
    if (!bound) return undefined;
    const value = text && !live.plainOrder ? this.vendor.text(column) : column.sql;
    const term = { value, direction, nullable: false, bound };
    const proper = text ? TRUE : properOf(this.vendor, column);
    if (proper === TRUE && !live.nullable) return { term, present: TRUE, missing: FALSE };
    const present = all([plain(`${column.sql} IS NOT NULL`), proper]);
    return {
      term,
      present,
      missing: proper === TRUE ? plain(`${column.sql} IS NULL`) : sql`NOT coalesce(${present}, FALSE)`,
    };
  }

  /** How a place is bound where the column orders itself; undefined when it is not a value of the column's own type. */
  private nativeBound(column: Column, of: Expression, at: unknown): ((value: unknown) => Fragment) | undefined {
    if (!ordersItself(column, of)) return undefined;
    if (at === undefined || at === null) return bound;
    const value = of.as === 'raw' || of.as === 'integer' ? numberOf(at, column.live.kind) : (at as Comparand);
    const test = nativeTest(column, of, 'eq', value);
    if (test === undefined || test === 'none' || !test.whole) return undefined;
    return () => this.vendor.param(test.kind, test.value);
  }

  output(scope: Scope<ServerColumn>, output: Output): readonly Fragment[] {
    if (output.kind === 'column') return [plain(this.cell(scope.column(output.column)))];
    if (output.kind === 'exists') {
      const found = exists(this, scope, output.relation, output.on, { op: 'true' });
      return [sql`CASE WHEN ${found} THEN '1' ELSE '0' END`];
    }
    return Object.values(output.on).map((outer) => plain(this.cell(scope.column(outer))));
  }

  /** A cell as the text that it is handed over by. */
  cell(column: Column): string {
    return column.live.kind === 'text' && column.live.plainEqual ? column.sql : this.vendor.text(column);
  }

  /** The leaf as it is meant; where the vendor does not know that of every text, those others too. */
  private exact(column: Column, leaf: Leaf): Fragment {
    if (leaf.of.as === 'raw')
      return column.live.kind === 'single' ? this.single(column, leaf) : this.exactRaw(column, leaf);
    const value = this.value(column, leaf.of);
    const unknown = unknownSql(this.vendor, column, leaf.of);
    if (unknown === undefined) return plainLeaf(this, value, leaf);
    if (!knowsValues(this.vendor, leaf)) return any([plain(`${value} IS NOT NULL`), plain(unknown)]);
    return any([plainLeaf(this, value, leaf), plain(unknown)]);
  }

  /** A number whose text is shorter than its value as a double: it is the text that counts. */
  private single(column: Column, leaf: Leaf): Fragment {
    const of = { column: leaf.of.column, as: 'decimal' } as const;
    const numbers = (values: readonly Comparand[]) =>
      values.filter((value) => typeof value === 'number' || typeof value === 'bigint').map(String);
    if (leaf.op === 'present') return plain(`${column.sql} IS NOT NULL`);
    if (leaf.op === 'in') return this.exact(column, { ...leaf, of, values: numbers(leaf.values) });
    if (leaf.op !== 'compare') return FALSE;
    const [value] = numbers([leaf.value]);
    return value === undefined ? FALSE : this.exact(column, { ...leaf, of, value });
  }

  /** A text is neither equal to, nor less than, a number. */
  private exactRaw(column: Column, leaf: Leaf): Fragment {
    const own = column.live.kind === 'text' && column.live.plainOrder;
    const value = own ? column.sql : this.value(column, leaf.of);
    if (leaf.op !== 'compare' && leaf.op !== 'in') return plainLeaf(this, value, leaf);
    if (leaf.op === 'compare' && typeof leaf.value !== 'string') return FALSE;
    const texts = leaf.op === 'in' ? leaf.values.filter((one) => typeof one === 'string') : [leaf.value as string];
    const exact = plainLeaf(this, value, leaf.op === 'in' ? { ...leaf, values: texts } : leaf);
    const found = leaf.op === 'in' || leaf.test === 'eq' ? texts.map((text) => this.vendor.same(column, text)) : [];
    const known = found.filter((one) => one !== undefined);
    return known.length > 0 && known.length === found.length ? all([any(known), exact]) : exact;
  }

  private columnAt(relation: Relation, of: Expression): Column | undefined {
    try {
      return relation.kind === 'table' ? this.scope(relation).column(of.column) : undefined;
    } catch (error) {
      if (error instanceof Fault) return undefined;
      throw error;
    }
  }

  /** Do its values all compare natively, none as a bound that reaches too far? */
  private settles(column: Column, leaf: Leaf): boolean {
    if (leaf.op === 'present') return true;
    if (!knowsValues(this.vendor, leaf)) return false;
    const values = leaf.op === 'in' ? comparands(leaf) : leaf.op === 'compare' ? [leaf.value] : [];
    const test = leaf.op === 'compare' ? leaf.test : 'eq';
    return values.every((value) => {
      const native = nativeTest(column, leaf.of, test, value);
      return native === 'none' || native?.whole === true;
    });
  }

  private native(column: Column, leaf: Leaf): Fragment {
    const { vendor } = this;
    const proper = properOf(vendor, column);
    switch (leaf.op) {
      case 'present':
        return all([plain(`${column.sql} IS NOT NULL`), proper]);
      case 'compare': {
        const test = nativeTest(column, leaf.of, leaf.test, leaf.value);
        if (test === 'none') return FALSE;
        if (!test) return this.exact(column, leaf);
        if (!knowsValues(vendor, leaf)) return all([plain(`${column.sql} IS NOT NULL`), proper]);
        const compared = sql`${column.sql} ${operators[test.test]} ${vendor.param(test.kind, test.value)}`;
        return all([compared, proper, ...(test.whole ? [] : [this.exact(column, leaf)])]);
      }
      case 'in': {
        const tests = comparands(leaf).map((value) => nativeTest(column, leaf.of, 'eq', value));
        if (tests.includes(undefined)) return this.exact(column, leaf);
        if (!knowsValues(vendor, leaf)) return all([plain(`${column.sql} IS NOT NULL`), proper]);
        const known = tests.filter((test) => test !== undefined && test !== 'none');
        if (known.length === 0) return FALSE;
        const values = known.map((test) => vendor.param(test.kind, test.value));
        const found = among(vendor, column.sql, values);
        return all([found, proper, ...(known.every(({ whole }) => whole) ? [] : [this.exact(column, leaf)])]);
      }
      default:
        return column.live.kind === 'uuid' || written.has(leaf.of.as) ? this.exact(column, leaf) : FALSE;
    }
  }

  private proven(scope: Scope<ServerColumn>): boolean {
    const { relation } = scope;
    if (relation.kind !== 'table' || relation.key.length === 0 || (this.every && scope.alias === 't0')) return true;
    const table = tables.get(scope)!;
    return provenUnique(
      table,
      relation.key.map((name) => columnOf(table, relation, name)),
    );
  }

  /** What tells the rows of a key apart, where an index finds them: then only those that are asked for are looked at. */
  private sought(scope: Scope<ServerColumn>): readonly string[] | undefined {
    const { relation } = scope;
    if (relation.kind !== 'table' || !relation.key.some((name) => scope.column(name).live.leads)) return undefined;
    return this.rowNames(tables.get(scope)!);
  }

  /** Is there a row of the same key before this one, or behind it? */
  private another(scope: Scope<ServerColumn>, order: readonly string[], operator: '<' | '>'): Fragment {
    const table = tables.get(scope)!;
    const other = this.scope(scope.relation);
    const names = ({ alias }: Scope<ServerColumn>) => `(${order.map((name) => `${alias}.${name}`).join(', ')})`;
    const { key } = scope.relation as TableRelation;
    const equal = key.map((name) => this.equal(other.column(name), scope.column(name)));
    const conditions = all([...equal, plain(`${names(other)} ${operator} ${names(scope)}`)]);
    return sql`EXISTS (SELECT 1 FROM ${table.sql} AS ${other.alias} WHERE ${conditions})`;
  }

  /** Names that together name a row, and put rows in native order; undefined where nothing surely does. */
  private rowNames(table: ServerTable): readonly string[] | undefined {
    const key = table.rowKeys[0];
    if (key) return key.map((name) => this.vendor.quote(name));
    const native = table.stored ? this.vendor.rowOrder : undefined;
    return native === undefined ? undefined : [native];
  }

  /** A table with the place of each row among those of its key. A key that is null in part is none. */
  private numbered(relation: TableRelation, table: ServerTable): string {
    const columns = relation.key.map((name): Column => {
      const live = columnOf(table, relation, name);
      return { sql: `k.${this.vendor.quote(live.name)}`, alias: 'k', live };
    });
    const own = columns.map((column) => column.sql);
    const exact = columns.filter(({ live }) => live.kind === 'text' && !live.plainEqual);
    const keys = [...own, ...exact.map((column) => this.vendor.text(column))].join(', ');
    const known = own.map((name) => `${name} IS NOT NULL`).join(' AND ');
    const perhaps = () =>
      (table.uniqueKeys[0] ?? table.columns.map(({ name: column }) => column)).map(this.vendor.quote);
    const order = (this.rowNames(table) ?? perhaps()).map((name) => `k.${name}`).join(', ');
    const place = `CASE WHEN ${known} THEN row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}) ELSE 1 END AS hs_place`;
    const rows = `CASE WHEN ${known} THEN count(*) OVER (PARTITION BY ${keys}) ELSE 1 END AS hs_rows`;
    return `SELECT k.*, ${place}, ${rows} FROM ${table.sql} AS k`;
  }

  /** The distinct texts of some columns. */
  private distinct({ key, of }: Extract<Relation, { kind: 'distinct' }>): Fragment {
    const name = this.vendor.quote(key[0]);
    const parts = of.map(({ table, column }) => {
      const scope = this.scope(table);
      const text = this.value(scope.column(column), { column, as: 'text' });
      return sql`SELECT ${text} AS ${name} FROM ${this.from(scope)} WHERE ${all(this.each(scope))}`;
    });
    return sql`SELECT DISTINCT u.${name} FROM (${joined(parts, ' UNION ALL ')}) AS u WHERE u.${name} IS NOT NULL`;
  }
}

/** Does the vendor know what the leaf compares with? */
export function knowsValues(vendor: Vendor, leaf: Leaf): boolean {
  const { as } = leaf.of;
  const knows = knownOf(vendor, leaf.of);
  if (!knows) return true;
  const values = leaf.op === 'in' ? comparands(leaf) : leaf.op === 'compare' ? [comparand(as, leaf.value)] : [];
  return values.every((value) => value === null || knows.value(String(value)));
}

function properOf(vendor: Vendor, column: Column): Fragment {
  const proper = vendor.proper(column);
  return proper === 'TRUE' ? TRUE : plain(proper);
}

/** A place holds numbers as the texts that they are bound by. */
function numberOf(at: unknown, kind: ServerColumn['kind']): Comparand {
  const text = String(at);
  if (kind === 'boolean') return text === 'true';
  if (kind === 'uuid') return text;
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}

/** Their values are texts of a date. */
const written: ReadonlySet<ExpressionType> = new Set(['date', 'dateTime', 'instant']);

/** The one column of distinct values: text, already trimmed. */
const valueColumn: Omit<ServerColumn, 'name'> = {
  type: 'text',
  kind: 'text',
  nullable: false,
  leads: false,
  plainEqual: false,
  plainOrder: false,
};
