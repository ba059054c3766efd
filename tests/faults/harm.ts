import type { Adapter } from '#src/source/adapter.js';

/** What happens to a source, as the table of faults names it. */
export const harmNames = [
  'refused',
  'slow',
  'dies mid-stream',
  'half-open TCP',
  'garbage on the wire',
  'pool exhausted',
  'credentials revoked',
  'schema changed under us',
] as const;
export type HarmName = (typeof harmNames)[number];

/** Does it, and gives back what ends it. */
export type Harm = () => Promise<() => Promise<void> | void>;

/** A source of one kind, with one table of people, that a test harms. */
export interface FaultySource {
  /** The table of people, by its name in the source. */
  readonly table: string;
  /** A new adapter: its connections are its own. */
  open(timeoutMs: number): Adapter;
  /** A text is the reason for which that cannot happen. */
  readonly harms: Readonly<Record<HarmName, Harm | string>>;
  close(): Promise<void>;
}
