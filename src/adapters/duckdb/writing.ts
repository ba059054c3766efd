import { Fault } from '../../errors/fault.js';
import type { Call, Cells, Output, Transaction, Writing } from '../../source/adapter.js';
import { Gate } from '../../source/gate.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { wanted } from '../../source/wanted.js';
import { writeFault } from './failure.js';
import type { Folder, OpenFile } from './schema.js';
import { WrittenFile } from './written-file.js';

/** Reads the row of a key of a file as it is in a transaction, by DuckDB, as every other reader does. */
export type ReadRow = (
  relation: TableRelation,
  output: readonly Output[],
  key: readonly Cell[],
  files: ReadonlyMap<string, OpenFile>,
  call: Call,
) => Promise<Row | undefined>;

/**
 * Writes the files of a folder, one transaction at a time: a copy of the file with the change takes the place of the file. Files
 * cannot be replaced together, so a transaction changes one of them.
 */
export class DuckdbWriting implements Writing {
  private readonly turns = new Gate(1);

  constructor(
    private readonly folder: Folder,
    private readonly source: string,
    private readonly readRow: ReadRow,
  ) {}

  can(relation: TableRelation): boolean {
    return isWhole(relation);
  }

  async transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const leave = await this.turns.enter(call);
    const transaction = new FileTransaction(this.folder, this.source, this.readRow, call);
    try {
      const result = await work(transaction);
      wanted(call);
      await transaction.keep();
      return result;
    } finally {
      await transaction.close();
      leave();
    }
  }
}

/** Is a row a record of its file, known by its key? */
function isWhole({ unwind, numbered, key }: TableRelation): boolean {
  return !unwind && !numbered && key.length > 0;
}

class FileTransaction implements Transaction {
  private readonly files = new Map<string, WrittenFile>();
  private over = false;

  constructor(
    private readonly folder: Folder,
    private readonly source: string,
    private readonly readRow: ReadRow,
    private readonly call: Call,
  ) {}

  async get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Promise<Row | undefined> {
    return this.writing(relation, async (file) => {
      if (!(await file.find(relation, key))) return undefined;
      const files = new Map([...this.files].map(([stem, { current }]) => [stem, current]));
      const row = await this.readRow(relation, output, key, files, this.call);
      if (!row) throw new Fault('source-corrupt', `File ${relation.name} holds a row that cannot be found again`);
      return row;
    });
  }

  async insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    const key = relation.key.map((column) => cells[column] ?? null);
    if (key.some((cell) => cell === null || cell === ''))
      throw new Fault('constraint', 'A file gives no keys: the new row has to say its own');
    return this.changing(relation, async (file) => {
      await file.add(relation, key, cells);
      return key;
    });
  }

  update(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    return this.changing(relation, (file) => file.replace(relation, key, before, cells));
  }

  delete(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean> {
    return this.changing(relation, (file) => file.remove(relation, key, before));
  }

  async keep(): Promise<void> {
    for (const [stem, file] of this.files)
      if (file.isChanged)
        await file.keep().catch((error: unknown) => {
          throw writeFault(error, this.source, stem);
        });
  }

  async close(): Promise<void> {
    this.over = true;
    for (const file of this.files.values()) await file.close();
  }

  private async changing<T>(relation: TableRelation, work: (file: WrittenFile) => Promise<T>): Promise<T> {
    const other = [...this.files].find(([stem, file]) => stem !== relation.name && file.isChanged);
    if (other)
      throw new Fault('unprocessable', `Files ${other[0]} and ${relation.name} cannot be kept or undone together`, {
        source: this.source,
      });
    return this.writing(relation, work);
  }

  private async writing<T>(relation: TableRelation, work: (file: WrittenFile) => Promise<T>): Promise<T> {
    const { name } = relation;
    wanted(this.call);
    if (!isWhole(relation)) throw new Fault('exception', `Rows of ${name} are not written`, { source: this.source });
    if (this.over) throw new Fault('exception', 'The transaction is over', { source: this.source });
    try {
      const file = this.files.get(name) ?? (await WrittenFile.open(this.folder, name, this.call));
      this.files.set(name, file);
      return await work(file);
    } catch (error) {
      throw writeFault(error, this.source, name);
    }
  }
}
