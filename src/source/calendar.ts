const date = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const dateTime = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?$/;
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Is the text `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a year, month or day that exists (years 0001 to 9999)? */
export function isDate(text: string): boolean {
  const match = date.exec(text);
  return match !== null && dayExists(match);
}

/** Is the text a local or zoned date and time (seconds optional), or a date? */
export function isDateTime(text: string): boolean {
  const match = dateTime.exec(text);
  if (match === null) return isDate(text);
  return dayExists(match) && Number(match[4]) < 24 && Number(match[5]) < 60 && Number(match[6] ?? 0) < 60;
}

const moment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|\+00:00)$/;

/** Is the text a date and time of UTC that says so, to the second at least? */
export function isInstant(text: string): boolean {
  return moment.test(text) && isDateTime(text);
}

function dayExists(match: RegExpExecArray): boolean {
  const year = Number(match[1]);
  if (year === 0) return false;
  if (match[2] === undefined) return true;
  const month = Number(match[2]);
  if (month < 1 || month > 12) return false;
  if (match[3] === undefined) return true;
  const day = Number(match[3]);
  if (day < 1 || day > monthDays[month - 1]!) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}
