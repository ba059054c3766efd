import { type DateRange, dateRange, instantRange, periodRange, timingRange } from '../fhir/date-range.js';
import type { ElementTest } from '../fhir/values-at.js';
import type { DateValue, Prefix } from './query.js';

/** How the range of an element stands to that of the search value: R4 search.html#prefix. */
export const prefixes: Readonly<Record<Prefix, (search: DateRange, target: DateRange) => boolean>> = {
  eq: contains,
  ne: (search, target) => !contains(search, target),
  gt: (search, target) => target.high > search.high,
  lt: (search, target) => target.low < search.low,
  ge: (search, target) => target.high > search.high || contains(search, target),
  le: (search, target) => target.low < search.low || contains(search, target),
  sa: (search, target) => target.low >= search.high,
  eb: (search, target) => target.high <= search.low,
  ap: (search, target) => target.low < search.high && target.high > search.low,
};

function contains(search: DateRange, target: DateRange): boolean {
  return search.low <= target.low && target.high <= search.high;
}

/** The range of an element of a type that a date search reads; undefined for any other type. */
export function dateReader(type: string): ((value: unknown) => DateRange | undefined) | undefined {
  switch (type) {
    case 'date':
    case 'dateTime':
      return (value) => (typeof value === 'string' ? dateRange(value) : undefined);
    case 'instant':
      return (value) => (typeof value === 'string' ? instantRange(value) : undefined);
    case 'Period':
      return (value) => periodRange(value as object);
    case 'Timing':
      return (value) => timingRange(value as object);
    default:
      return undefined;
  }
}

/** R4 search.html#date. An element that is not a date matches nothing, `ne` included. */
export function dateTest(values: readonly DateValue[], type: string): ElementTest | undefined {
  const read = dateReader(type);
  if (!read) return undefined;
  return (value) => {
    const target = read(value);
    return target !== undefined && values.some((search) => prefixes[search.prefix](search, target));
  };
}
