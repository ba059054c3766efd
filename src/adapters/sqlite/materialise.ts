import type { Batch, Output, Scan } from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import type { Cell, Row } from '../../source/row.js';
import { all, any, bound, type Fragment, joined, plain, sql } from '../sql/fragment.js';
import { orderBy } from '../sql/order.js';
import type { Layout } from './select.js';
import type { Session } from './session.js';

const together = 200;

type RowsOutput = Extract<Output, { kind: 'rows' }>;

/** Result rows as the scan's outputs: related rows fetched for all of them at once, first rows of repeated keys named. */
export function materialise(
  session: Session,
  scan: Pick<Scan, 'relation' | 'output'>,
  layout: Layout,
  rows: readonly Cell[][],
): Batch {
  const batch = { rows: outputs(session, scan.output, rows) };
  const repeated = scan.relation.kind === 'table' ? session.repeated(scan.relation) : undefined;
  if (!repeated || repeated.first.size === 0) return batch;
  const from = layout.outputs + layout.order;
  const duplicates = rows.flatMap((row, i) =>
    repeated.first.has(
      row
        .slice(from, from + layout.cursor)
        .map(String)
        .join(),
    )
      ? [i]
      : [],
  );
  return duplicates.length === 0 ? batch : { ...batch, duplicates };
}

function outputs(session: Session, output: readonly Output[], rows: readonly Cell[][]): readonly Row[] {
  if (output.every(({ kind }) => kind !== 'rows')) {
    return rows.map((row) => (row.length === output.length ? row : row.slice(0, output.length)));
  }
  let at = 0;
  const columns = output.map((one): ((row: readonly Cell[]) => Cell) => {
    const from = at;
    if (one.kind !== 'rows') {
      at += 1;
      return (row) => row[from]!;
    }
    const width = Object.keys(one.on).length;
    at += width;
    const groups = related(
      session,
      one,
      rows.map((row) => row.slice(from, from + width)),
    );
    return (row) => groups.get(keyText(row.slice(from, from + width)) ?? '') ?? [];
  });
  return rows.map((row) => columns.map((cell) => cell(row)));
}

/** The related rows of many outer keys, by the text of the key. */
function related(session: Session, output: RowsOutput, keys: readonly Cell[][]): Map<string, Row[]> {
  const wanted = new Map<string, readonly Cell[]>();
  for (const key of keys) {
    const text = keyText(key);
    if (text !== null) wanted.set(text, key);
  }
  const groups = new Map<string, Row[]>();
  const names = Object.keys(output.on);
  const list = [...wanted.values()];
  for (let from = 0; from < list.length; from += together) {
    const { text, values } = relatedSelect(session, output, names, list.slice(from, from + together));
    for (const row of session.connection.all(text, values)) {
      const key = keyText(row.slice(0, names.length));
      if (key === null || !wanted.has(key)) continue;
      const group = groups.get(key);
      const cells = row.slice(names.length);
      if (group) group.push(cells);
      else groups.set(key, [cells]);
    }
  }
  return groups;
}

function relatedSelect(
  session: Session,
  output: RowsOutput,
  names: readonly string[],
  keys: readonly (readonly Cell[])[],
): Fragment {
  const compiler = session.compiler('search');
  const scope = compiler.scope(output.relation);
  const raw = (name: string) => compiler.value(scope.column(name), { column: name, as: 'raw' });
  const columns = [...names, ...output.columns].map((name) => plain(scope.column(name).sql));
  const single =
    names.length === 1
      ? sql`${raw(names[0]!)} IN (${joined(
          keys.map(([key]) => bound(key)),
          ', ',
        )})`
      : undefined;
  const matched = single ?? any(keys.map((key) => all(key.map((cell, i) => sql`${raw(names[i]!)} = ${bound(cell)}`))));
  const order =
    output.order.length > 0 ? ` ORDER BY ${orderBy(compiler, compiler.valueTerms(scope, output.order))}` : '';
  return sql`SELECT ${joined(columns, ', ')} FROM ${compiler.from(scope)} WHERE ${all([matched, ...compiler.each(scope)])}${order}`;
}
