import { isDate, isDateTime } from '../../source/calendar.js';
import { FALSE } from '../../source/selection.js';
import { never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { dateTime } from './date-time.js';
import { held } from './held.js';

/** What the first of two numbers is where a date is written in numbers alone; the source's owner knows, its texts do not tell. */
export type DateOrder = 'day-first' | 'month-first';

const was = held('text');
const numbers = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/;
const dayMonthYear = /^(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})$/i;
const monthDayYear = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i;
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/**
 * A column of dates in several notations as a FHIR dateTime: `2024-03-05`, with a time too (read in the source's zone where it has
 * no offset), `5/3/2024`, `05.03.2024`, `5 Mar 2024`, `March 5, 2024`. A year of two digits, a month that does not exist in the
 * declared order and any other text is undecodable: nothing is guessed. Their texts do not order as dates do, so a search looks at
 * every row that has one.
 */
export function writtenDate(order: DateOrder, zone: string): Codec<string> {
  const iso = dateTime(zone);
  const decode = (text: string) => (isDateTime(text) ? iso.decode(text) : day(text, order));
  return {
    kind: 'normalising',
    as: 'text',
    type: 'dateTime',
    table: { order, zone },
    decode: (value) => decode(value as string),
    encode: (value, previous) => {
      const text = was(previous);
      return text !== null && decode(text as string) === value ? previous! : value;
    },
    preimage: ({ test }, of) => {
      const asked = test === 'present' || test === 'equals' || test === 'range' || test === 'low' || test === 'high';
      return asked ? { lo: FALSE, hi: { op: 'present', of } } : never;
    },
    order: () => undefined,
  };
}

function day(text: string, order: DateOrder): string | undefined {
  const written = numbers.exec(text);
  if (written) {
    const [, first, , second, year] = written;
    return order === 'day-first' ? isoDay(year!, second!, first!) : isoDay(year!, first!, second!);
  }
  const named = dayMonthYear.exec(text);
  if (named) return isoDay(named[3]!, monthOf(named[2]!), named[1]!);
  const american = monthDayYear.exec(text);
  return american ? isoDay(american[3]!, monthOf(american[1]!), american[2]!) : undefined;
}

/** The number of a month by its English name, or at least three letters of it. */
function monthOf(name: string): string {
  return String(months.findIndex((month) => month.startsWith(name.toLowerCase())) + 1);
}

function isoDay(year: string, month: string, dayOfMonth: string): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`;
  return isDate(text) ? text : undefined;
}
