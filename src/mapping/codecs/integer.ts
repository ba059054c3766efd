import type { Expression } from '../../source/expression.js';
import { and, type Selection } from '../../source/selection.js';
import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { held } from './held.js';

const was = held('integer');
const least = BigInt(Number.MIN_SAFE_INTEGER);
const greatest = BigInt(Number.MAX_SAFE_INTEGER);

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
    const upTo = test.than === 'lt' || test.than === 'le';
    // Between two whole numbers: nothing equals it, and the bounds round outwards.
    if (!whole && test.than === 'eq') return never;
    const floor = BigInt(test.value.split('.')[0]!) - (!whole && test.value.startsWith('-') ? 1n : 0n);
    const beyond = floor > greatest ? 1 : floor < least ? -1 : 0;
    if (beyond !== 0)
      return (beyond > 0 ? upTo : test.than === 'gt' || test.than === 'ge') ? exactly(decodable(of)) : never;
    return exactly(and(decodable(of), compared(of, whole ? test.than : upTo ? 'le' : 'gt', floor)));
  },
  // A number beyond 53 bits has a place in the column's order, and none among the values.
  order: () => undefined,
};

function decodable(of: Expression): Selection {
  return and(compared(of, 'ge', least), compared(of, 'le', greatest));
}

function compared(of: Expression, test: 'eq' | 'lt' | 'le' | 'gt' | 'ge', value: bigint): Selection {
  return { op: 'compare', of, test, value };
}
