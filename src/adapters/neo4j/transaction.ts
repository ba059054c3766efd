import { Fault } from '../../errors/fault.js';
import type { Call, Cells, Change, Output, Transaction } from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { isSameCell } from '../../source/same-cell.js';
import { tablesOf } from '../../source/tables-of.js';
import type { Turns } from '../../source/turns.js';
import { cellOf } from './cell.js';
import { Compiler, type Known } from './compiler.js';
import type { Writer } from './driver.js';
import { leafCypher } from './leaf.js';
import { type Native, nativeOf, written } from './native.js';
import { Parameters } from './parameters.js';
import { patternOf, quote } from './pattern.js';
import { scopeOf } from './scope.js';

export interface TransactionSetting {
  readonly writer: Writer;
  readonly turns: Turns;
  readonly call: Call;
  /** What statements about some tables need to know. */
  readonly known: (tables: readonly TableRelation[]) => Promise<Known>;
}

/** Nodes of which a new value's type is learned. */
const looked = 200;

/** Nodes are changed; a relationship is not, for it has ends that a row does not make. */
export function isChangeable(relation: TableRelation): boolean {
  return (
    patternOf(relation.name).kind === 'node' &&
    !relation.unwind &&
    !relation.numbered &&
    relation.key.length > 0 &&
    Object.values(relation.columns).every(({ path }) => path.length === 1)
  );
}

/** A node: its own name in the database, and of each column the value and its type. */
interface Found {
  readonly id: string;
  readonly read: (column: string) => { readonly cell: Cell; readonly native: Native | undefined };
}

export class Neo4jTransaction implements Transaction {
  private readonly age: number;
  private readonly turns = new Map<string, () => void>();
  private over = false;

  constructor(private readonly setting: TransactionSetting) {
    this.age = setting.turns.begin();
  }

  async get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Promise<Row | undefined> {
    if (!(await this.lock(relation, key))) return undefined;
    const { writer, call, known } = this.setting;
    const tables = tablesOf({ relation, output }).filter((table) => table !== relation);
    const compiled = new Compiler(await known(tables)).get(relation, output, key);
    const rows = await writer.all(compiled, call);
    if (rows.length > 1) throw several();
    return rows[0] && compiled.read(rows[0]).row;
  }

  async insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    mustBe(relation, 'insert');
    const key = relation.key.map((column) => cells[column] ?? null);
    if (keyText(key) !== null && (await this.found(relation, key, [])))
      throw new Fault('duplicate', 'The source has a row of that key already');
    this.open();
    const { property } = scopeOf(relation, 'n');
    const { add, values } = new Parameters();
    const sets: string[] = [];
    for (const [column, cell] of Object.entries(cells))
      if (cell !== null)
        sets.push(`${property(column).of('n')} = ${written(cell, await this.usual(relation, column), add)}`);
    for (const column of relation.key)
      if ((cells[column] ?? null) === null)
        sets.push(`${property(column).of('n')} = ${await this.given(relation, column)}`);
    const returned = relation.key.map((column) => property(column).of('n'));
    const text = `CREATE (n:${quote(relation.name)}) SET ${sets.join(', ')} RETURN ${returned.join(', ')}`;
    const [row] = await this.setting.writer.all({ text, values }, this.setting.call);
    return row!.map(cellOf);
  }

  async update(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    mustBe(relation, 'update');
    const found = await this.counted(relation, key, before, Object.keys(cells));
    if (!found) return false;
    const { property } = scopeOf(relation, 'n');
    const { add, values } = new Parameters();
    const sets: string[] = [];
    for (const [column, cell] of Object.entries(cells)) {
      const { cell: now, native } = found.read(column);
      if (isSameCell(now, cell)) continue;
      const p = property(column).of('n');
      if (cell === null) sets.push(`${p} = null`);
      else sets.push(`${p} = ${written(cell, native ?? (await this.usual(relation, column)), add)}`);
    }
    if (sets.length === 0) return true;
    const text = `MATCH (n) WHERE elementId(n) = ${add(found.id)} SET ${sets.join(', ')} RETURN 1`;
    return (await this.setting.writer.all({ text, values }, this.setting.call)).length === 1;
  }

  async delete(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean> {
    mustBe(relation, 'delete');
    const found = await this.counted(relation, key, before, []);
    if (!found) return false;
    const { writer, call } = this.setting;
    const values = { id: found.id };
    // The database itself would refuse it only at the end, without saying which.
    const text = 'MATCH (n) WHERE elementId(n) = $id RETURN EXISTS { (n)--() }';
    const [linked] = await writer.all({ text, values }, call);
    if (linked?.[0] === true) throw new Fault('constraint', 'Others are related to it in the source');
    await writer.all({ text: 'MATCH (n) WHERE elementId(n) = $id DELETE n', values }, call);
    return linked !== undefined;
  }

  /** Takes no more changes. */
  close(): void {
    this.over = true;
  }

  /** Lets others have their turn. */
  end(): void {
    for (const leave of this.turns.values()) leave();
    this.turns.clear();
  }

  private open(): void {
    if (this.over) throw new Fault('exception', 'The transaction is over');
  }

  /** The node of a key that holds what a change counts on. */
  private async counted(
    relation: TableRelation,
    key: readonly Cell[],
    before: Cells,
    columns: readonly string[],
  ): Promise<Found | undefined> {
    const counts = Object.entries(before).filter(([, cell]) => typeof cell !== 'object' || cell === null);
    const found = await this.found(relation, key, [...counts.map(([column]) => column), ...columns]);
    return found && counts.every(([column, cell]) => isSameCell(found.read(column).cell, cell)) ? found : undefined;
  }

  private async found(
    relation: TableRelation,
    key: readonly Cell[],
    columns: readonly string[],
  ): Promise<Found | undefined> {
    if (!(await this.lock(relation, key))) return undefined;
    const { property } = scopeOf(relation, 'n');
    const { text: match, values } = matching(relation, key);
    const read = [...new Set(columns)];
    const fields = read.flatMap((column) => [property(column).of('n'), `valueType(${property(column).of('n')})`]);
    const text = `${match} RETURN ${['elementId(n)', ...fields].join(', ')} LIMIT 2`;
    const [row, second] = await this.setting.writer.all({ text, values }, this.setting.call);
    if (second) throw several();
    if (!row) return undefined;
    return {
      id: String(row[0]),
      read: (column) => {
        const at = 1 + 2 * read.indexOf(column);
        return { cell: cellOf(row[at]), native: nativeOf(row[at + 1]) };
      },
    };
  }

  /**
   * Keeps the nodes of a key from others until the end; false when there can be none. Whatever is read after it is as it is then.
   * A property that is set to its own value locks the node, and changes nothing.
   */
  private async lock(relation: TableRelation, key: readonly Cell[]): Promise<boolean> {
    this.open();
    const named = keyText(key);
    if (named === null || key.length !== relation.key.length) return false;
    const { turns, writer, call } = this.setting;
    const name = JSON.stringify([relation.name, relation.key, named]);
    if (this.turns.has(name)) return true;
    this.turns.set(name, await turns.enter(name, this.age, this.turns.size > 0, call));
    const { text, values } = matching(relation, key);
    const p = scopeOf(relation, 'n').property(relation.key[0]!).of('n');
    await writer.all({ text: `${text} SET ${p} = ${p}`, values }, call);
    return true;
  }

  /** The type that a column's values have otherwise. */
  private async usual(relation: TableRelation, column: string): Promise<Native | undefined> {
    const p = scopeOf(relation, 'n').property(column).of('n');
    const text = `MATCH (n:${quote(relation.name)}) WITH n LIMIT ${looked} WHERE ${p} IS NOT NULL RETURN valueType(${p}) LIMIT 1`;
    const [row] = await this.setting.writer.all({ text, values: {} }, this.setting.call);
    const native = row && nativeOf(row[0]);
    return native === 'OTHER' ? undefined : native;
  }

  /** A key that is not said: the database makes one up where keys are texts. */
  private async given(relation: TableRelation, column: string): Promise<string> {
    const usual = await this.usual(relation, column);
    if (usual !== undefined && usual !== 'STRING')
      throw new Fault('constraint', 'The source gives no key of its own to a new row');
    return 'randomUUID()';
  }
}

function mustBe(relation: TableRelation, change: Change): void {
  if (!isChangeable(relation)) throw new Fault('read-only', `Rows of ${relation.name} take no ${change}`);
}

function several(): Fault {
  return new Fault('duplicate-key', 'Several rows have that key: which is meant cannot be told');
}

function matching(relation: TableRelation, key: readonly Cell[]) {
  const scope = scopeOf(relation, 'n');
  const { add, values } = new Parameters();
  const equal = relation.key.map((column, i) =>
    leafCypher(
      scope.column(column),
      { op: 'compare', of: { column, as: 'raw' }, test: 'eq', value: key[i] as Exclude<Cell, object> },
      add,
    ),
  );
  return { text: `MATCH ${scope.match} WHERE ${equal.join(' AND ')}`, values };
}
