import type { Expression } from '../source/expression.js';
import type { Relation } from '../source/relation.js';
import type { Selection } from '../source/selection.js';

export interface Index {
  readonly table: string;
  /** With their collation where it matters. */
  readonly columns: readonly string[];
}

/** Indexes that would help a selection: one for each alternative; none where it must look into every text. */
export function indexes(selection: Selection, relation: Relation): readonly Index[] {
  const found = new Map<string, Index>();
  for (const index of helpful(selection, relation)) found.set(JSON.stringify(index), index);
  return [...found.values()];
}

function helpful(selection: Selection, relation: Relation): readonly Index[] {
  switch (selection.op) {
    case 'or': {
      const each = selection.of.map((part) => helpful(part, relation));
      // One alternative without an index has every row read anyway.
      return each.some((found) => found.length === 0) ? [] : each.flat();
    }
    case 'and':
      return selection.of.flatMap((part) => helpful(part, relation)).slice(0, 1);
    case 'compare':
    case 'in':
    case 'prefix':
      return of(selection.of, relation);
    case 'exists': {
      const inner = helpful(selection.where, selection.relation);
      return inner.length > 0 ? inner : [{ table: selection.relation.name, columns: Object.keys(selection.on) }];
    }
    default:
      return [];
  }
}

function of({ column, as, part }: Expression, relation: Relation): readonly Index[] {
  if (part) return [];
  if (relation.kind === 'distinct') return relation.of.map(({ table, column: from }) => index(table, from, as));
  return relation.kind === 'table' ? [index(relation, column, as)] : [];
}

function index(relation: Relation, column: string, as: Expression['as']): Index {
  const name = relation.columns[column]?.path.join('.') ?? column;
  return { table: relation.name, columns: [as === 'fold' ? `${name} COLLATE NOCASE` : name] };
}
