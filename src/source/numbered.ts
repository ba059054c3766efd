import { createHash } from 'node:crypto';
import { Fault } from '../errors/fault.js';
import type { Adapter, Batch, Call, Output, Scan } from './adapter.js';
import { compareNullsLast } from './compare.js';
import { evaluator } from './evaluate.js';
import type { Comparand } from './expression.js';
import { partly } from './narrowed.js';
import type { Relation, TableRelation } from './relation.js';
import type { Cell, Row } from './row.js';
import { predicate } from './select.js';
import { and, isOfOneRow, mentions, type Selection } from './selection.js';

/** The one key column of a table without a key (`TableRelation.numbered`). */
export const ROW = '$row';

/** Rows that are looked at for one scan: there is no key that they come in the order of. */
const mostRows = 50_000;
const batchRows = 500;

/**
 * The database with keys for the rows of tables that have none: a digest of all their columns, and a number among the rows that are
 * equal in each of them. Which of these has which number does not matter, since they make equal resources. What a database can
 * select by the columns it selects; by the key, and in its order, rows are looked at here.
 */
export function numbering(adapter: Adapter): Adapter {
  const numbered = (relation: Relation): relation is TableRelation =>
    relation.kind === 'table' && relation.numbered === true;
  const rowsOf = async (scan: Scan & { readonly relation: TableRelation }, call: Call): Promise<readonly Row[]> => {
    const { order, after, limit } = scan;
    const found = await selected(adapter, scan, call);
    const columns = [...columnsOf(scan.relation), ROW];
    const cell = (column: string) => (row: Row) => row[columns.indexOf(column)]!;
    const terms = order.map(({ of }) => ({ read: cell(of.column), evaluate: evaluator(of) }));
    const placed = found.map((row) => ({ row, at: terms.map(({ read, evaluate }) => evaluate(read(row))) }));
    const compare = (a: readonly Comparand[], b: readonly Comparand[]) => {
      for (let i = 0; i < Math.min(order.length, b.length); i++) {
        const result = compareNullsLast(order[i]!.of.as, order[i]!.direction, a[i]!, b[i]!);
        if (result !== 0) return result;
      }
      return 0;
    };
    const follows = (at: readonly Comparand[]) => {
      const result = after ? compare(at, after.values) : 1;
      return result > 0 || (result === 0 && after?.inclusive === true);
    };
    const output = scan.output.map((one) => cell(columnIn(one, scan.relation)));
    return placed
      .filter(({ at }) => follows(at))
      .sort((a, b) => compare(a.at, b.at))
      .slice(0, limit)
      .map(({ row }) => output.map((read) => read(row)));
  };
  return {
    capabilities: adapter.capabilities,
    ...(adapter.writing && { writing: adapter.writing }),
    narrow(scan, conjuncts) {
      if (!numbered(scan.relation)) return adapter.narrow(scan, conjuncts);
      const exact = conjuncts.map(isOfOneRow);
      return partly(scan, and(...conjuncts.filter((_, i) => exact[i])), exact, true);
    },
    async *scan(scan, call) {
      const { relation } = scan;
      if (!numbered(relation)) {
        yield* adapter.scan(scan, call);
        return;
      }
      const rows = await rowsOf({ ...scan, relation }, call);
      for (let at = 0; at < rows.length; at += batchRows) yield { rows: rows.slice(at, at + batchRows) };
    },
    scanAtOnce: (scan) => (numbered(scan.relation) ? undefined : adapter.scanAtOnce?.(scan)),
    get(relation, output, key, call): Batch | Promise<Batch> {
      if (!numbered(relation)) return adapter.get(relation, output, key, call);
      const [text] = key;
      if (typeof text !== 'string') return { rows: [] };
      const where: Selection = { op: 'compare', of: { column: ROW, as: 'raw' }, test: 'eq', value: text };
      return rowsOf({ relation, output, where, order: [], limit: 1 }, call).then((rows) => ({ rows }));
    },
    async count(relation, where, call) {
      if (!numbered(relation)) return adapter.count(relation, where, call);
      return (await rowsOf({ relation, output: [], where, order: [] }, call)).length;
    },
    explain: (scan) =>
      numbered(scan.relation)
        ? adapter.explain(asked(adapter, { ...scan, relation: scan.relation }))
        : adapter.explain(scan),
    describe: (call) => adapter.describe(call),
    duplicateKeys: async (relation, limit, call) =>
      numbered(relation) ? [] : adapter.duplicateKeys(relation, limit, call),
    close: () => adapter.close(),
  };
}

function columnIn(output: Output, { name }: TableRelation): string {
  if (output.kind === 'column') return output.column;
  throw new Fault('mapping', `Rows of ${name} have no key, and cannot be joined with others.`);
}

/** The table's own columns, in an order of their own. */
function columnsOf({ columns }: TableRelation): readonly string[] {
  return Object.keys(columns)
    .filter((column) => column !== ROW)
    .sort();
}

/** What the database itself is asked: every row, of those that it can select by its columns. */
function asked(
  adapter: Adapter,
  { relation, where }: Pick<Scan, 'where'> & { readonly relation: TableRelation },
): Scan {
  const { [ROW]: _, ...columns } = relation.columns;
  const { numbered: __, ...table } = relation;
  const parts = where.op === 'and' ? where.of : [where];
  const output = columnsOf(relation).map((column): Output => ({ kind: 'column', column }));
  const plain = { relation: { ...table, key: [], columns }, output, order: [] };
  return adapter.narrow(
    plain,
    parts.filter((part) => !mentions(part, ROW)),
  ).scan;
}

/** The rows that satisfy a selection, all of their columns and their key. */
async function selected(
  adapter: Adapter,
  scan: Pick<Scan, 'where'> & { readonly relation: TableRelation },
  call: Call,
): Promise<readonly Row[]> {
  const columns = [...columnsOf(scan.relation), ROW];
  const holds = predicate<Row>(scan.where, { cell: (column) => (row) => row[columns.indexOf(column)]! });
  const counts = new Map<string, number>();
  const found: Row[] = [];
  let looked = 0;
  for await (const { rows } of adapter.scan(asked(adapter, scan), call)) {
    looked += rows.length;
    if (looked > mostRows)
      throw new Fault(
        'too-costly',
        `Rows of ${scan.relation.name} have no key; more than ${mostRows} would be looked at.`,
      );
    for (const row of rows) {
      const digest = digestOf(row);
      const number = (counts.get(digest) ?? 0) + 1;
      counts.set(digest, number);
      const whole = [...row, `${digest}-${number}`];
      if (holds(whole)) found.push(whole);
    }
  }
  return found;
}

/** 128 bits of SHA-256: the row itself is not kept anywhere. */
function digestOf(row: Row): string {
  const text = JSON.stringify(row, (_, cell: Cell) => (typeof cell === 'bigint' ? { integer: String(cell) } : cell));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
