import type { Scan } from '../../source/adapter.js';
import type { Place } from '../sql/order.js';

/** What of a scan is still to be done. */
export interface Remaining {
  readonly scan: Scan;
  readonly place?: Place | undefined;
  readonly limit: number;
  /** The values of a distinct relation. */
  readonly values?: string | undefined;
}
