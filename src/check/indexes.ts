import type { Expression } from '../source/expression.js';
import type { Relation } from '../source/relation.js';
import type { Selection } from '../source/selection.js';

export interface Index {
  readonly table: string;
  readonly columns: readonly string[];
  /** The columns as the index names them, with their collation where it matters. */
  readonly written: readonly string[];
}

/** How an index of the database names a column of a table (`Capabilities.indexOn`); undefined where no plain one helps. */
export type IndexOn = (of: Expression, table: string, name: string) => string | undefined;

/** Indexes that would help a selection: one for each alternative; none where it must look into every text. */
export function indexes(selection: Selection, relation: Relation, on: IndexOn): readonly Index[] {
  const found = new Map<string, Index>();
  for (const index of helpful(selection, relation, on)) found.set(JSON.stringify(index), index);
  return [...found.values()];
}

function helpful(selection: Selection, relation: Relation, on: IndexOn): readonly Index[] {
  switch (selection.op) {
    case 'or': {
      const each = selection.of.map((part) => helpful(part, relation, on));
      // One alternative without an index has every row read anyway.
      return each.some((found) => found.length === 0) ? [] : each.flat();
    }
    case 'and':
      return selection.of.flatMap((part) => helpful(part, relation, on)).slice(0, 1);
    case 'compare':
    case 'in':
    case 'prefix':
      return of(selection.of, relation, on);
    case 'exists': {
      const inner = helpful(selection.where, selection.relation, on);
      return inner.length > 0 ? inner : joined(selection.relation, Object.keys(selection.on), on);
    }
    default:
      return [];
  }
}

function of(expression: Expression, relation: Relation, on: IndexOn): readonly Index[] {
  const { column, part } = expression;
  if (part) return [];
  if (relation.kind === 'distinct')
    return relation.of.flatMap(({ table, column: from }) => index(table, [{ ...expression, column: from }], on));
  return relation.kind === 'table' ? index(relation, [{ ...expression, column }], on) : [];
}

function joined(relation: Relation, columns: readonly string[], on: IndexOn): readonly Index[] {
  return index(
    relation,
    columns.map((column) => ({ column, as: 'raw' })),
    on,
  );
}

function index(relation: Relation, of: readonly Expression[], on: IndexOn): readonly Index[] {
  const columns = of.map(({ column }) => relation.columns[column]?.path.join('.') ?? column);
  const written = of.map((expression, i) => on(expression, relation.name, columns[i]!));
  return written.every((one) => one !== undefined) ? [{ table: relation.name, columns, written }] : [];
}
