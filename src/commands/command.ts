import type { ParseArgsConfig } from 'node:util';

/** One command of `healthsync`. Its body is loaded only when it runs, so that `serve` starts with what it needs. */
export interface Command {
  /** What follows `healthsync`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** How many arguments without a name it takes. */
  readonly arguments: number;
  readonly load: () => Promise<Run>;
}

/** Returns the exit code: 0 done, 1 failed. Throws a Fault to end with 1 and a word, a UsageError to end with 2. */
export type Run = (values: Values, positionals: readonly string[]) => Promise<number>;

export type Values = Readonly<Record<string, unknown>>;

/** The command line says something that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
