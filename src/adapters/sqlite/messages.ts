import type { FaultCode } from '../../errors/fault.js';
import type { Batch } from '../../source/adapter.js';
import type { Job, Result } from './job.js';
import type { Known } from './session.js';

/** To the worker: start a job; go on with it, for its batches are taken; forget it. */
export type Order =
  | {
      readonly do: 'start';
      readonly id: number;
      readonly job: Job;
      readonly flag: SharedArrayBuffer;
      readonly known: Known;
    }
  | { readonly do: 'more'; readonly id: number }
  | { readonly do: 'stop'; readonly id: number };

/** From the worker. */
export type Report =
  | { readonly id: number; readonly batch: Batch }
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly fault: { readonly code: FaultCode; readonly message: string } };
