import type { Call, Stop } from './adapter.js';

const pending = new Set<Watch>();
const bySignal = new WeakMap<Stop, Set<Watch>>();
/** The one timer of all that is waited for, and when it ends: at the earliest deadline that there was when it was set. */
let timer: NodeJS.Timeout | undefined;
let due = Number.POSITIVE_INFINITY;
/** A timer of more milliseconds than 31 bits hold would end at once. */
const longest = 2 ** 30;

/**
 * Tells once that the answer of a call is no longer wanted: it was given up, or its time is over by `graceMs`. Calls are many and
 * short: they share one timer, and one listener for each signal.
 */
export class Watch {
  private readonly until: number;
  private readonly others: Set<Watch> | undefined;

  constructor(
    { signal, deadline }: Call,
    private readonly tell: () => void,
    graceMs = 0,
  ) {
    this.until = deadline + graceMs;
    if (signal.aborted) {
      tell();
      return;
    }
    this.others = watchesOf(signal);
    this.others.add(this);
    pending.add(this);
    if (pending.size === 1) timer?.ref();
    expect(this.until);
  }

  /** The answer is here; nothing is told any more. */
  end(): void {
    this.others?.delete(this);
    if (pending.delete(this) && pending.size === 0) timer?.unref();
  }

  /** Tells it if its time is over. */
  look(now: number): void {
    if (this.until <= now) this.give();
    else expect(this.until);
  }

  give(): void {
    this.end();
    this.tell();
  }
}

function watchesOf(signal: Stop): Set<Watch> {
  const known = bySignal.get(signal);
  if (known) return known;
  const watches = new Set<Watch>();
  bySignal.set(signal, watches);
  signal.addEventListener('abort', () => {
    for (const watch of [...watches]) watch.give();
  });
  return watches;
}

function expect(until: number): void {
  if (until >= due) return;
  clearTimeout(timer);
  due = until;
  timer = setTimeout(sweep, Math.min(Math.max(0, Math.ceil(until - performance.now())), longest));
}

function sweep(): void {
  timer = undefined;
  due = Number.POSITIVE_INFINITY;
  const now = performance.now();
  for (const watch of [...pending]) watch.look(now);
}
