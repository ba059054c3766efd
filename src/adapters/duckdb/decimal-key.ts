import { decimalText } from '../../source/decimal.js';

const bound = 10n ** 18n;

/**
 * A text whose code point order is the numeric order of decimals. Within 10^18: `1`, then the number plus 10^18, 19 digits before
 * the point and at least 18 after it. Beyond: `2`, the number of digits, the digits; below: `0`, the same with each digit complemented.
 * Null when the text is not a number.
 */
export function decimalKey(text: string): string | null {
  const plain = decimalText(text);
  if (plain === undefined) return null;
  const negative = plain.startsWith('-');
  const [whole = '', given = ''] = (negative ? plain.slice(1) : plain).split('.');
  const fraction = given.replace(/0+$/, '');
  if (whole.length <= 18) return `1${shifted(negative, whole, fraction.padEnd(18, '0'))}`;
  const key = `${String(whole.length).padStart(9, '0')}${whole}.${fraction}`;
  return negative ? `0${key.replace(/\d/g, (digit) => String(9 - Number(digit)))}~` : `2${key}`;
}

function shifted(negative: boolean, whole: string, fraction: string): string {
  const scale = 10n ** BigInt(fraction.length);
  const magnitude = BigInt(whole + fraction);
  const digits = String(bound * scale + (negative ? -magnitude : magnitude)).padStart(19 + fraction.length, '0');
  return `${digits.slice(0, 19)}.${digits.slice(19)}`;
}

/** SQL for the same key of the text in `sql`; what a DECIMAL would round is left to the function `decimal_key`. */
export function decimalKeySql(sql: string): string {
  return (
    `CASE WHEN regexp_full_match(${sql}, '[+-]?\\d{1,18}(?:\\.\\d{1,18})?') ` +
    `THEN '1' || lpad(CAST(CAST(${sql} AS DECIMAL(38, 18)) + 1000000000000000000 AS VARCHAR), 38, '0') ` +
    `WHEN regexp_matches(${sql}, '^[+-]?\\d') THEN decimal_key(${sql}) END`
  );
}

/** The same key of a whole number of at most 18 digits. */
export function integerKeySql(sql: string): string {
  return `'1' || lpad(CAST(CAST(${sql} AS BIGINT) + 1000000000000000000 AS VARCHAR), 19, '0') || '.000000000000000000'`;
}
