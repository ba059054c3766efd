import { Fault } from '../../errors/fault.js';
import type { Call } from '../../source/adapter.js';

export const cancelled = (): Fault => new Fault('cancelled', 'The request was cancelled');
export const timedOut = (): Fault => new Fault('source-timeout', 'The source did not answer in time');

/** Throws when the answer is no longer wanted. */
export function check(call: Call): void {
  if (call.signal.aborted) throw cancelled();
  if (performance.now() > call.deadline) throw timedOut();
}

/** The promise, or the end of the call if that comes first. */
export function unlessEnded<T>(promise: Promise<T>, call: Call): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => end(() => reject(cancelled()));
    const left = call.deadline - performance.now();
    const timer = left < 2 ** 31 ? setTimeout(() => end(() => reject(timedOut())), left) : undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', abort);
      settle();
    };
    call.signal.addEventListener('abort', abort);
    if (call.signal.aborted) abort();
    promise.then(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    );
  });
}
