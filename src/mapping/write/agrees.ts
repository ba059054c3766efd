import { dateRange } from '../../fhir/date-range.js';
import { Decimal } from '../../fhir/decimal.js';

/** Are two values of JSON one and the same? Decimals are by their text (R4 datatypes.html#decimal: `1.50` is not `1.5`). */
export function same(asked: unknown, found: unknown): boolean {
  if (isNumber(asked) || isNumber(found)) return isNumber(asked) && isNumber(found) && String(asked) === String(found);
  if (typeof asked !== 'object' || typeof found !== 'object' || asked === null || found === null)
    return asked === found;
  if (Array.isArray(asked) || Array.isArray(found))
    return (
      Array.isArray(asked) &&
      Array.isArray(found) &&
      asked.length === found.length &&
      asked.every((one, i) => same(one, found[i]))
    );
  const [one, other] = [Object.entries(asked), found as Record<string, unknown>];
  return one.length === Object.keys(other).length && one.every(([name, value]) => same(value, other[name]));
}

/** Is all that was asked for among what is found? A concept comes back with the codings that its text is translated to. */
export function covers(asked: unknown, found: unknown): boolean {
  if (Array.isArray(asked))
    return Array.isArray(found) && asked.every((one) => found.some((other) => covers(one, other)));
  if (typeof asked !== 'object' || asked === null || asked instanceof Decimal) return same(asked, found);
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(asked).every(([name, value]) => covers(value, (found as Record<string, unknown>)[name]));
}

/** Is it the same moment, told as finely? The offset is that of the source (R4 datatypes.html#dateTime). */
export function sameMoment(asked: unknown, found: unknown): boolean {
  if (asked === found) return true;
  if (typeof asked !== 'string' || typeof found !== 'string') return false;
  if (!asked.includes('T') || !found.includes('T')) return false;
  const [one, other] = [dateRange(wholeSeconds(asked)), dateRange(wholeSeconds(found))];
  return one?.low === other?.low && one?.high === other?.high && fraction(asked) === fraction(found);
}

/** A database that keeps milliseconds writes them where there are none. */
function wholeSeconds(text: string): string {
  return text.replace(/\.0+(?=(?:Z|[+-]\d\d:\d\d)$)/, '');
}

function fraction(text: string): string {
  return /\.(\d*?)0*(?:Z|[+-]\d\d:\d\d)$/.exec(text)?.[1] ?? '';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value instanceof Decimal;
}
