import type { Expression } from '../../source/expression.js';
import { and, FALSE, not, type Selection } from '../../source/selection.js';
import { exactly, never } from '../bracket.js';
import type { Codec, ValueTest } from '../codec.js';

const day = 86_400_000;

/** Text `YYYY`, `YYYY-MM` or `YYYY-MM-DD` as a FHIR date of the same precision (R4 datatypes.html#date). */
export const date: Codec<string> = {
  kind: 'normalising',
  as: 'date',
  type: 'date',
  decode: (value) => value as string,
  encode: (value, previous) => (typeof previous === 'string' && previous.trim() === value ? previous : value),
  preimage: (test, of) => {
    switch (test.test) {
      case 'present':
        return exactly({ op: 'present', of });
      case 'equals':
        return exactly({ op: 'compare', of, test: 'eq', value: test.text });
      case 'low':
      case 'high':
        return exactly(rangeEnd(test, of));
      default:
        return never;
    }
  },
  order: (of) => of,
};

/**
 * Dates as text order by code point as their ranges begin, but for the shorter dates that contain the boundary: `1990` and
 * `1990-05` stand before `1990-05-07`. Those few are named.
 */
function rangeEnd(test: Extract<ValueTest, { test: 'low' | 'high' }>, of: Expression): Selection {
  const down = Math.floor(test.at / day) * day;
  const up = Math.ceil(test.at / day) * day;
  const negative = test.than === 'ge' || test.than === 'gt';
  // Every end of a date's range is a midnight, so each test is `end < boundary`, or its complement.
  const boundary =
    test.test === 'low'
      ? test.than === 'lt' || test.than === 'ge' ? up : down + day
      : test.than === 'lt' || test.than === 'ge' ? up - day : down;
  const below = test.test === 'low' ? startsBefore(boundary, of) : endsBy(boundary, of);
  return negative ? and({ op: 'present', of }, not(below)) : below;
}

/** The first instant of the range is before the midnight `at`. */
function startsBefore(at: number, of: Expression): Selection {
  const text = midnight(at);
  if (text === undefined) return beyond(at, of);
  const [year, month, dayOfMonth] = text.split('-') as [string, string, string];
  const notBefore = dayOfMonth !== '01' ? [] : month !== '01' ? [`${year}-${month}`] : [year, `${year}-${month}`];
  return before(text, notBefore, of);
}

/** The range ends at or before the midnight `at`. */
function endsBy(at: number, of: Expression): Selection {
  const text = midnight(at);
  return text === undefined ? beyond(at, of) : before(text, [text.slice(0, 4), text.slice(0, 7)], of);
}

function before(text: string, except: readonly string[], of: Expression): Selection {
  const below: Selection = { op: 'compare', of, test: 'lt', value: text };
  return except.length === 0 ? below : and(below, not({ op: 'in', of, values: except }));
}

const earliest = Date.UTC(2000, 0, 1) - 730_119 * day;
const latest = Date.UTC(9999, 11, 31) + day;

/** `YYYY-MM-DD` of a midnight; undefined before or after every date there is (years 0001 to 9999). */
function midnight(at: number): string | undefined {
  return at <= earliest || at >= latest ? undefined : new Date(at).toISOString().slice(0, 10);
}

function beyond(at: number, of: Expression): Selection {
  return at <= earliest ? FALSE : { op: 'present', of };
}
