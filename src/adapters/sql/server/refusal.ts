import { Fault } from '../../../errors/fault.js';
import type { Refusal } from './failure.js';

const refusals = {
  duplicate: ['duplicate', 'The source has a row of that key already'],
  constraint: ['constraint', 'The source refuses the row by a rule of its own'],
  'read-only': ['source-unavailable', 'The source cannot be written: it is read only, or does not give us the right'],
  full: ['source-unavailable', 'The source has no room left'],
} as const satisfies Record<NonNullable<Refusal>, unknown>;

/** Why a source refuses a change. */
export function refusalOf(refusal: NonNullable<Refusal>, source: string, cause: unknown): Fault {
  const [code, message] = refusals[refusal];
  return new Fault(code, message, { source }, { cause });
}

/** A change of one row found several. */
export function severalRows(): Fault {
  return new Fault('duplicate-key', 'Several rows have that key: which is meant cannot be told');
}
