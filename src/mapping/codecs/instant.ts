import { isDateTime, isInstant } from '../../source/calendar.js';
import type { Expression } from '../../source/expression.js';
import { and, FALSE, or, type Selection } from '../../source/selection.js';
import { type Bracket, exactly, never } from '../bracket.js';
import { type Codec, EncodeError, type ValueTest } from '../codec.js';
import { byEnds } from '../search/date.js';
import { held } from './held.js';

const was = held('instant');
const second = 1000;

/** A moment of UTC as a FHIR dateTime or instant, to the second or as finely as it is written. */
export const instant: Codec<string> = {
  kind: 'normalising',
  as: 'instant',
  type: 'dateTime',
  decode: (value) => decode(value as string),
  encode: (value, previous) => {
    const text = was(previous);
    if (text !== null && decode(text as string) === value) return previous!;
    return ofUtc(value) ?? new EncodeError('It is no moment, told to the second.');
  },
  preimage,
  // A fraction of a second stands before the letter that ends a text, so that texts of one second are not in the order of time.
  order: () => undefined,
};

/** A moment with any offset, with that of UTC; its fraction as it is written. */
function ofUtc(value: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value);
  if (!match || !isDateTime(value)) return undefined;
  const text = `${new Date(Date.parse(match[1]! + match[3]!)).toISOString().slice(0, 19)}${match[2] ?? ''}Z`;
  return isInstant(text) ? text : undefined;
}

function decode(text: string): string {
  return text.replace(' ', 'T');
}

function preimage(test: ValueTest, of: Expression): Bracket {
  switch (test.test) {
    case 'present':
      return exactly({ op: 'present', of });
    case 'equals':
      return { lo: FALSE, hi: { op: 'present', of } };
    case 'range':
      return byEnds(test, {
        present: exactly({ op: 'present', of }),
        low: (than, at) => preimage({ test: 'low', than, at }, of),
        high: (than, at) => preimage({ test: 'high', than, at }, of),
      });
    case 'low':
    case 'high':
      return atEnd(test, of);
    default:
      return never;
  }
}

/**
 * One end of a moment's range against an instant. A moment of a whole second lasts it, one with a fraction a millisecond: at whole
 * seconds it is certain on which side it lies, between them it is so but for the moments of that second.
 */
function atEnd({ test: end, than, at }: Extract<ValueTest, { test: 'low' | 'high' }>, of: Expression): Bracket {
  const floor = Math.floor(at / second) * second;
  const ceiling = Math.ceil(at / second) * second;
  const outer = end === 'high' && (than === 'ge' || than === 'lt') ? floor - second : floor;
  const inner = end === 'low' && (than === 'gt' || than === 'le') ? floor + second : ceiling;
  const sides = than === 'gt' || than === 'ge' ? { lo: since(inner, of), hi: since(outer, of) } : undefined;
  if (inner === outer) return exactly(sides ? sides.hi : before(inner, of));
  return sides ?? { lo: before(outer, of), hi: before(inner, of) };
}

/** Both notations of the time stand behind the day: with a blank before those with a letter. */
function since(at: number, of: Expression): Selection {
  const said = textAt(at);
  if (said === 'first') return { op: 'present', of };
  if (said === 'last') return FALSE;
  const [day, time] = said;
  const blank = and(
    { op: 'compare', of, test: 'ge', value: `${day} ${time}` },
    { op: 'compare', of, test: 'lt', value: `${day}!` },
  );
  return or({ op: 'compare', of, test: 'ge', value: `${day}T${time}` }, blank);
}

function before(at: number, of: Expression): Selection {
  const said = textAt(at);
  if (said === 'first') return FALSE;
  if (said === 'last') return { op: 'present', of };
  const [day, time] = said;
  const letter = and(
    { op: 'compare', of, test: 'ge', value: `${day}T` },
    { op: 'compare', of, test: 'lt', value: `${day}T${time}` },
  );
  return or({ op: 'compare', of, test: 'lt', value: `${day} ${time}` }, letter);
}

const earliest = Date.UTC(2000, 0, 1) - 730_119 * 86_400_000;
const latest = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The day and time of a whole second; `first` and `last` before and after every one there is (years 0001 to 9999). */
function textAt(at: number): readonly [day: string, time: string] | 'first' | 'last' {
  if (at <= earliest) return 'first';
  if (at > latest) return 'last';
  const text = new Date(at).toISOString();
  return [text.slice(0, 10), text.slice(11, 19)];
}
