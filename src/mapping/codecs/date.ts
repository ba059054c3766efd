import { dateRange } from '../../fhir/date-range.js';
import { prefixes } from '../../query/date-test.js';
import type { Expression } from '../../source/expression.js';
import { compareText } from '../../source/fold.js';
import { and, FALSE, not, or, type Selection } from '../../source/selection.js';
import { trim } from '../../source/space.js';
import { exactly, never } from '../bracket.js';
import type { Codec, ValueTest } from '../codec.js';

const day = 86_400_000;

/** Text `YYYY`, `YYYY-MM` or `YYYY-MM-DD` as a FHIR date of the same precision (R4 datatypes.html#date). */
export const date: Codec<string> = {
  kind: 'normalising',
  as: 'date',
  type: 'date',
  decode: (value) => value as string,
  encode: (value, previous) => (typeof previous === 'string' && trim(previous) === value ? previous : value),
  preimage: (test, of) => {
    switch (test.test) {
      case 'present':
        return exactly({ op: 'present', of });
      case 'equals':
        return exactly({ op: 'compare', of, test: 'eq', value: test.text });
      case 'range':
        return exactly(inRange(test, of));
      case 'low':
      case 'high':
        return exactly(atEnd(test, of));
      default:
        return never;
    }
  },
  order: (of) => of,
};

/** Midnights from `from` on, up to but without `to`: what days are selected; or, `outside`, all the others. */
interface Days {
  readonly from: number;
  readonly to: number;
  readonly outside?: boolean;
}

/** The days whose range stands so to the search value's: a day is [d, d + 1). */
function days({ prefix, low, high }: Extract<ValueTest, { test: 'range' }>): Days {
  const all = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  switch (prefix) {
    case 'eq':
      return { from: up(low), to: down(high) };
    case 'ne':
      return { from: up(low), to: down(high), outside: true };
    case 'gt':
      return { ...all, from: down(high) };
    case 'lt':
      return { ...all, to: up(low) };
    case 'ge':
      return { ...all, from: Math.min(up(low), down(high)) };
    case 'le':
      return { ...all, to: Math.max(up(low), down(high)) };
    case 'sa':
      return { ...all, from: up(high) };
    case 'eb':
      return { ...all, to: down(low) };
    case 'ap':
      return { from: down(low), to: up(high) };
  }
}

/**
 * Dates as text order by code point as their ranges begin. Only the years and months that contain a boundary stand on its one
 * side and may belong to the other: those few are asked by name.
 */
function inRange(test: Extract<ValueTest, { test: 'range' }>, of: Expression): Selection {
  const passes = (text: string) => prefixes[test.prefix](test, dateRange(text)!);
  return select(days(test), [test.low, test.high], passes, of);
}

/** One end of the range against an instant. */
function atEnd({ test: end, than, at }: Extract<ValueTest, { test: 'low' | 'high' }>, of: Expression): Selection {
  const all = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  // A day begins at or after `at`: from the midnight at or after it; it ends after `at`: from the midnight before it.
  const from =
    end === 'low'
      ? than === 'gt' || than === 'le'
        ? down(at) + day
        : up(at)
      : than === 'gt' || than === 'le'
        ? down(at)
        : up(at) - day;
  const bounds = than === 'ge' || than === 'gt' ? { ...all, from } : { ...all, to: from };
  return select(bounds, [at], (text) => ordered[than](dateRange(text)![end] - at), of);
}

const ordered = {
  lt: (order: number) => order < 0,
  le: (order: number) => order <= 0,
  gt: (order: number) => order > 0,
  ge: (order: number) => order >= 0,
};

function select(
  { from, to, outside }: Days,
  boundaries: readonly number[],
  passes: (text: string) => boolean,
  of: Expression,
): Selection {
  const low = outside ? midnight(from) : lowest(midnight(from), passes);
  const high = outside ? midnight(to) : lowest(midnight(to), (text) => !passes(text));
  const inside = (text: string) =>
    (low === 'first' || compareText(text, low) >= 0) &&
    high !== 'first' &&
    (high === 'last' || compareText(text, high) < 0) &&
    low !== 'last' &&
    from < to;
  const partial = [
    ...new Set(
      [...new Set([from, to, ...boundaries.flatMap((at) => [down(at), up(at)])])]
        .map(midnight)
        .filter((text) => text.length === 10)
        .flatMap((text) => [text.slice(0, 4), text.slice(0, 7)]),
    ),
  ];
  const added: string[] = [];
  const removed: string[] = [];
  for (const text of partial) {
    const lets = passes(text);
    if (lets === (inside(text) === Boolean(outside))) (lets ? added : removed).push(text);
  }
  const range = between(low, high, from < to, of);
  const chosen = outside ? and({ op: 'present', of }, not(range)) : range;
  const kept = removed.length === 0 ? chosen : and(chosen, not({ op: 'in', of, values: removed }));
  const named: Selection = added.length === 0 ? FALSE : { op: 'in', of, values: added };
  const least = [low, ...added].sort(compareText)[0]!;
  // An index is searched by its bounds: those of the whole stand outside, what they let through too much is left out within.
  const bounded = !outside && range.op !== 'false' && added.length > 0 && low !== 'first' && added.every(below(high));
  return bounded ? and(between(least, high, true, of), or(kept, named)) : or(kept, named);
}

/** The least text to begin at instead: no text lies between the first day of a month or year and that month or year, which the test lets in. */
function lowest(text: string, lets: (partial: string) => boolean): string {
  if (!text.endsWith('-01') || !lets(text.slice(0, 7))) return text;
  return text.endsWith('-01-01') && lets(text.slice(0, 4)) ? text.slice(0, 4) : text.slice(0, 7);
}

function below(high: string): (text: string) => boolean {
  return (text) => high === 'last' || compareText(text, high) < 0;
}

function between(low: string, high: string, some: boolean, of: Expression): Selection {
  if (!some || low === 'last' || high === 'first') return FALSE;
  const from: Selection = low === 'first' ? { op: 'present', of } : { op: 'compare', of, test: 'ge', value: low };
  if (high === 'last') return from;
  const to: Selection = { op: 'compare', of, test: 'lt', value: high };
  return low === 'first' ? to : and(from, to);
}

function down(at: number): number {
  return Math.floor(at / day) * day;
}

function up(at: number): number {
  return Math.ceil(at / day) * day;
}

const earliest = Date.UTC(2000, 0, 1) - 730_119 * day;
const latest = Date.UTC(9999, 11, 31) + day;

/** `YYYY-MM-DD` of a midnight; `first` and `last` before and after every date there is (years 0001 to 9999). */
function midnight(at: number): string {
  if (at <= earliest) return 'first';
  return at >= latest ? 'last' : new Date(at).toISOString().slice(0, 10);
}
