import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen, SamplingBreaker } from 'cockatiel';
import { Fault, isSourceFault } from '../errors/fault.js';
import type { Adapter, Batch, Call, LiveTable, Output, Scan, Stop, Transaction } from '../source/adapter.js';
import { Gate } from '../source/gate.js';
import { OnlyBatch } from '../source/only-batch.js';
import type { Relation } from '../source/relation.js';
import type { Cell } from '../source/row.js';
import type { Selection } from '../source/selection.js';
import { Watch } from '../source/watch.js';
import { type BreakerState, noMeter, type SourceMeter } from '../telemetry/source-meter.js';

export interface SourceGuardSetting {
  readonly name: string;
  readonly adapter: Adapter;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly meter?: SourceMeter;
}

/** A source behind its timeout, its bulkhead and its breaker; every failure leaves as a Fault that names the source. */
export interface GuardedSource {
  readonly name: string;
  readonly adapter: Adapter;
  readonly meter: SourceMeter;
  rows(scan: Scan, call: Call): Batch | Promise<Batch>;
  get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch>;
  count(relation: Relation, where: Selection, call: Call): Promise<number>;
  describe(call: Call): Promise<readonly LiveTable[]>;
  /** A transaction is never given up from outside: the source alone knows whether it was kept. */
  write<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** How long after its deadline a source that does not stop by itself is given up. */
const graceMs = 100;
const queued = 1_000;

export function guardSource({
  name,
  adapter,
  timeoutMs,
  concurrency,
  meter = noMeter,
}: SourceGuardSetting): GuardedSource {
  // Only a source that cannot be reached or does not answer in time opens the breaker; a refused query does not.
  const connectivity = handleWhen(
    (error) => isSourceFault(error) && (error.code === 'source-unavailable' || error.code === 'source-timeout'),
  );
  const sampling = new SamplingBreaker({ threshold: 0.5, duration: 30_000, minimumRps: 10 });
  const breaker = circuitBreaker(connectivity, { halfOpenAfter: 10_000, breaker: sampling });
  const turns = new Gate(concurrency);
  meter.watch(() => ({
    breaker: stateOf(breaker.state),
    running: concurrency - turns.free,
    waiting: turns.waiting,
  }));
  /**
   * While the circuit is closed, all that the policy does with a success is to count it: it is counted without the policy's own
   * promises, which cost more than many an answer.
   */
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    if (breaker.state !== CircuitState.Closed) return breaker.execute(work);
    try {
      const answer = await work();
      sampling.success(CircuitState.Closed);
      return answer;
    } catch (error) {
      if (breaker.state !== CircuitState.Closed) throw error;
      return breaker.execute(() => Promise.reject(error));
    }
  };
  const run = async <T>(
    call: Call,
    ask: (call: Call) => Promise<T>,
    rowsOf: (answer: T) => number,
    givenUp = true,
  ): Promise<T> => {
    const began = performance.now();
    const limited = new LimitedCall(call, began + timeoutMs);
    let entered = false;
    try {
      entered = turns.enterAtOnce();
      if (!entered) {
        if (turns.waiting >= queued)
          throw new Fault('source-busy', `Source ${name} has too many requests waiting.`, { source: name });
        await turns.enter(limited);
        entered = true;
      }
      const answer = await counted(() => (givenUp ? within(name, limited, ask(limited)) : ask(limited)));
      meter.answered(performance.now() - began, rowsOf(answer));
      return answer;
    } catch (error) {
      const fault = named(name, error);
      meter.failed(performance.now() - began, fault.code);
      throw fault;
    } finally {
      if (entered) turns.leave();
    }
  };
  /** An answer that needs no waiting needs no timer and no queue. What fails is asked again in turn, where failures count. */
  const atOnce = (answer: () => Batch | undefined): Batch | undefined => {
    if (breaker.state !== CircuitState.Closed) return undefined;
    const began = performance.now();
    try {
      const batch = answer();
      if (batch) meter.answered(performance.now() - began, batch.rows.length);
      return batch;
    } catch {
      return undefined;
    }
  };
  return {
    name,
    adapter,
    meter,
    rows: (scan, call) =>
      atOnce(() => adapter.scanAtOnce?.(scan)) ?? run(call, (limited) => collect(adapter, scan, limited), rowsIn),
    get: async (relation, output, key, call) => {
      // A point read that the adapter answers at once needs no timer and no queue.
      if (breaker.state !== CircuitState.Closed)
        return run(call, async (limited) => adapter.get(relation, output, key, limited), rowsIn);
      const began = performance.now();
      let answer: Batch | Promise<Batch>;
      try {
        answer = adapter.get(relation, output, key, new LimitedCall(call, began + timeoutMs));
      } catch (error) {
        return run(call, () => Promise.reject(error), rowsIn);
      }
      if (!(answer instanceof Promise)) {
        meter.answered(performance.now() - began, answer.rows.length);
        return answer;
      }
      // It runs already: should it fail while it waits for its turn, nobody listens yet.
      answer.catch(() => {});
      return run(call, () => answer as Promise<Batch>, rowsIn);
    },
    count: (relation, where, call) => run(call, (limited) => adapter.count(relation, where, limited), noRows),
    write: (call, work) => run(call, (limited) => adapter.writing!.transaction(limited, work), noRows, false),
    describe: (call) => run(call, (limited) => adapter.describe(limited), noRows),
  };
}

/** A call that ends with the source's own time. Its signal is made only when something listens to it. */
class LimitedCall implements Call {
  readonly deadline: number;

  constructor(
    private readonly whole: Call,
    deadline: number,
  ) {
    this.deadline = Math.min(whole.deadline, deadline);
  }

  get signal(): Stop {
    return this.whole.signal;
  }
}

const rowsIn = ({ rows }: Batch): number => rows.length;
const noRows = (): number => 0;

function stateOf(state: CircuitState): BreakerState {
  return state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half-open' : 'open';
}

function collect(adapter: Adapter, scan: Scan, call: Call): Promise<Batch> {
  const batches = adapter.scan(scan, call);
  return batches instanceof OnlyBatch ? batches.whole() : joined(batches);
}

async function joined(batches: AsyncIterable<Batch>): Promise<Batch> {
  let only: Batch | undefined;
  let rows: Batch['rows'][number][] | undefined;
  let duplicates: number[] | undefined;
  for await (const batch of batches) {
    if (!only) {
      only = batch;
      continue;
    }
    rows ??= [...only.rows];
    duplicates ??= [...(only.duplicates ?? [])];
    for (const at of batch.duplicates ?? []) duplicates.push(rows.length + at);
    for (const row of batch.rows) rows.push(row);
  }
  if (rows) return { rows, duplicates: duplicates! };
  return only ?? { rows: [] };
}

function within<T>(name: string, call: Call, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () =>
      reject(
        call.signal.aborted
          ? new Fault('cancelled', 'The request was given up.')
          : new Fault('source-timeout', `Source ${name} did not answer in time.`, { source: name }),
      );
    const watch = new Watch(call, give, graceMs);
    work.then(
      (value) => {
        watch.end();
        resolve(value);
      },
      (error: unknown) => {
        watch.end();
        reject(error);
      },
    );
  });
}

function named(name: string, error: unknown): Fault {
  if (error instanceof BrokenCircuitError)
    return new Fault('source-unavailable', `Source ${name} has been failing and is not asked for a while.`, {
      source: name,
    });
  if (error instanceof Fault)
    return error.place.source === undefined && error.code !== 'cancelled'
      ? new Fault(error.code, error.message, { ...error.place, source: name }, { cause: error })
      : error;
  return new Fault('source-unavailable', `Source ${name} failed.`, { source: name }, { cause: error });
}
