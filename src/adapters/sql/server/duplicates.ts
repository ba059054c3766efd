import type { TableRelation } from '../../../source/relation.js';
import { all, type Fragment, joined, plain, sql } from '../fragment.js';
import { cellReader, type ReadCell } from './cell.js';
import type { Compiler } from './compiler.js';

/** Native keys that occur more than once, and how they are read. */
export function duplicatesStatement(
  compiler: Compiler,
  relation: TableRelation,
  limit: number,
): { readonly statement: Fragment; readonly read: readonly ReadCell[] } {
  const scope = compiler.scope(relation);
  const columns = relation.key.map((name) => scope.column(name));
  const repeated = compiler.repeated(scope) ?? plain('FALSE');
  const cells = joined(
    columns.map((column) => plain(compiler.cell(column))),
    ', ',
  );
  const conditions = all([...compiler.each(scope), repeated]);
  const list = columns.length === 0 ? plain('1') : cells;
  const statement = sql`SELECT ${list} FROM ${compiler.from(scope)} WHERE ${conditions} ${compiler.vendor.limit(limit)}`;
  return { statement, read: columns.map(({ live }) => cellReader(live)) };
}
