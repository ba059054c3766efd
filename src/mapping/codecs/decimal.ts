import { decimal as number } from '../../fhir/decimal.js';
import { decimalText } from '../../source/decimal.js';
import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { held } from './held.js';

const was = held('decimal');

/** A number with the digits that the source shows (R4 datatypes.html#decimal: `1.50` is not `1.5`). */
export const decimal: Codec<number> = {
  kind: 'normalising',
  as: 'decimal',
  type: 'decimal',
  decode: (value) => number(value as string) as number | undefined,
  encode: (value, previous) => {
    const text = decimalText(String(value))!;
    return was(previous) === text ? previous! : text;
  },
  preimage: (test, of) => {
    if (test.test === 'present') return exactly({ op: 'present', of });
    return test.test === 'number' ? exactly({ op: 'compare', of, test: test.than, value: test.value }) : never;
  },
  order: (of) => of,
};
