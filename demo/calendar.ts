const DAY = 86_400_000;

/** The day on which the hospitals stopped writing: the generator never reads the clock, or no two runs would agree. */
export const REFERENCE_DAY = dayOf(2025, 6, 30);

/** Days since 1970-01-01. */
export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY;
}

/** Days since 1970-01-01 -> YYYY-MM-DD. */
export function isoDate(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
