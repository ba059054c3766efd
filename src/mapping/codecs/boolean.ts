import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { held } from './held.js';

const was = held('boolean');

/** A boolean, 0 or 1, or `true/false/yes/no` in any case (FHIR boolean). */
export const boolean: Codec<boolean> = {
  kind: 'normalising',
  as: 'boolean',
  type: 'boolean',
  decode: (value) => value as boolean,
  encode: (value, previous) => (was(previous) === value ? previous! : value),
  preimage: (test, of) => {
    if (test.test === 'present') return exactly({ op: 'present', of });
    if (test.test !== 'equals' || (test.text !== 'true' && test.text !== 'false')) return never;
    return exactly({ op: 'compare', of, test: 'eq', value: test.text === 'true' });
  },
  order: () => undefined,
};
