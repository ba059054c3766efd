import type { OrderTerm, Output, Position, Scan } from '../../source/adapter.js';
import { comparand } from '../../source/compare.js';
import type { Expression } from '../../source/expression.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import type { On, Selection, Test } from '../../source/selection.js';
import { decimalKey } from './decimal-key.js';
import { cellAt, parseDocument, rawKey } from './document.js';
import type { Field, Statement, Value } from './driver.js';
import { expressionSql, type Frame, isTagged, joinSql, outputSql, place, quickText } from './frame.js';
import { literally } from './literally.js';
import type { OpenFile } from './schema.js';

/** A table's file, and which of its rows (numbered from 1) say again a native key that an earlier row said. */
export interface Input {
  readonly file: OpenFile;
  readonly repeats: Repeats;
}

export interface Repeats {
  /** Rows to leave out. */
  readonly later: readonly number[];
  /** The rows that are served for them. */
  readonly first: readonly number[];
}

/** The inputs of every table that a scan names. */
export type Inputs = ReadonlyMap<TableRelation, Input>;

export interface CompiledScan extends Statement {
  /** A result row as cells, and whether its native key occurs again. */
  readonly read: (fields: readonly Field[]) => { readonly row: Row; readonly repeated: boolean };
}

/** Writes one statement; every value of a request is bound, never written into the text. */
export class Compiler {
  private readonly values: Value[] = [];
  private aliases = 0;

  constructor(private readonly inputs: Inputs) {}

  scan({ relation, output, where, order, after, limit }: Scan): CompiledScan {
    const frame = this.frame(relation);
    for (const name of relation.key) place(frame, name);
    const keys = order.map(({ of, direction }) => `${expressionSql(frame, of, this.bind)} ${direction} NULLS LAST`);
    const conditions = [this.where(frame, where), ...(after ? [this.after(frame, order, after)] : [])];
    const tail =
      `WHERE ${conditions.join(' AND ')}` +
      (keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '') +
      (limit === undefined ? '' : ` LIMIT ${Math.trunc(limit)}`);
    const simple = output.every(({ kind }) => kind === 'column');
    // Related rows are gathered for the rows that remain, in an order that is taken before.
    const from = simple
      ? `${this.from(frame)} ${tail}`
      : `FROM (SELECT ${frame.alias}.*, row_number() OVER () AS place FROM (SELECT ${frame.alias}.* ${this.from(frame)} ${tail}) ${frame.alias}) ${frame.alias} ORDER BY place`;
    return this.selected(frame, output, from);
  }

  get(relation: Relation, output: readonly Output[], key: readonly Exclude<Cell, object | null>[]): CompiledScan {
    const frame = this.frame(relation);
    const equal = relation.key.map((name, i) => {
      const of: Expression = { column: name, as: 'raw' };
      return this.where(frame, { op: 'compare', of, test: 'eq', value: key[i]! });
    });
    return this.selected(frame, output, `${this.from(frame)} WHERE ${['true', ...equal].join(' AND ')} LIMIT 1`);
  }

  count(relation: Relation, where: Selection): Statement {
    const frame = this.frame(relation);
    const condition = this.where(frame, where);
    return this.statement(`SELECT CAST(count(*) AS VARCHAR) ${this.from(frame)} WHERE ${condition}`);
  }

  /** The rows that are served for a native key that occurs more than once. */
  repeated(relation: TableRelation, output: readonly Output[], limit: number): CompiledScan {
    const frame = this.frame(relation);
    return this.selected(frame, output, `${this.from(frame)} WHERE ${frame.alias}.repeated LIMIT ${Math.trunc(limit)}`);
  }

  private selected(frame: Frame, output: readonly Output[], from: string): CompiledScan {
    const fields: string[] = [];
    const field = (sql: string) => fields.push(sql) - 1;
    const held: string[] = [];
    const cells = output.map((one): ((fields: readonly Field[], held: readonly Field[], document: unknown) => Cell) => {
      if (one.kind === 'column') {
        const at = place(frame, one.column);
        if ('path' in at) return (_, __, document) => cellAt(document, at.path);
        const index = held.push(outputSql(frame, at.column)) - 1;
        return (_, row) => row[index] as Cell;
      }
      if (one.kind === 'exists') {
        const index = field(this.exists(frame, one.relation, one.on, { op: 'true' }));
        return (row) => (row[index] === true ? 1 : 0);
      }
      const related = this.rows(frame, one);
      const index = field(related.sql);
      return (row) => ((row[index] ?? []) as readonly Field[]).map(related.read);
    });
    const json = frame.file?.kind === 'json' ? field(`${frame.alias}.json`) : -1;
    // The driver keeps 32 kB for each column of a result until its memory is collected, so the columns of a row are one list.
    const list = held.length > 0 ? field(`[${held.join(', ')}]`) : -1;
    const repeated = this.repeats(frame)?.first.length ? field(`${frame.alias}.repeated`) : -1;
    if (fields.length === 0) field('1');
    const text = `SELECT ${fields.join(', ')} ${from}`;
    const read = (row: readonly Field[]) => {
      const document = json >= 0 ? parseDocument(row[json] as string) : undefined;
      const values = list >= 0 ? (row[list] as readonly Field[]) : [];
      return {
        row: cells.map((cell) => cell(row, values, document)),
        repeated: repeated >= 0 && row[repeated] === true,
      };
    };
    return { ...this.statement(text), read };
  }

  private statement(text: string): Statement {
    return { text, values: this.values };
  }

  private readonly bind = (value: Value): string => `$${this.values.push(value)}`;

  private frame(relation: Relation): Frame {
    const alias = `t${this.aliases++}`;
    const file = relation.kind === 'table' ? this.inputs.get(relation)?.file : undefined;
    return file ? { relation, alias, file } : { relation, alias };
  }

  private repeats({ relation }: Frame): Repeats | undefined {
    return relation.kind === 'table' ? this.inputs.get(relation)?.repeats : undefined;
  }

  private from(frame: Frame): string {
    const { relation, alias, file } = frame;
    if (relation.kind === 'constant') return `FROM (SELECT NULL AS v) ${alias}`;
    if (relation.kind === 'distinct') return `FROM (${this.distinct(relation.of)}) ${alias}`;
    const { later, first } = this.repeats(frame)!;
    if (later.length === 0) return `FROM ${file!.from} ${alias}`;
    const list = (rows: readonly number[]) =>
      `(SELECT CAST(unnest(string_split(${this.bind(rows.join(','))}, ',')) AS BIGINT))`;
    return (
      `FROM (SELECT *, number IN ${list(first)} AS repeated FROM (SELECT *, row_number() OVER () AS number FROM ${file!.from}) ` +
      `WHERE number NOT IN ${list(later)}) ${alias}`
    );
  }

  /** The distinct texts of some columns. */
  private distinct(of: readonly { readonly table: TableRelation; readonly column: string }[]): string {
    const parts = of.map(({ table, column }) => {
      const frame = this.frame(table);
      const text = expressionSql(frame, { column, as: 'text' }, this.bind);
      return `SELECT ${text} AS v ${this.from(frame)}`;
    });
    return `SELECT DISTINCT v FROM (${parts.join(' UNION ALL ')}) WHERE v IS NOT NULL`;
  }

  private on(inner: Frame, outer: Frame, on: On): string {
    const tagged = isTagged(inner) || isTagged(outer);
    const pairs = Object.entries(on).map(([a, b]) => `${joinSql(inner, a, tagged)} = ${joinSql(outer, b, tagged)}`);
    return ['true', ...pairs].join(' AND ');
  }

  private exists(outer: Frame, relation: TableRelation, on: On, where: Selection): string {
    const inner = this.frame(relation);
    for (const name of relation.key) place(inner, name);
    return `EXISTS (SELECT 1 ${this.from(inner)} WHERE ${this.on(inner, outer, on)} AND ${this.where(inner, where)})`;
  }

  private rows(outer: Frame, { relation, on, columns, order }: Extract<Output, { kind: 'rows' }>) {
    const inner = this.frame(relation);
    const keys = order.map(({ of, direction }) => `${expressionSql(inner, of, this.bind)} ${direction} NULLS LAST`);
    const places = columns.map((name) => place(inner, name));
    const value = isTagged(inner)
      ? `${inner.alias}.json`
      : `[${places.map((at) => ('column' in at ? outputSql(inner, at.column) : 'NULL')).join(', ')}]`;
    const ordered = keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
    const sql = `(SELECT list(${value}${ordered}) ${this.from(inner)} WHERE ${this.on(inner, outer, on)})`;
    const read = (field: Field): Row => {
      if (!isTagged(inner)) return field as Row;
      const document = parseDocument(field as string);
      return places.map((at) => ('path' in at ? cellAt(document, at.path) : null));
    };
    return { sql, read };
  }

  /** Two-valued: what is null counts as false, also under `not`. */
  private where(frame: Frame, selection: Selection): string {
    switch (selection.op) {
      case 'true':
      case 'false':
        return selection.op;
      case 'and':
      case 'or': {
        const parts = selection.of.map((part) => this.where(frame, part));
        return parts.length === 0
          ? String(selection.op === 'and')
          : `(${parts.join(selection.op === 'and' ? ' AND ' : ' OR ')})`;
      }
      case 'not':
        return `(NOT coalesce(${this.where(frame, selection.of)}, false))`;
      case 'exists':
        return this.exists(frame, selection.relation, selection.on, selection.where);
      case 'present':
        return `(${expressionSql(frame, selection.of, this.bind)}) IS NOT NULL`;
      default: {
        const quick =
          frame.file?.kind === 'json'
            ? literally(`CAST(${frame.alias}.json AS VARCHAR)`, selection, this.bind)
            : undefined;
        const exact = this.leaf(frame, selection);
        return quick === undefined ? exact : `(${quick} AND ${exact})`;
      }
    }
  }

  private leaf(frame: Frame, selection: Extract<Selection, { op: 'compare' | 'in' | 'prefix' | 'contains' }>): string {
    switch (selection.op) {
      case 'compare':
        return this.compare(frame, selection.of, selection.test, selection.value);
      case 'in':
        return this.in(frame, selection.of, selection.values);
      default:
        return this.text(frame, selection.of, selection.op, selection.value);
    }
  }

  private compare(frame: Frame, of: Expression, test: Test, value: Cell): string {
    const bound = this.comparand(frame, of, value);
    if (bound === undefined) return this.beyond(frame, of, test, value);
    const sql = expressionSql(frame, of, this.bind);
    if (of.as !== 'raw' || !isTagged(frame)) return `(${sql}) ${operators[test]} ${this.bind(bound)}`;
    const quick =
      test === 'eq' && typeof value === 'string' && !/^-?\d/.test(value) ? quickText(frame, of.column) : undefined;
    if (quick) return `${quick} = CAST(to_json(${this.bind(value as string)}) AS VARCHAR)`;
    return `((${sql}) ${operators[test]} ${this.bind(bound)} AND left(${sql}, 1) = ${this.bind(String(bound)[0]!)})`;
  }

  /** An integer beyond 64 bits is greater, or less, than every one within. */
  private beyond(frame: Frame, of: Expression, test: Test, value: Cell): string {
    const wanted = of.as === 'integer' ? comparand(of.as, value as Exclude<Cell, object>) : null;
    if (typeof wanted !== 'bigint' || test === 'eq' || wanted > 0n !== (test === 'lt' || test === 'le')) return 'false';
    return this.where(frame, { op: 'present', of });
  }

  private in(frame: Frame, of: Expression, values: readonly Cell[]): string {
    const bound = values.map((value) => this.comparand(frame, of, value)).filter((value) => value !== undefined);
    if (bound.length === 0) return 'false';
    const sql = expressionSql(frame, of, this.bind);
    if (bound.length <= 50 || of.as === 'boolean') return `(${sql}) IN (${bound.map(this.bind).join(', ')})`;
    const list = this.bind(JSON.stringify(bound.map(String)));
    const element = `unnest(from_json(${list}, '["VARCHAR"]'))`;
    return `(${sql}) IN (SELECT ${of.as === 'integer' ? `CAST(${element} AS BIGINT)` : element})`;
  }

  private text(frame: Frame, of: Expression, op: 'prefix' | 'contains', value: string): string {
    if (of.as === 'integer' || of.as === 'decimal' || of.as === 'boolean') return 'false';
    const call = op === 'prefix' ? 'starts_with' : 'contains';
    const sql = expressionSql(frame, of, this.bind);
    if (of.as !== 'raw' || !isTagged(frame)) return `${call}(${sql}, ${this.bind(value)})`;
    return `(left(${sql}, 1) = 's' AND ${call}(substr(${sql}, 2), ${this.bind(value)}))`;
  }

  /** A value in the form its expression has in SQL; undefined when nothing there can be equal to it. */
  private comparand(frame: Frame, of: Expression, value: Cell): Value | undefined {
    if (typeof value === 'object') return undefined;
    const wanted = comparand(of.as, value);
    if (wanted === null) return undefined;
    if (of.as === 'decimal') return decimalKey(String(wanted)) ?? undefined;
    if (typeof wanted === 'bigint' && of.as === 'integer')
      return BigInt.asIntN(64, wanted) === wanted ? wanted : undefined;
    if (of.as !== 'raw') return wanted;
    if (!isTagged(frame)) return typeof wanted === 'string' ? wanted : undefined;
    return rawKey(wanted) ?? undefined;
  }

  /** Rows strictly after a position; null is last in both directions. */
  private after(frame: Frame, order: readonly OrderTerm[], { values, inclusive }: Position): string {
    const term = (i: number) => `(${expressionSql(frame, order[i]!.of, this.bind)})`;
    const bound = (i: number) => this.bind(this.comparand(frame, order[i]!.of, values[i]!) ?? String(values[i]));
    const same = (i: number) => (values[i] === null ? `${term(i)} IS NULL` : `${term(i)} = ${bound(i)}`);
    const beyond = (i: number) => {
      if (values[i] === null) return undefined;
      return `(${term(i)} ${order[i]!.direction === 'asc' ? '>' : '<'} ${bound(i)} OR ${term(i)} IS NULL)`;
    };
    const steps = values.flatMap((_, i) => {
      const step = beyond(i);
      return step === undefined ? [] : [[...values.slice(0, i).map((__, j) => same(j)), step].join(' AND ')];
    });
    if (inclusive) steps.push(values.map((_, i) => same(i)).join(' AND ') || 'true');
    return steps.length === 0 ? 'false' : `(${steps.map((step) => `(${step})`).join(' OR ')})`;
  }
}

const operators: Readonly<Record<Test, string>> = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' };

/** Does a native key occur more than once, and (`rows`) in which rows, numbered from 1? Null in a key makes it no key. */
export function repeatsStatement(relation: TableRelation, file: OpenFile, rows: boolean): Statement {
  const frame: Frame = { relation, alias: 't0', file };
  const keys = relation.key.map((name) => joinSql(frame, name, isTagged(frame)));
  const names = keys.map((_, i) => `k${i}`);
  const columns = keys.map((key, i) => `${key} AS ${names[i]}`).join(', ');
  const known = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  const all = names.join(', ');
  const repeated = `SELECT ${all} FROM (SELECT ${columns} FROM ${file.from} t0) WHERE ${known} GROUP BY ${all} HAVING count(*) > 1`;
  const numbered = `SELECT ${columns}, row_number() OVER () AS number FROM ${file.from} t0`;
  const text = rows
    ? `SELECT list(number ORDER BY number) FROM (${numbered}) SEMI JOIN (${repeated}) USING (${all}) GROUP BY ${all}`
    : `SELECT 1 FROM (${repeated}) LIMIT 1`;
  return { text, values: [] };
}
