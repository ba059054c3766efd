import { Worker } from 'node:worker_threads';
import { Fault } from '../../errors/fault.js';
import type { Batch, Call } from '../../source/adapter.js';
import { unwantedFault } from '../../source/wanted.js';
import { Watch } from '../../source/watch.js';
import type { Job, Result } from './job.js';
import type { Order, Report } from './messages.js';
import type { Known } from './session.js';

type Listener = (report: Report) => void;

/** The one worker thread of a source, started when first needed; does not keep the process alive. */
export class WorkerClient {
  private worker: Worker | undefined;
  private last = 0;
  private readonly listeners = new Map<number, Listener>();

  /** `slice`: milliseconds that one job works before the next has its turn. */
  constructor(
    private readonly path: string,
    private readonly slice: number,
  ) {}

  /** The batches of a job, at most two ahead of whoever takes them, and then its result. Ends at once when the call does. */
  async *run(job: Job, known: Known, call: Call): AsyncGenerator<Batch, Result> {
    const id = ++this.last;
    const flag = new SharedArrayBuffer(4);
    const reports: Report[] = [];
    let wake: () => void = () => {};
    let ended: Fault | undefined;
    const finish = (fault: Fault) => {
      ended ??= fault;
      Atomics.store(new Int32Array(flag), 0, 1);
      wake();
    };
    const watch = new Watch(call, () => finish(unwantedFault(call)));
    this.listeners.set(id, (report) => {
      reports.push(report);
      wake();
    });
    let open = true;
    try {
      this.send({ do: 'start', id, job, flag, known });
      for (;;) {
        if (ended) throw ended;
        const report = reports.shift();
        if (!report) await new Promise<void>((resolve) => (wake = resolve));
        else if ('batch' in report) {
          yield report.batch;
          this.send({ do: 'more', id });
        } else {
          open = false;
          if ('fault' in report) throw new Fault(report.fault.code, report.fault.message);
          return report.result;
        }
      }
    } finally {
      watch.end();
      this.listeners.delete(id);
      if (open) {
        Atomics.store(new Int32Array(flag), 0, 1);
        this.send({ do: 'stop', id });
      }
      if (this.listeners.size === 0) this.worker?.unref();
    }
  }

  /** The result of a job that hands over no batches. */
  async result<T extends Result>(job: Job, known: Known, call: Call): Promise<T> {
    const steps = this.run(job, known, call);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value as T;
    }
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private send(order: Order): void {
    if (order.do === 'start') this.started().ref();
    this.worker?.postMessage(order);
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { path: this.path, slice: this.slice },
    });
    worker.on('message', (report: Report) => this.listeners.get(report.id)?.(report));
    worker.on('error', (cause) => this.failed(worker, new Fault('exception', 'The source failed', {}, { cause })));
    worker.on('exit', () => this.failed(worker, new Fault('cancelled', 'The source was closed')));
    this.worker = worker;
    return worker;
  }

  private failed(worker: Worker, fault: Fault): void {
    if (this.worker === worker) this.worker = undefined;
    for (const [id, listener] of this.listeners) listener({ id, fault });
  }
}
