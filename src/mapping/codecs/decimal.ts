import { decimal as number } from '../../fhir/decimal.js';
import { compareDecimal, decimalText } from '../../source/decimal.js';
import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';

/** A number with the digits that the source shows (R4 datatypes.html#decimal: `1.50` is not `1.5`). */
export const decimal: Codec<number> = {
  kind: 'normalising',
  as: 'decimal',
  type: 'decimal',
  decode: (value) => number(value as string) as number | undefined,
  encode: (value, previous) => {
    const text = decimalText(String(value))!;
    const held = previous === undefined || previous === null ? undefined : decimalText(String(previous).trim());
    return held !== undefined && compareDecimal(held, text) === 0 ? previous! : text;
  },
  preimage: (test, of) => {
    if (test.test === 'present') return exactly({ op: 'present', of });
    return test.test === 'number' ? exactly({ op: 'compare', of, test: test.than, value: test.value }) : never;
  },
  order: (of) => of,
};
