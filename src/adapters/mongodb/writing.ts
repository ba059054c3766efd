import { Fault } from '../../errors/fault.js';
import type { Call, Change, SourceLocation, Transaction, Writing } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import { Turns } from '../../source/turns.js';
import { wanted } from '../../source/wanted.js';
import type { Deployment } from './driver.js';
import { isChangeable } from './element.js';
import { Kinds } from './kinds.js';
import type { Schema } from './schema.js';
import { MongodbTransaction } from './transaction.js';

const writeConflict = 112;
const mostTries = 8;
const pauseMs = 10;
const longestPauseMs = 250;

/** What a deployment that keeps changes together is asked for. */
export type Together = (call: Call) => Promise<boolean>;

/**
 * Writes the collections of a database: of a document only the fields that change. Where the deployment has transactions, all
 * changes are kept or none; where it has none (a server by itself), see `Undo`.
 */
export class MongodbWriting implements Writing {
  private readonly turns = new Turns();
  private readonly kinds: Kinds;

  constructor(
    private readonly deployment: Deployment,
    private readonly schema: Schema,
    { timeoutMs }: SourceLocation,
    private readonly together: Together = (call) => deployment.transactions(call),
  ) {
    this.kinds = new Kinds(deployment, timeoutMs);
  }

  /** True also while it is not known yet whether the deployment has transactions. */
  get atOnce(): boolean {
    return this.deployment.together !== true;
  }

  can(relation: TableRelation, change: Change): boolean {
    return isChangeable(relation, change);
  }

  async transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.once(call, work);
      } catch (error) {
        if (tries === mostTries || !isConflict(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(longestPauseMs, pauseMs * 2 ** tries)));
      }
    }
  }

  private async once<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    wanted(call);
    const { deployment, schema, kinds, turns } = this;
    const session = deployment.begin(await this.together(call));
    const transaction = new MongodbTransaction({ session, schema, kinds, turns, call });
    try {
      const result = await work(transaction);
      transaction.close();
      wanted(call);
      await session.commit(call);
      return result;
    } catch (error) {
      transaction.close();
      await session.abort();
      await transaction.undone();
      throw error;
    } finally {
      transaction.end();
    }
  }
}

/** Did the transaction meet another in the server, so that it is undone, and may be made anew? */
function isConflict(error: unknown): boolean {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return error instanceof Fault && error.code === 'source-busy' && Number(cause?.code) === writeConflict;
}
