import { Fault } from '../../errors/fault.js';
import type { Batch, Call, Cells, Change, Output, Transaction, Writing } from '../../source/adapter.js';
import { Gate } from '../../source/gate.js';
import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { MEMBERS, PLACE } from '../../source/unwind.js';
import { wanted } from '../../source/wanted.js';
import { type LocatedRow, locatedRows, type MemoryTable, missingColumn, tableOf } from './relations.js';

type Tables = Readonly<Record<string, MemoryTable>>;
type Find = (tables: Tables, relation: TableRelation, output: readonly Output[], key: readonly Cell[]) => Batch;

/** Changes tables in memory, one transaction at a time: what is read meanwhile are the tables as they were. */
export class MemoryWriting implements Writing {
  private readonly turns = new Gate(1);

  constructor(
    private readonly tables: () => Tables,
    private readonly keep: (tables: Tables) => void,
    private readonly find: Find,
  ) {}

  /** An element of an array is changed, and neither added nor taken away; the members of an object have no places. */
  can(relation: TableRelation, change: Change): boolean {
    return offered(relation, change);
  }

  async transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const leave = await this.turns.enter(call);
    const transaction = new MemoryTransaction(this.tables(), this.find, call);
    try {
      wanted(call);
      const result = await work(transaction);
      wanted(call);
      this.keep(transaction.tables);
      return result;
    } finally {
      transaction.over = true;
      leave();
    }
  }
}

function offered({ unwind, numbered, key }: TableRelation, change: Change): boolean {
  if (numbered || key.length === 0) return false;
  return !unwind || (change === 'update' && !unwind.some((path) => path.includes(MEMBERS)));
}

class MemoryTransaction implements Transaction {
  over = false;

  constructor(
    public tables: Tables,
    private readonly find: Find,
    private readonly call: Call,
  ) {}

  async get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Promise<Row | undefined> {
    this.check();
    const { rows, duplicates } = this.find(this.tables, relation, output, key);
    if (duplicates) throw repeated();
    return rows[0];
  }

  async insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    this.check(relation, 'insert');
    const key = relation.key.map((column) => cells[column] ?? this.assigned(relation, column));
    if (this.located(relation, key).length > 0) throw new Fault('duplicate', 'There is a row of that key already');
    const table = tableOf(this.tables, relation);
    const said = { ...cells, ...Object.fromEntries(relation.key.map((column, i) => [column, key[i]!])) };
    const row = Object.entries(said).reduce<Row>(
      (made, [name, cell]) => withCell(table, made, relation, name, native(this.otherwise(relation, name), cell), []),
      table.columns.map(() => null),
    );
    this.put(relation, [...table.rows, row]);
    return key;
  }

  async update(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    this.check(relation, 'update');
    const found = this.one(relation, key, before);
    if (!found) return false;
    const table = tableOf(this.tables, relation);
    const changed = Object.entries(cells).reduce<Row>((row, [name, cell]) => {
      const now = found.read(name) ?? this.otherwise(relation, name);
      return withCell(table, row, relation, name, native(now, cell), found.places);
    }, table.rows[found.at]!);
    this.put(
      relation,
      table.rows.map((row, at) => (at === found.at ? changed : row)),
    );
    return true;
  }

  async delete(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean> {
    this.check(relation, 'delete');
    const found = this.one(relation, key, before);
    if (!found) return false;
    this.put(
      relation,
      tableOf(this.tables, relation).rows.filter((_, at) => at !== found.at),
    );
    return true;
  }

  private check(relation?: TableRelation, change?: Change): void {
    wanted(this.call);
    if (this.over) throw new Fault('exception', 'The transaction is over');
    if (relation && change && !offered(relation, change))
      throw new Fault('exception', `Rows of ${relation.name} are not written so`);
  }

  private located(relation: TableRelation, key: readonly Cell[]): readonly LocatedRow[] {
    const text = keyText(key);
    return locatedRows(this.tables, relation).filter(
      ({ read }) => text !== null && keyText(relation.key.map(read)) === text,
    );
  }

  /** The row of a key that holds what it is counted on to hold. */
  private one(relation: TableRelation, key: readonly Cell[], before: Cells): LocatedRow | undefined {
    const found = this.located(relation, key);
    if (found.length > 1) throw repeated();
    return found.find(({ read }) =>
      Object.entries(before).every(
        ([name, cell]) => (typeof cell === 'object' && cell !== null) || same(read(name), cell),
      ),
    );
  }

  /** A number more than any other. */
  private assigned(relation: TableRelation, column: string): Cell {
    const held = locatedRows(this.tables, relation).map(({ read }) => Number(read(column)));
    return Math.max(0, ...held.filter(Number.isSafeInteger)) + 1;
  }

  /** A cell that another row has in the column. */
  private otherwise(relation: TableRelation, name: string): Cell {
    for (const { read } of locatedRows(this.tables, relation)) {
      const cell = read(name);
      if (cell !== null && typeof cell !== 'object') return cell;
    }
    return null;
  }

  private put({ name }: TableRelation, rows: readonly Row[]): void {
    this.tables = { ...this.tables, [name]: { ...this.tables[name]!, rows } };
  }
}

function repeated(): Fault {
  return new Fault('duplicate-key', 'Several rows have that key: which is meant cannot be told');
}

function same(one: Cell, other: Cell): boolean {
  return one === other || (typeof one !== 'object' && keyText([one]) === keyText([other]));
}

/** A cell of the type of another, where it is a value of that type. */
function native(other: Cell, cell: Cell): Cell {
  if (cell === null || typeof cell === 'object' || other === null || typeof other === 'object') return cell;
  const text = String(cell);
  switch (typeof other) {
    case 'string':
      return text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : cell;
    default:
      if (String(Number(text)) === text) return Number(text);
      return /^-?[1-9]\d*$/.test(text) ? BigInt(text) : cell;
  }
}

/** The row with a cell in a column, which may lie within a document, and within elements of its arrays. */
function withCell(
  { columns }: MemoryTable,
  row: Row,
  relation: TableRelation,
  name: string,
  cell: Cell,
  places: readonly number[],
): Row {
  const column = relation.columns[name];
  const at = column ? columns.indexOf(column.path[0]!) : -1;
  if (!column || at < 0) throw missingColumn(relation, column, name);
  if (column.path.at(-1) === PLACE) throw new Fault('constraint', 'A place in an array is not written');
  const within = (value: unknown, depth: number): unknown => {
    const array = (relation.unwind ?? []).findIndex(
      (path) => path.length === depth && path.every((step, i) => column.path[i] === step),
    );
    if (array >= 0 && Array.isArray(value))
      return value.map((element, place) => (place === places[array] ? inside(element, depth) : element));
    return inside(value, depth);
  };
  const inside = (value: unknown, depth: number): unknown => {
    if (depth === column.path.length) return cell;
    if (value !== null && value !== undefined && (typeof value !== 'object' || Array.isArray(value)))
      throw new Fault('constraint', 'Another value stands where it would be');
    const members = (value ?? {}) as Readonly<Record<string, unknown>>;
    const step = column.path[depth]!;
    return { ...members, [step]: within(members[step] ?? null, depth + 1) };
  };
  return row.map((value, i) => (i === at ? (within(value, 1) as Cell) : value));
}
