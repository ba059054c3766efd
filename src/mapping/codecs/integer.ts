import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';

/** A whole number of at most 64 bits (FHIR integer, positiveInt, unsignedInt: those that fit 53 bits are served as numbers). */
export const integer: Codec<number> = {
  kind: 'normalising',
  as: 'integer',
  type: 'integer',
  decode: (value) => {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  encode: (value, previous) => (previous !== undefined && previous !== null && Number(previous) === value ? previous : BigInt(value)),
  preimage: (test, of) => {
    if (test.test === 'present') return exactly({ op: 'present', of });
    if (test.test !== 'number') return never;
    const whole = /^-?\d+(\.0+)?$/.test(test.value);
    if (whole) return exactly({ op: 'compare', of, test: test.than, value: BigInt(test.value.split('.')[0]!) });
    // Between two whole numbers: nothing equals it, and the bounds round outwards.
    if (test.than === 'eq') return never;
    const floor = BigInt(test.value.split('.')[0]!) - (test.value.startsWith('-') ? 1n : 0n);
    return exactly({ op: 'compare', of, test: test.than === 'lt' || test.than === 'le' ? 'le' : 'gt', value: floor });
  },
  order: (of) => of,
};
