import { relatedRows } from '#src/adapters/memory/relations.js';
import { predicate, type Read } from '#src/adapters/memory/select.js';
import type { Adapter, Batch, Call, Output, Scan } from '#src/source/adapter.js';
import { compareOrder, isAfter, orderValues } from '#src/source/order.js';
import type { Row } from '#src/source/row.js';
import type { Selection } from '#src/source/selection.js';

export type Tables = Readonly<Record<string, { readonly columns: readonly string[]; readonly rows: readonly Row[] }>>;

export const patient = (): Call => ({ signal: new AbortController().signal, deadline: performance.now() + 60_000 });

export async function collect(batches: AsyncIterable<Batch>): Promise<{ rows: Row[]; repeated: Row[] }> {
  const rows: Row[] = [];
  const repeated: Row[] = [];
  for await (const batch of batches) {
    rows.push(...batch.rows);
    repeated.push(...(batch.duplicates ?? []).map((i) => batch.rows[i]!));
  }
  return { rows, repeated };
}

/**
 * Asks as the engine does: offers the conjuncts, lets the adapter take what it says it takes exactly, and does the rest by the
 * reference meaning. The scan's output must hold every column that a rest may need.
 */
export async function ask(
  adapter: Adapter,
  scan: Scan,
  conjuncts: readonly Selection[],
  tables: Tables,
): Promise<Row[]> {
  const narrowed = adapter.narrow(without(scan), conjuncts);
  const rest = conjuncts.filter((_, i) => !narrowed.exact[i]);
  const whole = rest.length === 0 && narrowed.orderGuaranteed && narrowed.limitGuaranteed;
  const pushed = whole ? narrowed.scan : { ...narrowed.scan, limit: undefined };
  const { rows } = await collect(adapter.scan(pushed as Scan, patient()));
  if (whole) return rows;
  const position = new Map(scan.output.map((one, i) => [one.kind === 'column' ? one.column : '', i]));
  const read =
    (row: Row): Read =>
    (column) =>
      row[position.get(column)!]!;
  const holds = rest.map((one) => predicate(one, relatedRows(tables)));
  let kept = rows.filter((row) => holds.every((one) => one(read(row))));
  if (scan.order.length > 0) {
    const values = orderValues(scan.order);
    const after = scan.after ? isAfter(scan.order, scan.after) : () => true;
    kept = kept.filter((row) => after(values(read(row))));
    if (!narrowed.orderGuaranteed) kept.sort((a, b) => compareOrder(scan.order, values(read(a)), values(read(b))));
  }
  return scan.limit === undefined ? kept : kept.slice(0, scan.limit);
}

function without(scan: Scan): Omit<Scan, 'where'> {
  const { where: _, ...rest } = scan;
  return rest;
}

export const column = (name: string): Output => ({ kind: 'column', column: name });
