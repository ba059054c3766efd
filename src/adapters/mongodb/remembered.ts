import type { Call } from '../../source/adapter.js';
import { whileWanted } from '../../source/wanted.js';

interface Answer<T> {
  readonly value: Promise<T>;
  /** It is there: nobody has to wait for it. */
  ready: boolean;
  until: number;
}

/**
 * What was found out of a database that does not say when it changes. It counts for a while: longer where finding it out takes
 * long, so that this never is the larger part of the work.
 */
export class Remembered<T> {
  private readonly answers = new Map<string, Answer<T>>();

  /** Milliseconds that an answer counts at least, and how many times as long as it took. */
  constructor(
    private readonly leastMs: number,
    private readonly times: number,
    private readonly patienceMs: number,
  ) {}

  /** Asked once, however many want to know it; whoever asks first may leave. */
  get(name: string, call: Call, find: (patient: Call) => Promise<T>): Promise<T> {
    const now = performance.now();
    const known = this.answers.get(name);
    if (known && known.until > now) return known.ready ? known.value : whileWanted(known.value, call, () => {});
    const patient: Call = { signal: new AbortController().signal, deadline: now + this.patienceMs };
    const answer: Answer<T> = { value: find(patient), ready: false, until: Number.POSITIVE_INFINITY };
    this.answers.set(name, answer);
    answer.value.then(
      () => {
        const end = performance.now();
        answer.ready = true;
        answer.until = end + Math.max(this.leastMs, this.times * (end - now));
      },
      () => this.forget(name, answer),
    );
    return whileWanted(answer.value, call, () => {});
  }

  private forget(name: string, answer: Answer<T>): void {
    if (this.answers.get(name) === answer) this.answers.delete(name);
  }
}
