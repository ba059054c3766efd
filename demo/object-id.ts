import { dayOf } from './calendar.js';
import { mix } from './random.js';

const FIRST_SECOND = dayOf(2023, 1, 1) * 86_400;
const MACHINE = 0x9e37_79b9;

/** An ObjectId as 24 hexadecimal digits: seconds, a machine's random value, a counter. No two indexes of a collection share one. */
export function objectId(salt: number, index: number): string {
  const hex = (number: number, length: number) => (number >>> 0).toString(16).padStart(length, '0').slice(-length);
  const machine = hex(mix(salt ^ MACHINE), 8) + hex(mix(salt), 2);
  return hex(FIRST_SECOND + index * 7, 8) + machine + hex(index, 6);
}
