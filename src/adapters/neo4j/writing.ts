import type { Call, Transaction, Writing } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import { Turns } from '../../source/turns.js';
import type { Known } from './compiler.js';
import type { Connection } from './driver.js';
import { isChangeable, Neo4jTransaction } from './transaction.js';

/** Writes the nodes of a database, each in its own types; of a node only the properties that change. */
export class Neo4jWriting implements Writing {
  private readonly turns = new Turns();

  constructor(
    private readonly connection: Connection,
    private readonly known: (tables: readonly TableRelation[], call: Call) => Promise<Known>,
  ) {}

  can(relation: TableRelation): boolean {
    return isChangeable(relation);
  }

  async transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { turns } = this;
    const writer = this.connection.begin(call);
    const transaction = new Neo4jTransaction({
      writer,
      turns,
      call,
      known: (tables) => this.known(tables, call),
    });
    try {
      const result = await work(transaction);
      transaction.close();
      await writer.commit(call);
      return result;
    } catch (error) {
      transaction.close();
      await writer.rollback();
      throw error;
    } finally {
      transaction.end();
    }
  }
}
