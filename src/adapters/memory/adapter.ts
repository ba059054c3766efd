import { Fault } from '../../errors/fault.js';
import type { Adapter, Batch, Call, LiveTable, Narrowed, NativeQuery, Output, Scan } from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import { wholly } from '../../source/narrowed.js';
import { compareOrder, isAfter, orderValues } from '../../source/order.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import type { Selection } from '../../source/selection.js';
import { capabilities } from './capabilities.js';
import { type MemoryTable, missingColumn, type RelationRow, relatedRows, relationRows } from './relations.js';
import { predicate, type Read, type Related } from './select.js';
import { MemoryWriting } from './writing.js';

const batchSize = 500;

type Tables = Readonly<Record<string, MemoryTable>>;

/** Tables held in memory: the reference that every other adapter is compared with. */
export function openMemory(tables: Readonly<Record<string, MemoryTable>>): Adapter {
  return new MemoryAdapter(tables);
}

class MemoryAdapter implements Adapter {
  readonly capabilities = capabilities;
  readonly writing: MemoryWriting;

  constructor(private tables: Tables) {
    this.writing = new MemoryWriting(
      () => this.tables,
      (changed) => {
        this.tables = changed;
      },
      (...asked) => this.found(...asked),
    );
  }

  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed {
    return wholly(scan, conjuncts);
  }

  async *scan(scan: Scan, call: Call): AsyncGenerator<Batch> {
    check(call);
    this.checkColumns(scan.relation, scan.output, scan);
    const { tables } = this;
    const selected = this.ordered(scan, this.select(scan.relation, scan.where));
    const rows = scan.limit === undefined ? selected : selected.slice(0, scan.limit);
    for (let from = 0; from < rows.length; from += batchSize) {
      await new Promise(setImmediate);
      check(call);
      yield this.batch(scan.output, rows.slice(from, from + batchSize), tables);
    }
  }

  async get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch> {
    check(call);
    return this.found(this.tables, relation, output, key);
  }

  private found(tables: Tables, relation: Relation, output: readonly Output[], key: readonly Cell[]): Batch {
    this.checkColumns(relation, output);
    const wanted = keyText(key);
    const row = relationRows(tables, relation).find(({ read }) => {
      return relation.kind === 'constant' || (wanted !== null && keyText(relation.key.map(read)) === wanted);
    });
    return this.batch(output, row ? [row] : [], tables);
  }

  async count(relation: Relation, where: Selection, call: Call): Promise<number> {
    check(call);
    this.checkColumns(relation, []);
    return this.select(relation, where).length;
  }

  async explain(scan: Scan): Promise<readonly NativeQuery[]> {
    return [{ text: `memory ${scan.relation.name}`, values: [], access: 'scan' }];
  }

  async describe(call: Call): Promise<readonly LiveTable[]> {
    check(call);
    return Object.entries(this.tables).map(([name, { columns }]) => ({
      name,
      columns: columns.map((column) => ({ name: column, type: '', nullable: true })),
      uniqueKeys: [],
      indexes: [],
    }));
  }

  async duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]> {
    check(call);
    const repeated = relationRows(this.tables, relation).filter((row) => row.repeated);
    return repeated.slice(0, limit).map(({ read }) => relation.key.map(read));
  }

  async close(): Promise<void> {}

  private select(relation: Relation, where: Selection): RelationRow[] {
    const holds = predicate(where, relatedRows(this.tables));
    return relationRows(this.tables, relation).filter(({ read }) => holds(read));
  }

  private ordered({ order, after }: Scan, rows: readonly RelationRow[]): readonly RelationRow[] {
    if (order.length === 0) return rows;
    const valuesOf = orderValues(order);
    const keyed = rows.map((row) => ({ row, values: valuesOf(row.read) }));
    const follows = isAfter(order, after);
    return keyed
      .filter(({ values }) => follows(values))
      .sort((a, b) => compareOrder(order, a.values, b.values))
      .map(({ row }) => row);
  }

  private batch(output: readonly Output[], rows: readonly RelationRow[], tables: Tables): Batch {
    const cells = output.map((one) => this.cell(one, relatedRows(tables)));
    const duplicates = rows.flatMap((row, i) => (row.repeated ? [i] : []));
    const batch = { rows: rows.map(({ read }) => cells.map((cell) => cell(read))) };
    return duplicates.length === 0 ? batch : { ...batch, duplicates };
  }

  private cell(output: Output, relatedIn: Related): (read: Read) => Cell {
    if (output.kind === 'column') return (read) => read(output.column);
    const related = relatedIn(output.relation, output.on);
    if (output.kind === 'exists') return (read) => (related(read).length > 0 ? 1 : 0);
    const valuesOf = orderValues(output.order);
    return (read) =>
      related(read)
        .map((inner) => ({ inner, values: valuesOf(inner) }))
        .sort((a, b) => compareOrder(output.order, a.values, b.values))
        .map(({ inner }) => output.columns.map(inner));
  }

  /** An empty table must name a missing column just as a full one does. */
  private checkColumns(relation: Relation, output: readonly Output[], scan?: Scan): void {
    if (relation.kind !== 'table') return;
    const table = this.tables[relation.name];
    if (!table) throw new Fault('source-schema', `Table ${relation.name} does not exist`);
    const used = [...output.flatMap((one) => (one.kind === 'column' ? [one.column] : Object.values(one.on)))];
    used.push(...relation.key, ...(scan?.order.map((term) => term.of.column) ?? []));
    for (const name of used) {
      const column = relation.columns[name];
      if (!column || !table.columns.includes(column.path[0]!)) throw missingColumn(relation, column, name);
    }
  }
}

function check(call: Call): void {
  if (call.signal.aborted) throw new Fault('cancelled', 'The request was cancelled');
  if (performance.now() > call.deadline) throw new Fault('source-timeout', 'The source did not answer in time');
}
