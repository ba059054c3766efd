import type { Adapter } from '#src/source/adapter.js';
import type { Tables } from '../materialise.js';

/** A part as a server keeps it. */
export interface Stored {
  readonly adapter: Adapter;
  /** Its rows in native order, cells as they are meant to come back. */
  readonly kept: Tables;
  /** The adapter is closed already. */
  readonly remove: () => Promise<void>;
}
