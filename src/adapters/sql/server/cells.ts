import type { Output } from '../../../source/adapter.js';
import { keyText } from '../../../source/key.js';
import type { Cell, Row } from '../../../source/row.js';
import type { Fragment } from '../fragment.js';
import type { Compiler } from './compiler.js';
import { type ReadRelated, related } from './related.js';
import { type Select, select } from './select.js';
import type { TextRow } from './vendor.js';

/** The rows of an answer: at once, unless related rows are to be had too. */
export function rowsOf(
  output: readonly Output[],
  outputs: Select['outputs'],
  rows: readonly TextRow[],
  read: ReadRelated,
): readonly Row[] | Promise<readonly Row[]> {
  if (output.some(({ kind }) => kind === 'rows')) return withRelated(output, outputs, rows, read);
  return rows.map((row) => {
    const cells: Cell[] = [];
    for (const { at, cells: cell } of outputs) cells.push(cell[0]!(row[at]!));
    return cells;
  });
}

async function withRelated(
  output: readonly Output[],
  outputs: Select['outputs'],
  rows: readonly TextRow[],
  read: ReadRelated,
): Promise<readonly Row[]> {
  const columns = await Promise.all(
    outputs.map(async ({ at, cells }, i): Promise<(row: TextRow) => Cell> => {
      const one = output[i]!;
      if (one.kind !== 'rows') return (row) => cells[0]!(row[at]!);
      const keyOf = (row: TextRow) => cells.map((cell, j) => cell(row[at + j]!));
      const groups = await related(one, rows.map(keyOf), read);
      return (row) => groups.get(keyText(keyOf(row)) ?? '') ?? [];
    }),
  );
  return rows.map((row) => columns.map((cell) => cell(row)));
}

/** Reads related rows by statements that are made and asked so. */
export function relatedBy(
  compile: (make: (compiler: Compiler) => Select) => Select | Promise<Select>,
  ask: (statement: Fragment) => Promise<readonly TextRow[]>,
): ReadRelated {
  return async ({ relation }, columns, where, order) => {
    const output = columns.map((column): Output => ({ kind: 'column', column }));
    const { legs, outputs } = await compile((compiler) => select(compiler, { relation, output, where, order }));
    const rows: Row[] = [];
    for (const leg of legs)
      for (const row of await ask(leg)) rows.push(outputs.map(({ at, cells }) => cells[0]!(row[at]!)));
    return rows;
  };
}
