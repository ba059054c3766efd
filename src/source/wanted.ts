import { Fault } from '../errors/fault.js';
import type { Call } from './adapter.js';
import { Watch } from './watch.js';

/** Throws `cancelled` or `source-timeout` when the answer of a call is no longer wanted. */
export function wanted(call: Call): void {
  if (call.signal.aborted || performance.now() > call.deadline) throw unwantedFault(call);
}

/** Why the answer of a call is no longer wanted. */
export function unwantedFault(call: Call): Fault {
  return call.signal.aborted
    ? new Fault('cancelled', 'The request was cancelled')
    : new Fault('source-timeout', 'The source did not answer in time');
}

/** The result of `running`; or, as soon as it is no longer wanted, a Fault, after `stop` was called. */
export function whileWanted<T>(running: Promise<T>, call: Call, stop: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const watch = new Watch(call, () => {
      stop();
      reject(unwantedFault(call));
    });
    running.then(
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
