import type { Call } from '../../source/adapter.js';
import type { DistinctRelation, TableRelation } from '../../source/relation.js';
import { whileWanted } from '../../source/wanted.js';
import { type Job, type Result, start } from './job.js';
import type { ColumnFacts, Repeated } from './knowledge.js';
import type { SqliteColumn } from './schema.js';
import { distinctId, relationId, type Session } from './session.js';
import type { WorkerClient } from './worker-client.js';

/** Something about the current state of the file that has to be known before, or would help. */
export type Need =
  | { readonly kind: 'survey'; readonly column: SqliteColumn }
  | { readonly kind: 'repeated'; readonly relation: TableRelation }
  | { readonly kind: 'distinct'; readonly relation: DistinctRelation };

/** A file that is written all the time is surveyed anew for at most this part of the time. */
const share = 20;

/** Finds out what statements need to know, once for each state of the file however many ask. */
export class Learning {
  private readonly pending = new WeakMap<Session, Map<string, Promise<void>>>();
  private readonly notBefore = new Map<string, number>();

  constructor(private readonly worker: WorkerClient) {}

  async learn(session: Session, needs: readonly Need[], call: Call): Promise<void> {
    for (const need of needs) await whileWanted(this.once(session, need), call, () => {});
  }

  /** Starts surveys that would help later requests, and waits for nothing. */
  wish(session: Session, columns: ReadonlySet<SqliteColumn>): void {
    for (const need of this.due(columns)) this.once(session, need).catch(() => {});
  }

  /** The surveys of these columns for which it is time. */
  due(columns: ReadonlySet<SqliteColumn>): readonly Need[] {
    if (columns.size === 0) return nothingDue;
    return [...columns]
      .map((column) => ({ kind: 'survey', column }) as const)
      .filter((need) => performance.now() >= (this.notBefore.get(idOf(need)) ?? 0));
  }

  private once(session: Session, need: Need): Promise<void> {
    let running = this.pending.get(session);
    if (!running) {
      running = new Map();
      this.pending.set(session, running);
    }
    const id = idOf(need);
    let promise = running.get(id);
    if (!promise) {
      promise = this.find(session, need, id).finally(() => running.delete(id));
      running.set(id, promise);
    }
    return promise;
  }

  private async find(session: Session, need: Need, id: string): Promise<void> {
    await new Promise(setImmediate);
    if (!session.connection.open) return;
    const began = performance.now();
    const before = session.version;
    const job: Job = need;
    const result = this.briefly(session, job) ?? (await this.worker.result<Result>(job, session.known, endless));
    this.notBefore.set(id, performance.now() + (performance.now() - began) * share);
    // The state that was looked at lies between two looks at the version: unchanged, it is this one.
    if (session.version !== before || !session.connection.open) return;
    if (need.kind === 'survey') session.facts.set(need.column.id, result as ColumnFacts);
    else if (need.kind === 'repeated') session.repetitions.set(relationId(need.relation), result as Repeated);
    else session.distinct.set(distinctId(need.relation), result as string);
  }

  /** In this thread when one slice is enough. */
  private briefly(session: Session, job: Job): Result {
    const steps = start(session, job, new Int32Array(1));
    const first = steps.next();
    const step = first.done ? first : steps.next();
    if (step.done) return step.value;
    steps.return(undefined);
    return undefined;
  }
}

const nothingDue: readonly Need[] = [];
const endless: Call = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };

function idOf(need: Need): string {
  return `${need.kind} ${need.kind === 'survey' ? need.column.id : need.kind === 'repeated' ? relationId(need.relation) : distinctId(need.relation)}`;
}
