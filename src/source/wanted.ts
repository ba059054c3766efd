import { Fault } from '../errors/fault.js';
import type { Call } from './adapter.js';

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
export async function whileWanted<T>(running: Promise<T>, call: Call, stop: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let give = () => {};
  const unwanted = new Promise<never>((_, reject) => {
    give = () => {
      stop();
      reject(unwantedFault(call));
    };
    call.signal.addEventListener('abort', give, { once: true });
    const left = call.deadline - performance.now();
    // A timer of more milliseconds than 31 bits hold would end at once.
    if (left < 2 ** 31) timer = setTimeout(give, Math.max(0, left));
    if (call.signal.aborted) give();
  });
  try {
    return await Promise.race([running, unwanted]);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', give);
    running.catch(() => undefined);
  }
}
