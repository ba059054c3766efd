import { dateRange } from '../fhir/date-range.js';
import type { DateValue } from '../query/query.js';
import { unescaped } from './escape.js';
import { invalidValue } from './invalid-value.js';
import { readPrefix } from './prefix.js';

/**
 * R4 search.html#date. A time without zone is UTC; a `+` that URL decoding made a space is taken for what it was. `ap`
 * widens both ends by a tenth of the distance from `now` to the start.
 */
export function parseDate(text: string, parameter: string, now: Date): DateValue {
  const { prefix, rest } = readPrefix(unescaped(text, parameter).trim());
  const plus = rest.replace(/ (?=\d\d:\d\d$)/, '+');
  const asked = plus.includes('T') && !/(?:Z|[+-]\d\d:\d\d)$/.test(plus) ? `${plus}Z` : plus;
  const range = dateRange(asked);
  if (!range) {
    throw invalidValue(
      parameter,
      'a date YYYY, YYYY-MM or YYYY-MM-DD, or a date and time YYYY-MM-DDThh:mm[:ss] with an optional zone',
    );
  }
  if (prefix !== 'ap') return { kind: 'date', prefix, text: asked, ...range };
  const widening = Math.floor(Math.abs(now.getTime() - range.low) / 10);
  return { kind: 'date', prefix, text: asked, low: range.low - widening, high: range.high + widening };
}
