import type { Expression } from '../../source/expression.js';
import { and, type Selection } from '../../source/selection.js';
import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { held } from './held.js';

const was = held('integer');

/** A whole number that a JSON number holds exactly (FHIR integer, positiveInt, unsignedInt); one beyond 53 bits cannot be decoded. */
export const integer: Codec<number> = {
  kind: 'normalising',
  as: 'integer',
  type: 'integer',
  decode: (value) => {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  encode: (value, previous) => (was(previous) === BigInt(value) ? previous! : BigInt(value)),
  preimage: (test, of) => {
    if (test.test === 'present') return exactly(decodable(of));
    if (test.test !== 'number') return never;
    const whole = /^-?\d+(\.0+)?$/.test(test.value);
    if (whole) return exactly(and(decodable(of), compared(of, test.than, BigInt(test.value.split('.')[0]!))));
    // Between two whole numbers: nothing equals it, and the bounds round outwards.
    if (test.than === 'eq') return never;
    const floor = BigInt(test.value.split('.')[0]!) - (test.value.startsWith('-') ? 1n : 0n);
    return exactly(and(decodable(of), compared(of, test.than === 'lt' || test.than === 'le' ? 'le' : 'gt', floor)));
  },
  // A number beyond 53 bits has a place in the column's order, and none among the values.
  order: () => undefined,
};

function decodable(of: Expression): Selection {
  return and(compared(of, 'ge', BigInt(Number.MIN_SAFE_INTEGER)), compared(of, 'le', BigInt(Number.MAX_SAFE_INTEGER)));
}

function compared(of: Expression, test: 'eq' | 'lt' | 'le' | 'gt' | 'ge', value: bigint): Selection {
  return { op: 'compare', of, test, value };
}
