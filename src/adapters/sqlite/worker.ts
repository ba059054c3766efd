import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '../../errors/fault.js';
import type { Batch } from '../../source/adapter.js';
import { DatabaseFile } from './file.js';
import { type Job, type Result, start } from './job.js';
import type { Order, Report } from './messages.js';
import type { Known, Session } from './session.js';

/** Runs the jobs of one source in turn, a slice each. Batches wait until the last but one has been taken. */

interface Running {
  readonly id: number;
  readonly job: Job;
  readonly flag: Int32Array;
  readonly known: Known;
  credit: number;
  steps?: Generator<Batch | undefined, Result>;
  session?: Session;
  busySince?: number;
}

const port = parentPort!;
const file = new DatabaseFile(workerData.path, workerData.slice);
const jobs = new Map<number, Running>();
const ahead = 2;
const lockPatience = 2000;
let turning = false;

port.on('message', (order: Order) => {
  if (order.do === 'start') jobs.set(order.id, { ...order, flag: new Int32Array(order.flag), credit: ahead });
  else if (order.do === 'stop') {
    jobs.get(order.id)?.steps?.return(undefined);
    jobs.delete(order.id);
  } else {
    const running = jobs.get(order.id);
    if (running) running.credit++;
  }
  turn();
});

function turn(): void {
  if (turning) return;
  turning = true;
  setImmediate(round);
}

/** One slice of every job that may go on. */
function round(): void {
  turning = false;
  let waiting = false;
  for (const running of [...jobs.values()]) {
    if (running.credit <= 0) continue;
    if (step(running)) waiting = true;
    else turn();
  }
  if (waiting) setTimeout(turn, 10);
}

/** True when the file is locked for now. */
function step(running: Running): boolean {
  const { id } = running;
  try {
    const session = file.open();
    if (running.session && running.session !== session)
      throw new Fault('source-changed', 'The database file was replaced while it was read');
    if (!running.steps) {
      running.session = session;
      session.connection.together(() => session.refresh());
      session.adopt(running.known);
      running.steps = start(session, running.job, running.flag);
    }
    const { done, value } = running.steps.next();
    delete running.busySince;
    if (done) end({ id, result: value });
    else if (value) {
      running.credit--;
      report({ id, batch: value });
    }
  } catch (error) {
    const busy = error instanceof Fault && error.code === 'source-busy';
    running.busySince ??= performance.now();
    if (busy && !running.steps && performance.now() - running.busySince < lockPatience) return true;
    end({
      id,
      fault:
        error instanceof Fault
          ? { code: error.code, message: error.message }
          : { code: 'exception', message: 'The source failed' },
    });
  }
  return false;
}

function end(result: Report): void {
  jobs.delete(result.id);
  report(result);
}

function report(message: Report): void {
  port.postMessage(message);
}
