import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { text } from './text.js';

/**
 * Texts of a form, as a FHIR type. What has not the form is undecodable, so only a whole text finds its rows natively. `holds` is a
 * part of the mapping's meaning: it stands in the table.
 */
export function textThat(type: string, holds: (text: string) => boolean): Codec<string> {
  return {
    kind: 'normalising',
    as: 'text',
    type,
    table: holds,
    decode: (value) => (holds(value as string) ? (value as string) : undefined),
    encode: text.encode,
    preimage: (test, of) => {
      switch (test.test) {
        case 'present':
          return { lo: never.lo, hi: { op: 'present', of } };
        case 'equals':
          return holds(test.text) ? exactly({ op: 'compare', of, test: 'eq', value: test.text }) : never;
        case 'prefix':
        case 'contains':
          return { lo: never.lo, hi: text.preimage(test, of).hi };
        default:
          return never;
      }
    },
    order: () => undefined,
  };
}
