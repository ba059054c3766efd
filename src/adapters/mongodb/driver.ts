import { type Db, Decimal128, MongoClient, ObjectId, UUID } from 'mongodb';
import { Fault } from '../../errors/fault.js';
import type { Call, SourceLocation } from '../../source/adapter.js';
import { wanted, whileWanted } from '../../source/wanted.js';
import type { Document } from './cell.js';
import { sourceFault } from './failure.js';
import type { Filter } from './filter.js';

export { Decimal128, ObjectId, UUID };

export interface Find {
  readonly filter: Filter;
  /** Absent: whole documents. */
  readonly projection?: Readonly<Record<string, 1>>;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly limit?: number;
  /** Documents that the first answer is to hold. */
  readonly first?: number;
}

export interface CollectionInfo {
  readonly name: string;
  readonly type: string;
}

interface ServerCursor {
  /** Zero when the server has nothing more. */
  readonly id?: { toString(): string } | undefined;
  hasNext(): Promise<boolean>;
  readBufferedDocuments(): Document[];
  close(): Promise<void>;
}

/** What a call of the driver is told of the time it has, and how it is stopped. */
interface Limits {
  readonly signal: AbortSignal;
  readonly maxTimeMS?: number;
}

const batchSize = 1000;
const selectionMs = 1000;
const connections = 16;
/** Text is compared byte by byte, whatever a collection says of its own. */
const collation = { locale: 'simple' };
const longest = 2 ** 31 - 1;

/**
 * One deployment of MongoDB, which is only read. It is connected to when it is first asked; what does not answer in time is
 * stopped by the server itself (`maxTimeMS`), and what is no longer wanted by closing its connection, which stops it there.
 */
export class Deployment {
  private readonly client: MongoClient;
  private readonly database: Db;
  private reachable = true;

  /** Throws a Fault `configuration` when the location is no URL of a database. */
  constructor(private readonly location: SourceLocation) {
    this.client = clientOf(location);
    this.database = this.client.db();
    this.client.on('topologyDescriptionChanged', ({ newDescription }) => {
      this.reachable = [...newDescription.servers.values()].some(({ type, error }) => type !== 'Unknown' || !error);
    });
  }

  /** The documents found, in batches. */
  find(collection: string, { filter, projection, sort, limit, first }: Find, call: Call): AsyncGenerator<Document[]> {
    return this.batches(call, (limits) =>
      this.database.collection(collection).find(filter, {
        ...limits,
        collation,
        batchSize: limit === undefined ? Math.min(batchSize, first ?? batchSize) : limit + 1,
        ...(projection && { projection }),
        ...(sort && { sort, allowDiskUse: true }),
        ...(limit !== undefined && { limit }),
      }),
    );
  }

  aggregate(collection: string, pipeline: readonly Document[], call: Call): AsyncGenerator<Document[]> {
    return this.batches(call, (limits) =>
      this.database
        .collection(collection)
        .aggregate(pipeline as Document[], { ...limits, collation, batchSize, allowDiskUse: true }),
    );
  }

  count(collection: string, filter: Filter, call: Call): Promise<number> {
    return this.ask(call, (limits) =>
      this.database.collection(collection).countDocuments(filter, { ...limits, collation }),
    );
  }

  /** The collections and views of the database, or the one of that name. */
  async collections(call: Call, name?: string): Promise<readonly CollectionInfo[]> {
    const found: CollectionInfo[] = [];
    for await (const batch of this.batches(call, (limits) =>
      this.database.listCollections(name === undefined ? {} : { name }, {
        ...limits,
        nameOnly: true,
        authorizedCollections: true,
      }),
    ))
      for (const one of batch) found.push(one as unknown as CollectionInfo);
    return found;
  }

  async indexes(collection: string, call: Call): Promise<readonly Document[]> {
    const found: Document[] = [];
    for await (const batch of this.batches(call, (limits) => this.database.collection(collection).listIndexes(limits)))
      found.push(...batch);
    return found;
  }

  /** The plan that the server chooses (https://www.mongodb.com/docs/manual/reference/explain-results/). */
  explain(collection: string, { filter, projection, sort, limit }: Find, call: Call): Promise<Document> {
    const command = {
      find: collection,
      filter,
      collation,
      ...(projection && { projection }),
      ...(sort && { sort }),
      ...(limit !== undefined && { limit }),
    };
    return this.ask(call, ({ signal }) =>
      this.database.command({ explain: command, verbosity: 'queryPlanner' }, { signal }),
    );
  }

  close(): Promise<void> {
    return this.client.close(true);
  }

  private async *batches(call: Call, open: (limits: Limits) => ServerCursor): AsyncGenerator<Document[]> {
    wanted(call);
    const stop = new AbortController();
    let cursor: ServerCursor | undefined;
    try {
      cursor = open(limitsOf(call, stop.signal));
      for (;;) {
        if (!(await whileWanted(cursor.hasNext(), call, () => stop.abort()))) return;
        yield cursor.readBufferedDocuments();
        if (String(cursor.id) === '0') return;
      }
    } catch (error) {
      throw this.fault(error);
    } finally {
      cursor?.close().catch(() => undefined);
    }
  }

  private async ask<T>(call: Call, run: (limits: Limits) => Promise<T>): Promise<T> {
    wanted(call);
    const stop = new AbortController();
    try {
      return await whileWanted(run(limitsOf(call, stop.signal)), call, () => stop.abort());
    } catch (error) {
      throw this.fault(error);
    }
  }

  /** Time that passed because no server is there is no slow server. */
  private fault(error: unknown): Fault {
    const { name } = this.location;
    if (error instanceof Fault && error.code === 'source-timeout' && !this.reachable)
      return new Fault('source-unavailable', `Source ${name} cannot be reached`, { source: name }, { cause: error });
    return sourceFault(error, name);
  }
}

function limitsOf({ deadline }: Call, signal: AbortSignal): Limits {
  const left = Math.ceil(deadline - performance.now());
  return left > longest ? { signal } : { signal, maxTimeMS: Math.max(1, left) };
}

function clientOf({ name, location, timeoutMs }: SourceLocation): MongoClient {
  const has = (option: string) => new RegExp(`[?&]${option}=`, 'i').test(location);
  try {
    if (!/^mongodb(?:\+srv)?:\/\/[^/?]+\/[^/?]+/.test(location)) throw new Error('no database');
    return new MongoClient(location, {
      useBigInt64: true,
      ...(!has('maxPoolSize') && { maxPoolSize: connections }),
      ...(!has('appName') && { appName: 'healthsync' }),
      // Whoever waits for a connection is given up by the source's time: only then is it known why.
      ...(!has('waitQueueTimeoutMS') && { waitQueueTimeoutMS: 2 * timeoutMs }),
      ...(!has('connectTimeoutMS') && { connectTimeoutMS: Math.max(selectionMs, timeoutMs) }),
      ...(!has('serverSelectionTimeoutMS') && { serverSelectionTimeoutMS: Math.min(selectionMs, timeoutMs / 2) }),
    });
  } catch (cause) {
    const message = `The location of source ${name} is no mongodb:// URL with the name of a database in its path.`;
    throw new Fault('configuration', message, { source: name }, { cause });
  }
}
