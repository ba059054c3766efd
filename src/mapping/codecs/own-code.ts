import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { isCode } from './concept.js';
import { folded, text } from './text.js';

/**
 * A text as a FHIR `code` of the source's own system (`Coding.code`). What has not a code's form (R4 datatypes.html#code) is
 * undecodable, so only an exact code finds its rows natively.
 */
export const ownCode: Codec<string> = {
  kind: 'normalising',
  as: 'text',
  type: 'code',
  decode: (value) => (isCode(value as string) ? (value as string) : undefined),
  encode: text.encode,
  preimage: (test, of) => {
    switch (test.test) {
      case 'present':
        return { lo: never.lo, hi: { op: 'present', of } };
      case 'equals':
        return isCode(test.text) ? exactly({ op: 'compare', of, test: 'eq', value: test.text }) : never;
      case 'prefix':
      case 'contains':
        return { lo: never.lo, hi: { op: test.test, of: folded(of), value: test.folded } };
      default:
        return never;
    }
  },
  order: () => undefined,
};
