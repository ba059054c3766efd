import { isoDate } from './calendar.js';
import type { Random } from './random.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** A day as people type it: mostly 2024-03-05, else 05/03/2024 (day first), 5 Mar 2024 or March 5, 2024; now and then no date at all. */
export function writtenDate(day: number, random: Random): string {
  const iso = isoDate(day);
  const [year, month, dayOfMonth] = iso.split('-') as [string, string, string];
  const at = Number(month) - 1;
  switch (random.integer(0, 9)) {
    case 0:
      return `${dayOfMonth}/${month}/${year}`;
    case 1:
      return `${Number(dayOfMonth)} ${MONTHS[at]} ${year}`;
    case 2:
      return `${MONTH_NAMES[at]} ${Number(dayOfMonth)}, ${year}`;
    case 3:
      return `${iso}T${String(random.integer(8, 19)).padStart(2, '0')}:${random.pick(['00', '15', '30', '45'])}:00`;
    default:
      return random.chance(0.01) ? random.pick(['soon', `${month}/${dayOfMonth}/${year.slice(2)}`]) : iso;
  }
}
