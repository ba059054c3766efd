import type { Output, Scan } from './adapter.js';
import type { Relation, TableRelation } from './relation.js';
import type { Selection } from './selection.js';

/** Every table that a scan reads. */
export function tablesOf(scan: {
  readonly relation: Relation;
  readonly output: readonly Output[];
  readonly where?: Scan['where'];
}): readonly TableRelation[] {
  const { relation, output, where } = scan;
  const tables = new Set<TableRelation>();
  if (relation.kind === 'table') tables.add(relation);
  if (relation.kind === 'distinct') for (const { table } of relation.of) tables.add(table);
  for (const one of output) if (one.kind !== 'column') tables.add(one.relation);
  const visit = (selection: Selection): void => {
    if (selection.op === 'and' || selection.op === 'or') selection.of.forEach(visit);
    else if (selection.op === 'not') visit(selection.of);
    else if (selection.op === 'exists') {
      tables.add(selection.relation);
      visit(selection.where);
    }
  };
  if (where) visit(where);
  return [...tables];
}
