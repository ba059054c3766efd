import type { FaultCode, FaultPlace } from './fault.js';

/** Something to say beside an answer: becomes one issue of its OperationOutcome. `message` is public, as a fault's is. */
export interface Issue {
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: FaultCode;
  readonly message: string;
  readonly place: FaultPlace;
}
