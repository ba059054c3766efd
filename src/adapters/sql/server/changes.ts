import { Fault } from '../../../errors/fault.js';
import type { Cells, Output } from '../../../source/adapter.js';
import { keyIs } from '../../../source/key.js';
import type { TableRelation } from '../../../source/relation.js';
import type { Cell } from '../../../source/row.js';
import type { Scope } from '../dialect.js';
import { all, bound, type Fragment, joined, plain, sql } from '../fragment.js';
import { cellReader, type ReadCell } from './cell.js';
import type { ServerColumn } from './column.js';
import type { Compiler } from './compiler.js';
import { type Select, select } from './select.js';

/** Can rows of the relation be changed, as far as it says itself? Parts of columns, and rows without a key, cannot. */
export function isWhole({ unwind, numbered, columns }: TableRelation): boolean {
  return !unwind && !numbered && Object.values(columns).every(({ path }) => path.length === 1);
}

/** The rows of a key, kept from other writers: two, where there is more than one. */
export function lockedRow(
  compiler: Compiler,
  relation: TableRelation,
  output: readonly Output[],
  key: readonly Cell[],
): { readonly statement: Fragment; readonly outputs: Select['outputs'] } {
  const scan = { relation, output, where: keyIs(relation.key, key), order: [], limit: 2 };
  const { legs, outputs } = select(compiler, scan);
  return { statement: sql`${legs[0]!}${compiler.vendor.writing.lock}`, outputs };
}

/** Adds a row; `key` reads its key from the row that the statement hands back, if it does. */
export function insertion(
  compiler: Compiler,
  relation: TableRelation,
  cells: Cells,
): { readonly statement: Fragment; readonly key: readonly ReadCell[] | undefined } {
  const { writing } = compiler.vendor;
  const table = writable(compiler, relation);
  const names = Object.keys(cells);
  const columns = names.map((name) => compiler.named(relation, name));
  const values = names.map((name, i) => written(compiler, columns[i]!.live, cells[name]!));
  const rows =
    names.length === 0
      ? plain(writing.defaults)
      : sql`(${columns.map((column) => column.sql).join(', ')}) VALUES (${joined(values, ', ')})`;
  const statement = sql`INSERT INTO ${table} ${rows}`;
  if (isGiven(relation, cells) || !writing.returns()) return { statement, key: undefined };
  const key = relation.key.map((name) => compiler.named(relation, name));
  const returned = key.map((column) => compiler.cell(column)).join(', ');
  return { statement: sql`${statement} RETURNING ${returned}`, key: key.map(({ live }) => cellReader(live)) };
}

/** Do the cells hold the whole key? */
export function isGiven(relation: TableRelation, cells: Cells): boolean {
  return relation.key.every((column) => cells[column] !== undefined && cells[column] !== null);
}

export function update(
  compiler: Compiler,
  relation: TableRelation,
  key: readonly Cell[],
  before: Cells,
  cells: Cells,
): Fragment {
  const table = writable(compiler, relation);
  const scope = compiler.scope(relation);
  const sets = Object.entries(cells).map(([name, cell]) => {
    const column = compiler.named(relation, name);
    return sql`${column.sql} = ${written(compiler, column.live, cell)}`;
  });
  return sql`UPDATE ${table} AS ${scope.alias} SET ${joined(sets, ', ')} WHERE ${matching(compiler, scope, key, before)}`;
}

export function deletion(compiler: Compiler, relation: TableRelation, key: readonly Cell[], before: Cells): Fragment {
  const table = writable(compiler, relation);
  const scope = compiler.scope(relation);
  const from = compiler.vendor.writing.deleteFrom(table, scope.alias);
  return sql`${from} WHERE ${matching(compiler, scope, key, before)}`;
}

function writable(compiler: Compiler, relation: TableRelation): string {
  const table = isWhole(relation) ? compiler.table(relation) : undefined;
  if (!table || table.undoes === false)
    throw new Fault('read-only', `Rows of ${relation.name} cannot be changed, or not undone`);
  return table.sql;
}

/** The row of a key, if its columns still hold what they held: compared as the text by which they were read. */
function matching(compiler: Compiler, scope: Scope<ServerColumn>, key: readonly Cell[], before: Cells): Fragment {
  const { vendor } = compiler;
  const held = Object.entries(before).filter(([, cell]) => typeof cell !== 'object' || cell === null);
  return all([
    compiler.where(scope, keyIs(scope.relation.key, key)),
    ...held.map(([name, cell]) => {
      const text = cell === null ? null : String(cell);
      return { text: vendor.writing.same(compiler.cell(scope.column(name)), '?'), values: [text] };
    }),
  ]);
}

/** A truth is 1 or 0 to a column of numbers; what is nested is JSON. */
function written({ vendor }: Compiler, live: ServerColumn, cell: Cell): Fragment {
  if (cell === null) return bound(null);
  const own = vendor.writing.written?.(live, cell);
  if (own) return own;
  if (typeof cell === 'object') return bound(JSON.stringify(cell));
  const number = live.kind === 'integer' || live.kind === 'decimal' || live.kind === 'float' || live.kind === 'single';
  return bound(String(typeof cell === 'boolean' && number ? Number(cell) : cell));
}
