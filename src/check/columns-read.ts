import type { CompiledMapping } from '../mapping/compile.js';
import { columnsOf } from '../source/columns-of.js';
import type { Relation, TableRelation } from '../source/relation.js';
import type { Examined } from './examined.js';
import { leaves } from './leaves.js';

/** A column that some mapping reads. */
export interface ColumnRead {
  readonly relation: TableRelation;
  readonly column: string;
  readonly mapping: string;
}

/** Every column that the mappings of a source read: for values, keys, conditions and searches. */
export function columnsRead({ compiled, mappings: { mappings }, setting }: Examined): readonly ColumnRead[] {
  const found: ColumnRead[] = [];
  const add = (relation: Relation, columns: readonly string[], mapping: string) => {
    if (relation.kind === 'distinct')
      for (const { table, column } of relation.of) found.push({ relation: table, column, mapping });
    if (relation.kind === 'table') for (const column of columns) found.push({ relation, column, mapping });
  };
  for (const { relation, output, name } of compiled) {
    add(relation, relation.key, name);
    for (const one of output) {
      if (one.kind === 'column') {
        add(relation, [one.column], name);
        continue;
      }
      add(relation, Object.values(one.on), name);
      add(one.relation, Object.keys(one.on), name);
      if (one.kind === 'rows') add(one.relation, one.columns, name);
    }
  }
  for (const mapping of mappings) {
    const { name, document } = mapping.definition;
    for (const { relation, of } of leaves(mapping, setting)) add(relation, [of.column], name);
    for (const { relation, on, where } of Object.values(document?.index ?? {}))
      add(relation, [...Object.keys(on), ...columnsOf(where)], name);
  }
  return found;
}

/** The tables that the mappings read, each once for each description of it. */
export function tablesRead(compiled: readonly CompiledMapping[]): readonly TableRelation[] {
  const found = new Set<TableRelation>();
  const add = (relation: Relation) => {
    if (relation.kind === 'table') found.add(relation);
    if (relation.kind === 'distinct') for (const { table } of relation.of) found.add(table);
  };
  for (const { relation, output } of compiled) {
    add(relation);
    for (const one of output) if (one.kind !== 'column') add(one.relation);
  }
  return [...found];
}
