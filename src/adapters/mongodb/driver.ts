import {
  type ClientSession,
  type Db,
  Decimal128,
  Double,
  Int32,
  Long,
  MongoClient,
  ObjectId,
  type UpdateFilter,
  UUID,
} from 'mongodb';
import { Fault } from '../../errors/fault.js';
import type { Call, SourceLocation } from '../../source/adapter.js';
import { wanted, whileWanted } from '../../source/wanted.js';
import type { Document } from './cell.js';
import { sourceFault, writeFault } from './failure.js';
import type { Filter } from './filter.js';

export { Decimal128, Double, Int32, Long, ObjectId, UUID };

/** What reads documents: a deployment, or a transaction of it. */
export type Documents = Pick<Deployment, 'find' | 'few' | 'aggregate'>;

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

/** The transaction that something is done in, if in any. */
interface Within {
  readonly session?: ClientSession;
}

const batchSize = 1000;
const selectionMs = 1000;
const connections = 16;
/** Text is compared byte by byte, whatever a collection says of its own. */
const collation = { locale: 'simple' };
const longest = 2 ** 31 - 1;

/** Documents in the types that they are stored in: an Int32, a Double and a Long are told apart. */
const asStored = { promoteValues: false, useBigInt64: false } as const;
/** A write is kept when it is on the disk of most members. */
const lasting = { w: 'majority', j: true } as const;
/** Milliseconds that are waited for what a server does once it is no longer wanted. */
const graceMs = 2_000;
const freeTries = 60;
const freePauseMs = 500;

/**
 * One deployment of MongoDB. It is connected to when it is first asked; what does not answer in time is
 * stopped by the server itself (`maxTimeMS`), and what is no longer wanted by closing its connection, which stops it there.
 */
export class Deployment {
  private readonly client: MongoClient;
  private readonly database: Db;
  private reachable = true;
  /** How often connections were given up because one failed. */
  private losses = 0;
  private closed = false;
  private whole: boolean | undefined;

  /** Throws a Fault `configuration` when the location is no URL of a database. */
  constructor(private readonly location: SourceLocation) {
    this.client = clientOf(location);
    this.database = this.client.db();
    this.client.on('topologyDescriptionChanged', ({ newDescription }) => {
      const servers = [...newDescription.servers.values()];
      this.reachable = servers.some(({ type, error }) => type !== 'Unknown' || !error);
      if (servers.some(({ type, setName }) => setName || type === 'Mongos')) this.whole = true;
      else if (servers.some(({ type }) => type === 'Standalone')) this.whole = false;
    });
    this.client.on('connectionPoolCleared', () => {
      this.losses++;
    });
  }

  /** The documents found, in batches. */
  find(collection: string, find: Find, call: Call, within: Within = {}): AsyncGenerator<Document[]> {
    return this.batches(call, (limits) => this.cursorOf(collection, find, { ...limits, ...within }));
  }

  /** The documents found where they are few: what the first answer holds is all that is asked for. */
  few(
    collection: string,
    find: Find & { readonly limit: number },
    call: Call,
    within: Within = {},
  ): Promise<readonly Document[]> {
    return this.ask(call, async (limits) => {
      const cursor = this.cursorOf(collection, find, { ...limits, ...within });
      const documents: Document[] = [];
      try {
        while (await cursor.hasNext()) {
          for (const one of cursor.readBufferedDocuments()) documents.push(one);
          if (String(cursor.id) === '0') break;
        }
        return documents;
      } finally {
        cursor.close().catch(() => undefined);
      }
    });
  }

  aggregate(
    collection: string,
    pipeline: readonly Document[],
    call: Call,
    within: Within = {},
  ): AsyncGenerator<Document[]> {
    return this.batches(call, (limits) =>
      this.database
        .collection(collection)
        .aggregate(pipeline as Document[], { ...limits, ...within, collation, batchSize, allowDiskUse: true }),
    );
  }

  /** Documents as they are stored. */
  stored(collection: string, find: Find, call: Call, within: Within = {}): AsyncGenerator<Document[]> {
    return this.find(collection, find, call, { ...within, ...asStored });
  }

  /** What `transactions` found out; undefined before. */
  get together(): boolean | undefined {
    return this.whole;
  }

  /** Can documents be changed together? Only a member of a replica set, and a router of shards, can. */
  async transactions(call: Call): Promise<boolean> {
    if (this.whole === undefined) {
      const hello = await this.ask(call, ({ signal }) => this.database.command({ hello: 1 }, { signal }));
      this.whole = hello.setName !== undefined || hello.msg === 'isdbgrid';
    }
    return this.whole;
  }

  /** Begins to write. `whole`: what is written is kept or undone together. */
  begin(whole: boolean): Session {
    const session = whole ? this.client.startSession({ snapshot: false }) : undefined;
    session?.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: lasting, readPreference: 'primary' });
    return new Session(this, session, this.losses);
  }

  /** Changes one document, and gives it as it is then, as it is stored; null when none is as the filter says. */
  update(collection: string, filter: Filter, update: Document, call: Call, within: Within): Promise<Document | null> {
    return this.tell(call, within, (limits) =>
      this.database.collection(collection).findOneAndUpdate(filter, update as UpdateFilter<Document>, {
        ...limits,
        ...asStored,
        collation,
        returnDocument: 'after',
      }),
    );
  }

  /** Adds a document; gives its `_id`. */
  async insert(collection: string, document: Document, call: Call, within: Within): Promise<unknown> {
    const { insertedId } = await this.tell(call, within, (limits) =>
      this.database.collection(collection).insertOne({ ...document }, limits),
    );
    return insertedId;
  }

  /** Removes one document; false when none is as the filter says. */
  async delete(collection: string, filter: Filter, call: Call, within: Within): Promise<boolean> {
    const { deletedCount } = await this.tell(call, within, (limits) =>
      this.database.collection(collection).deleteOne(filter, { ...limits, collation }),
    );
    return deletedCount === 1;
  }

  /**
   * Makes a transaction lasting. It is waited for beyond the call's time, for once it is told nobody else knows whether it was kept.
   * @throws {Fault} `in-doubt`; others when nothing was kept
   */
  async commit(session: ClientSession, call: Call): Promise<void> {
    wanted(call);
    const { name } = this.location;
    if (!this.reachable) throw new Fault('source-unavailable', `Source ${name} cannot be reached`, { source: name });
    const { losses } = this;
    const left = Math.max(0, call.deadline - performance.now());
    try {
      await whileWanted(session.commitTransaction(), within(left + graceMs), () => {});
    } catch (error) {
      // Whoever asks again after a loss is told that there is no such transaction, be it kept or not.
      if (error instanceof Fault || this.losses !== losses || isUnknown(error)) throw inDoubt(name, error);
      throw writeFault(error, name);
    }
  }

  /** Undoes a transaction, or ends one that was told to be kept. `losses`: as they were when it began. */
  async abort(session: ClientSession, losses: number): Promise<void> {
    const told = await whileWanted(session.abortTransaction(), within(graceMs), () => {}).then(
      () => true,
      () => false,
    );
    if (told && this.losses === losses) await session.endSession();
    else void this.free(session);
  }

  /**
   * Ends a transaction that the server may not know to be over: until it gives it up by itself, after a minute, nobody could change
   * the same documents. Until then the session is no other's.
   */
  private async free(session: ClientSession): Promise<void> {
    for (let tries = 0; tries < freeTries && !this.closed; tries++) {
      const stop = new AbortController();
      const told = this.client.db('admin').command({ killSessions: [session.id] }, { signal: stop.signal });
      const done = await whileWanted(told, within(graceMs), () => stop.abort()).then(
        () => true,
        () => false,
      );
      if (done) break;
      await new Promise((resolve) => setTimeout(resolve, freePauseMs).unref());
    }
    await session.endSession().catch(() => undefined);
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
    this.closed = true;
    return this.client.close(true);
  }

  private cursorOf(
    collection: string,
    { filter, projection, sort, limit, first }: Find,
    limits: Limits & Within,
  ): ServerCursor {
    return this.database.collection(collection).find(filter, {
      ...limits,
      collation,
      batchSize: limit === undefined ? Math.min(batchSize, first ?? batchSize) : limit + 1,
      ...(projection && { projection }),
      ...(sort && { sort, allowDiskUse: true }),
      ...(limit !== undefined && { limit }),
    });
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

  /** A change; outside of a transaction, one that got no answer may have been made. */
  private async tell<T>(call: Call, within: Within, run: (limits: Limits & Within) => Promise<T>): Promise<T> {
    wanted(call);
    const stop = new AbortController();
    const { name } = this.location;
    try {
      const limits = { ...limitsOf(call, stop.signal), ...within, ...(!within.session && { writeConcern: lasting }) };
      return await whileWanted(run(limits), call, () => stop.abort());
    } catch (error) {
      if (!within.session && (error instanceof Fault || isUnanswered(error))) throw inDoubt(name, error);
      throw error instanceof Fault ? this.fault(error) : writeFault(error, name);
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

/** One transaction, or writes that are each kept by themselves. */
export class Session implements Documents {
  private readonly within: Within;

  constructor(
    private readonly deployment: Deployment,
    private readonly session: ClientSession | undefined,
    private readonly losses: number,
  ) {
    this.within = session ? { session } : {};
  }

  /** Are its writes kept or undone together? */
  get whole(): boolean {
    return this.session !== undefined;
  }

  find(collection: string, find: Find, call: Call): AsyncGenerator<Document[]> {
    return this.deployment.find(collection, find, call, this.within);
  }

  few(collection: string, find: Find & { readonly limit: number }, call: Call): Promise<readonly Document[]> {
    return this.deployment.few(collection, find, call, this.within);
  }

  aggregate(collection: string, pipeline: readonly Document[], call: Call): AsyncGenerator<Document[]> {
    return this.deployment.aggregate(collection, pipeline, call, this.within);
  }

  stored(collection: string, find: Find, call: Call): AsyncGenerator<Document[]> {
    return this.deployment.stored(collection, find, call, this.within);
  }

  update(collection: string, filter: Filter, update: Document, call: Call): Promise<Document | null> {
    return this.deployment.update(collection, filter, update, call, this.within);
  }

  insert(collection: string, document: Document, call: Call): Promise<unknown> {
    return this.deployment.insert(collection, document, call, this.within);
  }

  delete(collection: string, filter: Filter, call: Call): Promise<boolean> {
    return this.deployment.delete(collection, filter, call, this.within);
  }

  async commit(call: Call): Promise<void> {
    if (!this.session) return;
    await this.deployment.commit(this.session, call);
    this.session.endSession().catch(() => undefined);
  }

  async abort(): Promise<void> {
    if (this.session) await this.deployment.abort(this.session, this.losses);
  }
}

/** A call of so many milliseconds that nobody gives up. */
function within(ms: number): Call {
  return { signal: new AbortController().signal, deadline: performance.now() + ms };
}

function inDoubt(source: string, cause: unknown): Fault {
  return new Fault('in-doubt', `Source ${source} did not say whether it kept the changes`, { source }, { cause });
}

function isUnknown(error: unknown): boolean {
  const { errorLabelSet } = error as { readonly errorLabelSet?: ReadonlySet<string> };
  return errorLabelSet?.has('UnknownTransactionCommitResult') === true;
}

/** Did a connection fail that the change may have gone out by? */
function isUnanswered(error: unknown): boolean {
  return /^MongoNetwork|^MongoPoolCleared|^AbortError|Timeout/.test(
    String((error as { readonly name?: unknown }).name),
  );
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
