import type { ColumnType } from '../mapping/define.js';
import type { Adapter, Call, LiveTable } from '../source/adapter.js';
import type { Column } from '../source/relation.js';
import type { Cell, Row } from '../source/row.js';
import { TRUE } from '../source/selection.js';
import { columnType } from './column-type.js';

/** A column of the live source, or a path to a plain value in its documents. */
export interface SurveyedColumn {
  /** Names it in the mapping. */
  readonly name: string;
  readonly path: readonly string[];
  readonly type: ColumnType;
  /** May a row hold nothing there? */
  readonly nullable: boolean;
  /** What the rows looked at hold, without nulls. Never written anywhere. */
  readonly values: readonly Cell[];
}

/** A table, file or collection; or, with `unwind`, the elements of an array in its documents. */
export interface SurveyedTable {
  readonly name: string;
  readonly columns: readonly SurveyedColumn[];
  /** What names a row, as the database declares it; the primary key first. */
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly unwind?: string;
  /** Arrays that its documents hold. */
  readonly arrays: readonly string[];
  /** Rows looked at. */
  readonly rows: number;
}

const rowsOfTable = 500;
/** As many as `healthsync check` looks at. */
const rowsOfDocuments = 5000;

/** The live schema of a source with the first rows of each table, which stay in memory. */
export async function survey(adapter: Adapter, call: () => Call): Promise<readonly SurveyedTable[]> {
  const tables: SurveyedTable[] = [];
  for (const live of await adapter.describe(call())) {
    const rows = await firstRows(live, adapter, call());
    tables.push(...surveyTable(live, rows, adapter.capabilities.unwinds === true));
  }
  return tables;
}

async function firstRows({ name, columns }: LiveTable, adapter: Adapter, call: Call): Promise<readonly Row[]> {
  if (columns.length === 0) return [];
  const named: Record<string, Column> = Object.fromEntries(
    columns.map((column) => [column.name, { name: column.name, path: [column.name] }]),
  );
  const scan = {
    relation: { kind: 'table', name, key: [], columns: named },
    output: columns.map((column) => ({ kind: 'column', column: column.name }) as const),
    where: TRUE,
    order: [],
    limit: columns.some(({ type }) => isDocument(type)) ? rowsOfDocuments : rowsOfTable,
  } as const;
  const rows: Row[] = [];
  for await (const batch of adapter.scan(scan, call)) rows.push(...batch.rows);
  return rows;
}

function isDocument(type: string): boolean {
  return type.toLowerCase() === 'json';
}

interface Found {
  readonly path: readonly string[];
  readonly declared: string;
  readonly nullable: boolean;
  readonly values: Cell[];
}

/** What stands at the paths of some rows: plain values, and elements of arrays that are objects. */
interface Shape {
  readonly plain: Map<string, Found>;
  readonly arrays: Map<string, unknown[]>;
}

function surveyTable(live: LiveTable, rows: readonly Row[], unwinds: boolean): readonly SurveyedTable[] {
  const shape: Shape = { plain: new Map(), arrays: new Map() };
  for (const { name, type, nullable } of live.columns)
    if (!isDocument(type)) shape.plain.set(name, { path: [name], declared: type, nullable, values: [] });
  for (const row of rows) for (const [i, { name, type }] of live.columns.entries()) note(shape, row[i], [name], type);
  const { name, uniqueKeys } = live;
  const arrays = [...shape.arrays.keys()];
  const table = { name, uniqueKeys, columns: columnsOf(shape), arrays, rows: rows.length };
  if (!unwinds) return [table];
  const elements = [...shape.arrays].flatMap(([unwind, values]): readonly SurveyedTable[] => {
    const within: Shape = { plain: new Map(), arrays: new Map() };
    for (const value of values) note(within, value, unwind.split('.'), 'json');
    if (!values.some((value) => typeof value === 'object' && value !== null && !Array.isArray(value))) return [];
    const columns = columnsOf(within, unwind.split('.').length);
    return [{ name, uniqueKeys: [], unwind, columns, arrays: [...within.arrays.keys()], rows: values.length }];
  });
  return [table, ...elements];
}

function note(shape: Shape, value: unknown, path: readonly string[], declared: string): void {
  // A field whose name holds a dot has no path.
  if (path.some((step) => step.includes('.')) && isDocument(declared)) return;
  if (Array.isArray(value)) {
    const place = path.join('.');
    const known = shape.arrays.get(place) ?? [];
    known.push(...value);
    shape.arrays.set(place, known);
    return;
  }
  if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) note(shape, child, [...path, name], 'json');
    return;
  }
  const place = path.join('.');
  const found = shape.plain.get(place) ?? {
    path,
    declared: isDocument(declared) ? '' : declared,
    nullable: true,
    values: [],
  };
  shape.plain.set(place, found);
  if (value !== null && value !== undefined) found.values.push(value as Cell);
}

function columnsOf({ plain, arrays }: Shape, skipped = 0): readonly SurveyedColumn[] {
  // Null in one document and an object in another: only what is in the object is a column.
  const inner = [...plain.keys(), ...arrays.keys()];
  const taken = new Set<string>();
  return [...plain].flatMap(([place, { path, declared, nullable, values }]) => {
    if (values.length === 0 && inner.some((other) => other.startsWith(`${place}.`) || arrays.has(place))) return [];
    let name = path.slice(Math.min(skipped, path.length - 1)).join('_');
    while (taken.has(name)) name += '_';
    taken.add(name);
    return [{ name, path, type: columnType(declared, values), nullable, values }];
  });
}
