/** The half-open range [low, high) of epoch milliseconds that a value covers (R4 search.html#date). */
export interface InstantRange {
  readonly low: number;
  readonly high: number;
}

const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The range of a date, dateTime or instant text: its year, month, day, minute or second; with a fraction of a second, one
 * millisecond. Without zone: UTC. Undefined when there is no such day or time.
 */
export function instants(text: string): InstantRange | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  if (Number(year) === 0) return undefined;
  if (month === undefined) return { low: utc(Number(year), 0, 1), high: utc(Number(year) + 1, 0, 1) };
  const monthIndex = Number(month) - 1;
  if (monthIndex < 0 || monthIndex > 11) return undefined;
  if (day === undefined) return { low: utc(Number(year), monthIndex, 1), high: utc(Number(year), monthIndex + 1, 1) };
  const midnight = utc(Number(year), monthIndex, Number(day));
  if (Number(day) < 1 || new Date(midnight).getUTCMonth() !== monthIndex) return undefined;
  if (hour === undefined) return { low: midnight, high: midnight + 86_400_000 };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  const offset = zoneMinutes(zone);
  if (offset === undefined) return undefined;
  const whole = midnight + (Number(hour) * 60 + Number(minute) - offset) * 60_000 + Number(second ?? 0) * 1000;
  if (second === undefined) return { low: whole, high: whole + 60_000 };
  if (fraction === undefined) return { low: whole, high: whole + 1000 };
  const low = whole + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { low, high: low + 1 };
}

/** `Date.UTC` takes a year below 100 for one of the 1900s. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  if (minutes > 14 * 60 || Number(zone.slice(4, 6)) > 59) return undefined;
  return zone.startsWith('-') ? -minutes : minutes;
}
