/** A half-open range of instants, [low, high), in epoch milliseconds; -Infinity and Infinity where it is open. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

// R4 datatypes.html#dateTime: hours need minutes; R4 search.html#date: a search value may leave out the seconds.
const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The implicit range of a date, dateTime or instant (R4 search.html#date): a year, month, day, minute or second is as long
 * as it is written; with a fraction of a second it is one millisecond, the server's own precision. A time without zone is
 * UTC. Undefined when the text is not such a value (`2013-13-01`, `2013-02-30`, hour 24, a leap
 * second, year 0000).
 */
export function dateRange(text: string): DateRange | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const year = Number(match[1]);
  if (year === 0) return undefined;
  if (match[2] === undefined) return { low: instant(year, 0, 1), high: instant(year + 1, 0, 1) };
  const month = Number(match[2]) - 1;
  if (month < 0 || month > 11) return undefined;
  if (match[3] === undefined) return { low: instant(year, month, 1), high: instant(year, month + 1, 1) };
  const date = Number(match[3]);
  if (date < 1 || date > daysIn(year, month)) return undefined;
  const day = instant(year, month, date);
  if (match[4] === undefined) return { low: day, high: day + 86_400_000 };
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6] ?? 0);
  const offset = offsetOf(match[8]);
  if (hour > 23 || minute > 59 || second > 59 || offset === undefined) return undefined;
  const time = day + (hour * 3600 + minute * 60 + second) * 1000 - offset;
  if (match[6] === undefined) return { low: time, high: time + 60_000 };
  if (match[7] === undefined) return { low: time, high: time + 1000 };
  const low = time + Number(match[7].slice(0, 3).padEnd(3, '0'));
  return { low, high: low + 1 };
}

/** An `instant` is a point: the shortest range there is, one millisecond (R4 search.html#date: its width is 0). */
export function instantRange(text: string): DateRange | undefined {
  const range = dateRange(text);
  return range && { low: range.low, high: range.low + 1 };
}

/** The range of a Period: a missing start is unbounded below, a missing end above. Undefined when it has neither, or one is not a date. */
export function periodRange(period: { readonly start?: unknown; readonly end?: unknown }): DateRange | undefined {
  const { start, end } = period;
  if (start === undefined && end === undefined) return undefined;
  const from = start === undefined ? { low: Number.NEGATIVE_INFINITY } : rangeOf(start);
  const to = end === undefined ? { high: Number.POSITIVE_INFINITY } : rangeOf(end);
  return from && to && { low: from.low, high: to.high };
}

/** The outer limits of a Timing: from its earliest event or bound to its latest (R4 search.html#date). */
export function timingRange(timing: { readonly event?: unknown; readonly repeat?: unknown }): DateRange | undefined {
  const events = Array.isArray(timing.event) ? timing.event.map(rangeOf) : [];
  const bounds = (timing.repeat as { boundsPeriod?: object } | undefined)?.boundsPeriod;
  const ranges = [...events, bounds && periodRange(bounds)].filter((range) => range !== undefined);
  if (ranges.length === 0) return undefined;
  return { low: Math.min(...ranges.map((r) => r.low)), high: Math.max(...ranges.map((r) => r.high)) };
}

function rangeOf(value: unknown): DateRange | undefined {
  return typeof value === 'string' ? dateRange(value) : undefined;
}

/** `Date.UTC` reads the years 0 to 99 as 1900 to 1999. */
function instant(year: number, month: number, date: number): number {
  return year > 99 ? Date.UTC(year, month, date) : new Date(0).setUTCFullYear(year, month, date);
}

function daysIn(year: number, month: number): number {
  return new Date(instant(year, month + 1, 1) - 86_400_000).getUTCDate();
}

/** Milliseconds east of UTC; XML Schema limits an offset to 14 hours. */
function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  if (minutes > 14 * 60 || Number(zone.slice(4, 6)) > 59) return undefined;
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}
