/** What is counted of one source. Every call is an increment; nothing is kept of a request. */
export interface SourceMeter {
  /** It answered: after so many milliseconds, with so many rows. */
  answered(ms: number, rows: number): void;
  /** It did not answer, for the reason that a fault's code names. */
  failed(ms: number, code: string): void;
  /** A stream was planned; `whole`: the source answers all of its conditions itself. */
  planned(whole: boolean): void;
  /** So many of its rows became resources of an answer. */
  returned(rows: number): void;
  /** What the guard of the source is asked whenever metrics are read. */
  watch(state: () => GuardState): void;
}

export interface GuardState {
  readonly breaker: BreakerState;
  /** Scans that run, and those that wait for their turn. */
  readonly running: number;
  readonly waiting: number;
}

export const breakerStates = ['closed', 'half-open', 'open'] as const;
export type BreakerState = (typeof breakerStates)[number];

/** Counts nothing. */
export const noMeter: SourceMeter = {
  answered() {},
  failed() {},
  planned() {},
  returned() {},
  watch() {},
};
