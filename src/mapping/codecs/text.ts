import type { Expression } from '../../source/expression.js';
import { fold } from '../../source/fold.js';
import { exactly, never } from '../bracket.js';
import type { Codec, ValueTest } from '../codec.js';
import { held } from './held.js';

const was = held('text');

/** A text as it stands, without white space at its ends (FHIR string). */
export const text: Codec<string> = {
  kind: 'normalising',
  as: 'text',
  type: 'string',
  decode: (value) => value as string,
  encode: (value, previous) => (was(previous) === value ? previous! : value),
  preimage: (test, of) => {
    switch (test.test) {
      case 'present':
        return exactly({ op: 'present', of });
      case 'equals':
        return exactly({ op: 'compare', of, test: 'eq', value: test.text });
      case 'prefix':
      case 'contains':
        return exactly({ op: test.test, of: folded(of), value: test.folded });
      default:
        return never;
    }
  },
  order: folded,
};

/** R4 search.html#_sort: strings order without case (and here without accents). */
export function folded(of: Expression): Expression {
  return { ...of, as: 'fold' };
}

/** Does a decoded text pass the test? The meaning that `preimage` inverts. */
export function passes(value: string, test: ValueTest): boolean {
  switch (test.test) {
    case 'present':
      return true;
    case 'equals':
      return value === test.text;
    case 'prefix':
      return fold(value).startsWith(test.folded);
    case 'contains':
      return fold(value).includes(test.folded);
    default:
      return false;
  }
}
