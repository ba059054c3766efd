import type { OrderTerm, Output, Position, Scan } from '../../source/adapter.js';
import { compareNullsLast } from '../../source/compare.js';
import { evaluator } from '../../source/evaluate.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import type { On, Selection } from '../../source/selection.js';
import { otherThanTexts } from './along-key.js';
import { leading } from './bounds.js';
import { capabilities } from './capabilities.js';
import { cellOf } from './cell.js';
import type { Fields, Statement } from './driver.js';
import { leafCypher, rawRange } from './leaf.js';
import { Parameters } from './parameters.js';
import { firstOnly, isRepeated, type Repeats } from './repeats.js';
import type { Schema } from './schema.js';
import { type Scope, scopeOf } from './scope.js';
import { orderedValue, rawRank, rawValue } from './value.js';

/** What is known of each table of a statement before it is written. */
export interface Known {
  readonly schema: Schema;
  readonly repeats: ReadonlyMap<TableRelation, Repeats>;
}

export interface Compiled extends Statement {
  readonly read: (fields: Fields) => { readonly row: Row; readonly repeated: boolean };
}

/** What related rows are joined to. */
type Outer = Pick<Scope, 'column'>;

export type TableScan = Omit<Scan, 'relation'> & { readonly relation: Exclude<Relation, { kind: 'distinct' }> };

/** Writes one statement of Cypher; names are quoted, values bound. */
export class Compiler {
  private readonly parameters = new Parameters();
  private readonly bind = this.parameters.add;
  private variables = 0;

  constructor(private readonly known: Known) {}

  scan({ relation, output, where, order, after, limit }: TableScan): Compiled {
    const scope = this.outer(relation);
    const conditions = [...this.conditions(scope, where), ...(scope && after ? [this.after(scope, order, after)] : [])];
    const keys = scope ? order.flatMap((term) => this.orderKeys(scope, term)) : [];
    return this.cut(scope, this.from(scope, where, conditions), output, keys, limit);
  }

  /**
   * The rows whose first column in the order is a text, in the order of its index; each says, behind its cells, whether the
   * column holds anything else as well.
   */
  texts({ relation, output, where, order, after, limit }: Scan & { readonly relation: TableRelation }): Compiled {
    const scope = this.scope(relation);
    const [first, ...rest] = order as [OrderTerm, ...OrderTerm[]];
    const p = scope.column(first.of.column);
    const from = after ? `${p} ${first.direction === 'asc' ? '>=' : '<='} ${this.bind(after.values[0])}` : `${p} >= ''`;
    const conditions = [from, ...this.conditions(scope, where), ...(after ? [this.after(scope, order, after)] : [])];
    const keys = [`${p} ${first.direction}`, ...rest.flatMap((term) => this.orderKeys(scope, term))];
    const head = `WITH ${otherThanTexts(scope, first.of.column)} AS mixed MATCH ${scope.match} WHERE ${conditions.join(' AND ')}`;
    return this.cut(scope, head, output, keys, limit, 'mixed');
  }

  /** The rows of a scan that `texts` leaves out. */
  others(scan: Scan & { readonly relation: TableRelation }): Compiled {
    const scope = this.outer(scan.relation)!;
    const p = scope.column(scan.order[0]!.of.column);
    const { output, where, order, after, limit } = scan;
    const conditions = [`NOT coalesce(${p} >= '', false)`, ...this.conditions(scope, where)];
    if (after) conditions.push(this.after(scope, order, after));
    const keys = order.flatMap((term) => this.orderKeys(scope, term));
    return this.cut(scope, `MATCH ${scope.match} WHERE ${conditions.join(' AND ')}`, output, keys, limit);
  }

  private cut(
    scope: Scope | undefined,
    from: string,
    output: readonly Output[],
    keys: readonly string[],
    limit: number | undefined,
    more?: string,
  ): Compiled {
    const sorted = keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
    const limited = limit === undefined ? '' : ` LIMIT ${this.bind(BigInt(Math.trunc(limit)))}`;
    const { returned, read } = this.returned(scope, output, scope);
    const also = more === undefined ? '' : `, ${more}`;
    // Related rows are gathered for the rows that remain.
    const related = output.some(({ kind }) => kind !== 'column');
    const cut = related && scope && limited !== '' ? ` WITH ${bound(scope)}${also}${sorted}${limited}` : '';
    return { ...this.statement(`${from}${cut} RETURN ${returned}${also}${sorted}${cut === '' ? limited : ''}`), read };
  }

  get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Compiled {
    const scope = this.outer(relation)!;
    const equal = relation.key.map((column, i) => {
      const value = key[i] as Exclude<Cell, object>;
      return leafCypher(
        scope.column(column),
        { op: 'compare', of: { column, as: 'raw' }, test: 'eq', value },
        this.bind,
      );
    });
    const { returned, read } = this.returned(scope, output);
    return {
      ...this.statement(
        `MATCH ${scope.match} WHERE ${equal.join(' AND ')} RETURN ${returned} ORDER BY id(${scope.variable}) LIMIT 2`,
      ),
      read,
    };
  }

  count(relation: TableScan['relation'], where: Selection): Statement {
    const scope = this.outer(relation);
    return this.statement(`${this.from(scope, where, this.conditions(scope, where))} RETURN count(*)`);
  }

  /** The different values of a column. */
  distinct(relation: TableRelation, column: string, where: Selection): Statement {
    const scope = this.outer(relation)!;
    const value = scope.column(column);
    const conditions = [`${value} IS NOT NULL`, ...this.conditions(scope, where)];
    return this.statement(`${this.from(scope, where, conditions)} RETURN DISTINCT ${value}`);
  }

  /** What belongs to each of some values of a distinct relation, in their order. */
  ofValues(values: readonly string[], output: readonly Output[]): Compiled {
    const { returned, read } = this.returned({ column: () => 'value' }, output);
    const list = this.bind(values);
    const each = `UNWIND range(0, size(${list}) - 1) AS place WITH place, ${list}[place] AS value`;
    return { ...this.statement(`${each} RETURN ${returned} ORDER BY place`), read };
  }

  private statement(text: string): Statement {
    return { text, values: this.parameters.values };
  }

  private outer(relation: TableScan['relation']): Scope | undefined {
    return relation.kind === 'table' ? this.scope(relation) : undefined;
  }

  private scope(relation: TableRelation): Scope {
    return scopeOf(relation, `n${this.variables++}`);
  }

  private conditions(scope: Scope | undefined, where: Selection): readonly string[] {
    const first = scope && firstOnly(scope, this.repeatsOf(scope), this.bind);
    const parts = where.op === 'and' ? where.of : [where];
    const written = parts.map((part) => this.where(scope, part, false)).filter((part) => part !== 'true');
    return first === undefined ? written : [...written, first];
  }

  private from(scope: Scope | undefined, where: Selection, conditions: readonly string[]): string {
    const filter = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    if (!scope) return `WITH 1 AS one${filter}`;
    const branches = leading(scope, where, this.known.schema, this.bind);
    if (!branches) return `MATCH ${scope.match}${filter}`;
    const union = branches.map((branch) => `MATCH ${scope.match} WHERE ${branch} RETURN ${bound(scope)}`);
    return `CALL () { ${union.join(' UNION ')} } WITH ${bound(scope)}${filter}`;
  }

  private repeatsOf(scope: Scope): Repeats {
    return this.known.repeats.get(scope.relation) ?? { kind: 'none' };
  }

  private returned(scope: Outer | undefined, output: readonly Output[], flags?: Scope) {
    const fields: string[] = [];
    const field = (cypher: string) => fields.push(cypher) - 1;
    const cells = output.map((one): ((fields: Fields) => Cell) => {
      if (one.kind === 'column') {
        const at = field(scope!.column(one.column));
        return (row) => cellOf(row[at]);
      }
      if (one.kind === 'exists') {
        const at = field(this.exists(scope, one.relation, one.on, { op: 'true' }));
        return (row) => (row[at] === true ? 1 : 0);
      }
      const { cypher, read } = this.rows(scope, one);
      const at = field(cypher);
      return (row) => read(row[at] as readonly Fields[]);
    });
    const repeated = flags && isRepeated(flags, this.repeatsOf(flags), this.bind);
    const flag = repeated === undefined ? -1 : field(repeated);
    if (fields.length === 0) field('1');
    const read = (row: Fields) => ({ row: cells.map((cell) => cell(row)), repeated: flag >= 0 && row[flag] === true });
    return { returned: fields.map((one, i) => `${one} AS f${i}`).join(', '), read };
  }

  /** Related rows are put in order here: few belong to one row, and Cypher cannot order by everything. */
  private rows(outer: Outer | undefined, { relation, on, columns, order }: Extract<Output, { kind: 'rows' }>) {
    const inner = this.scope(relation);
    const terms = order.map(({ of, direction }) => ({ as: of.as, direction, evaluate: evaluator(of) }));
    const all = [...columns, ...order.map(({ of }) => of.column)].map(inner.column);
    const cypher =
      `COLLECT { MATCH ${inner.match} WHERE ${this.joined(inner, outer, on)} ` +
      `RETURN [${all.join(', ')}] ORDER BY id(${inner.variable}) }`;
    const read = (list: readonly Fields[]): Row[] =>
      list
        .map((fields) => {
          const cells = fields.map(cellOf);
          return {
            row: cells.slice(0, columns.length),
            values: terms.map(({ evaluate }, i) => evaluate(cells[columns.length + i]!)),
          };
        })
        .sort((a, b) => {
          for (const [i, { as, direction }] of terms.entries()) {
            const result = compareNullsLast(as, direction, a.values[i]!, b.values[i]!);
            if (result !== 0) return result;
          }
          return 0;
        })
        .map(({ row }) => row);
    return { cypher, read };
  }

  private joined(inner: Scope, outer: Outer | undefined, on: On): string {
    const pairs = Object.entries(on).map(([a, b]) => `${inner.column(a)} = ${outer!.column(b)}`);
    const first = firstOnly(inner, this.repeatsOf(inner), this.bind);
    return [...pairs, ...(first === undefined ? [] : [first])].join(' AND ') || 'true';
  }

  private exists(outer: Outer | undefined, relation: TableRelation, on: On, where: Selection): string {
    const inner = this.scope(relation);
    return `EXISTS { MATCH ${inner.match} WHERE ${this.joined(inner, outer, on)} AND ${this.where(inner, where, false)} }`;
  }

  /** The rows of a selection, or more; beneath a `not` only what is exact is said. It may be null where it is false. */
  private where(scope: Scope | undefined, selection: Selection, negated: boolean): string {
    switch (selection.op) {
      case 'true':
      case 'false':
        return selection.op;
      case 'and':
      case 'or': {
        const parts = selection.of.map((part) => this.where(scope, part, negated));
        if (parts.length === 0) return String(selection.op === 'and');
        return `(${parts.join(selection.op === 'and' ? ' AND ' : ' OR ')})`;
      }
      case 'not':
        if (!capabilities.exact(selection.of)) return 'true';
        return `NOT coalesce(${this.where(scope, selection.of, true)}, false)`;
      case 'exists':
        return this.exists(scope, selection.relation, selection.on, selection.where);
      default:
        return leafCypher(scope!.column(selection.of.column), selection, this.bind);
    }
  }

  private orderKeys(scope: Scope, { of, direction }: OrderTerm): readonly string[] {
    const p = scope.column(of.column);
    if (of.as !== 'raw') {
      const value = orderedValue(p, of, this.bind);
      return [`${value} IS NULL`, `${value} ${direction}`];
    }
    const rank = rawRank(p);
    return [`${rank} IS NULL`, `${rank} ${direction}`, `${rawValue(p)} ${direction}`];
  }

  private after(scope: Scope, order: readonly OrderTerm[], { values, inclusive }: Position): string {
    const steps: string[] = [];
    const same: string[] = [];
    for (const [i, value] of values.entries()) {
      const { of, direction } = order[i]!;
      const p = scope.column(of.column);
      if (value !== null)
        steps.push([...same, `NOT coalesce(${this.until(p, of, direction, value)}, false)`].join(' AND '));
      const equal: Selection = value === null ? { op: 'present', of } : { op: 'compare', of, test: 'eq', value };
      const written = leafCypher(p, equal, this.bind);
      same.push(value === null ? `NOT coalesce(${written}, false)` : written);
    }
    if (inclusive) steps.push(same.join(' AND ') || 'true');
    return steps.length === 0 ? 'false' : `(${steps.map((step) => `(${step})`).join(' OR ')})`;
  }

  /** Does a row come before a value in the order, or at it? */
  private until(
    p: string,
    of: OrderTerm['of'],
    direction: 'asc' | 'desc',
    value: Exclude<Cell, object | null>,
  ): string {
    const test = direction === 'asc' ? 'le' : 'ge';
    if (of.as !== 'raw') return `${orderedValue(p, of, this.bind)} ${test === 'le' ? '<=' : '>='} ${this.bind(value)}`;
    const rank = typeof value === 'boolean' ? 0 : typeof value === 'string' ? 2 : 1;
    return `(${rawRank(p)} ${direction === 'asc' ? '<' : '>'} ${rank} OR ${rawRange(p, test, value, this.bind)})`;
  }
}

/** The variables of a row. */
function bound({ variable, pattern }: Scope): string {
  return pattern.kind === 'node' ? variable : `${variable}, ${variable}s, ${variable}e`;
}
