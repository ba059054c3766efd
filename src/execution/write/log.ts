/** What is recorded of a write, before its source is touched and after. */
export interface Intent {
  readonly caller: string;
  readonly interaction: 'create' | 'update' | 'delete';
  readonly type: string;
  readonly source: string;
  /** Unknown while the source has not given it. */
  readonly id?: string;
  /** The version that it replaces. */
  readonly before?: string;
}

export interface Expectation {
  readonly id: string;
  /** The version that it is to have; of a delete, none. */
  readonly after?: string;
}

/** A write whose end is not known: the process, or the source, went away in between. */
export interface OpenIntent extends Intent, Omit<Expectation, 'id'> {
  readonly entry: number;
}

/** The record of every write. What it is told survives the end of the process when the call returns. */
export interface WriteLog {
  open(intent: Intent, at: Date): number;
  /** What was checked. */
  expect(entry: number, expected: Expectation): void;
  /** Resolves when all that it was told so far survives a loss of power: to be awaited before the source is told to keep anything. */
  lasting(): Promise<void>;
  /** `made`: the source keeps them. `undone`: it keeps nothing of them. */
  close(entries: readonly number[], outcome: 'made' | 'undone', at: Date): void;
  unfinished(): readonly OpenIntent[];
}

export const noLog: WriteLog = {
  open: () => 0,
  expect: () => {},
  lasting: async () => {},
  close: () => {},
  unfinished: () => [],
};
