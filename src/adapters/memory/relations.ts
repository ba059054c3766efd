import { Fault } from '../../errors/fault.js';
import { cellText } from '../../source/evaluate.js';
import { keyText } from '../../source/key.js';
import type { Column, Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Json, Row } from '../../source/row.js';
import type { On } from '../../source/selection.js';
import { placeIn, unwound } from '../../source/unwind.js';
import type { Read, Related } from './select.js';

export interface MemoryTable {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface RelationRow {
  readonly read: Read;
  /** Its native key occurs again later in native order. */
  readonly repeated: boolean;
}

/** The rows of a relation in native order, later rows of a key left out. */
export function relationRows(
  tables: Readonly<Record<string, MemoryTable>>,
  relation: Relation,
): readonly RelationRow[] {
  switch (relation.kind) {
    case 'constant':
      return [{ read: () => null, repeated: false }];
    case 'distinct': {
      const values = new Set<string>();
      for (const { table, column } of relation.of) {
        for (const { read } of relationRows(tables, table)) {
          const text = cellText(read(column));
          if (text !== null) values.add(text);
        }
      }
      return [...values].map((value) => ({ read: () => value, repeated: false }));
    }
    case 'table':
      return withoutDuplicates(relation, tableReads(tables, relation));
  }
}

export function relatedRows(tables: Readonly<Record<string, MemoryTable>>): Related {
  return (relation: TableRelation, on: On) => {
    const inner = Object.keys(on);
    const outer = Object.values(on);
    const groups = new Map<string, Read[]>();
    for (const { read } of relationRows(tables, relation)) {
      const key = keyText(inner.map(read));
      if (key === null) continue;
      const group = groups.get(key);
      if (group) group.push(read);
      else groups.set(key, [read]);
    }
    return (row) => {
      const key = keyText(outer.map(row));
      return key === null ? [] : (groups.get(key) ?? []);
    };
  };
}

function tableReads(tables: Readonly<Record<string, MemoryTable>>, relation: TableRelation): Read[] {
  return locatedRows(tables, relation).map(({ read }) => read);
}

/** Where a row of a relation lies: in which row of its table, and at which places of its arrays. */
export interface LocatedRow {
  readonly read: Read;
  readonly at: number;
  readonly places: readonly number[];
}

export function locatedRows(
  tables: Readonly<Record<string, MemoryTable>>,
  relation: TableRelation,
): readonly LocatedRow[] {
  const table = tableOf(tables, relation);
  const { unwind } = relation;
  if (!unwind)
    return table.rows.map((row, at) => ({ read: (name) => cellAt(table, row, relation, name), at, places: [] }));
  return table.rows.flatMap((row, at) => {
    const document = Object.fromEntries(table.columns.map((column, i) => [column, row[i] ?? null]));
    return unwound(document, unwind, valueAt).map(({ document: element, places }): LocatedRow => {
      const cells = table.columns.map((column) => element[column] as Cell);
      const read: Read = (name) => {
        const place = placeIn(relation, relation.columns[name]?.path ?? []);
        return place === undefined ? cellAt(table, cells, relation, name) : places[place]!;
      };
      return { read, at, places };
    });
  });
}

export function tableOf(tables: Readonly<Record<string, MemoryTable>>, { name }: TableRelation): MemoryTable {
  const table = tables[name];
  if (!table) throw new Fault('source-schema', `Table ${name} does not exist`);
  return table;
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function cellAt(table: MemoryTable, row: Row, relation: TableRelation, name: string): Cell {
  const column = relation.columns[name];
  const index = column ? table.columns.indexOf(column.path[0]!) : -1;
  if (index < 0) throw missingColumn(relation, column, name);
  let cell: unknown = row[index] ?? null;
  for (const step of column!.path.slice(1)) {
    cell = typeof cell === 'object' && cell !== null ? ((cell as Record<string, unknown>)[step] ?? null) : null;
  }
  return cell as Cell | Json;
}

export function missingColumn(relation: TableRelation, column: Column | undefined, name: string): Fault {
  return new Fault(
    'source-schema',
    `Column ${column?.path.join('.') ?? name} of table ${relation.name} does not exist`,
  );
}

function withoutDuplicates(relation: TableRelation, reads: readonly Read[]): RelationRow[] {
  const first = new Map<string, number>();
  const rows: { read: Read; repeated: boolean }[] = [];
  for (const read of reads) {
    const key = relation.key.length === 0 ? null : keyText(relation.key.map(read));
    const at = key === null ? undefined : first.get(key);
    if (at !== undefined) {
      rows[at]!.repeated = true;
      continue;
    }
    if (key !== null) first.set(key, rows.length);
    rows.push({ read, repeated: false });
  }
  return rows;
}
