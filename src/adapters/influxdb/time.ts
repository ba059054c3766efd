/**
 * The time of a point: nanoseconds since 1970 as `YYYY-MM-DDThh:mm:ss[.fff[fff[fff]]]Z`, never through a Float. Texts of one
 * second are not in the order of time (`.` comes before `Z`); texts of different seconds are.
 */

const second = 1_000_000_000n;

export function timeText(nanoseconds: bigint): string {
  const seconds = floor(nanoseconds);
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = String(nanoseconds - seconds * second)
    .padStart(9, '0')
    .replace(/(000){1,3}$/, '');
  return fraction === '' ? `${text}Z` : `${text}.${fraction}Z`;
}

/** The nanoseconds of a text as `timeText` writes it; undefined of any other. */
export function timeOfText(text: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{3}|\d{6}|\d{9}))?Z$/.exec(text);
  const milliseconds = match ? Date.parse(`${match[1]}Z`) : Number.NaN;
  if (Number.isNaN(milliseconds)) return undefined;
  const nanoseconds = BigInt(milliseconds) * 1_000_000n + BigInt((match![2] ?? '').padEnd(9, '0'));
  return timeText(nanoseconds) === text ? nanoseconds : undefined;
}

/** The whole second that a time lies in, in seconds. */
export function floor(nanoseconds: bigint): bigint {
  const seconds = nanoseconds / second;
  return nanoseconds < 0n && seconds * second !== nanoseconds ? seconds - 1n : seconds;
}

export const nanoseconds = (seconds: bigint): bigint => seconds * second;

/** Texts are cut where a year, month, day, hour, minute or second ends. */
const cuts: readonly (readonly [length: number, pattern: RegExp])[] = [
  [19, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/],
  [16, /^\d{4}-\d\d-\d\dT\d\d:\d\d$/],
  [13, /^\d{4}-\d\d-\d\dT\d\d$/],
  [10, /^\d{4}-\d\d-\d\d$/],
  [7, /^\d{4}-\d\d$/],
  [4, /^\d{4}$/],
];

export interface Span {
  /** Seconds. */
  readonly from: bigint;
  /** Seconds; exclusive. */
  readonly until: bigint;
  /** The text is no longer than what it spans: a time that begins with it comes after it, as text. */
  readonly whole: boolean;
}

/** The times whose text begins as another text does, as far as that is a time; undefined when it is not even a year. */
export function spanOf(text: string): Span | undefined {
  for (const [length, pattern] of cuts) {
    const start = text.slice(0, length);
    if (!pattern.test(start)) continue;
    const from = Date.parse(`${start}${'0000-01-01T00:00:00'.slice(length)}Z`);
    // A day that does not exist says something of the month it would lie in.
    if (Number.isNaN(from) || new Date(from).toISOString().slice(0, length) !== start) continue;
    return { from: BigInt(from) / 1000n, until: BigInt(end(from, length)) / 1000n, whole: text.length === length };
  }
  return undefined;
}

function end(from: number, length: number): number {
  const at = new Date(from);
  switch (length) {
    case 4:
      return Date.UTC(at.getUTCFullYear() + 1, 0, 1);
    case 7:
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
    default:
      return from + (length === 10 ? 86_400_000 : length === 13 ? 3_600_000 : length === 16 ? 60_000 : 1_000);
  }
}
