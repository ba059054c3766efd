/** A number as it was written, and the half-open range [low, high) that its digits stand for; plain decimal texts, no exponent. */
export interface NumberRange {
  readonly value: string;
  readonly low: string;
  readonly high: string;
}

const pattern = /^([+-]?)(\d{1,100})(?:\.(\d{1,100}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * R4 search.html#number: half a unit of the last digit on each side. `100` is [99.5, 100.5), `100.00` is [99.995, 100.005),
 * `1e2` is [95, 105). Undefined when the text is not a number.
 */
export function numberRange(text: string): NumberRange | undefined {
  const number = parse(text);
  if (!number) return undefined;
  const { unscaled, scale } = number;
  return {
    value: plain(unscaled, scale),
    low: plain(unscaled * 10n - 5n, scale + 1),
    high: plain(unscaled * 10n + 5n, scale + 1),
  };
}

/** A range widened on both sides by a tenth of its value, for the prefix `ap` (R4 search.html#prefix). */
export function approximately(text: string): NumberRange | undefined {
  const number = parse(text);
  if (!number) return undefined;
  const { unscaled, scale } = number;
  const tenth = unscaled < 0n ? -unscaled : unscaled;
  return {
    value: plain(unscaled, scale),
    low: plain(unscaled * 10n - 5n - tenth, scale + 1),
    high: plain(unscaled * 10n + 5n + tenth, scale + 1),
  };
}

/** The number is `unscaled` x 10^-`scale`. */
function parse(text: string): { unscaled: bigint; scale: number } | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const unscaled = BigInt(`${whole}${fraction}`);
  return { unscaled: sign === '-' ? -unscaled : unscaled, scale: fraction.length - Number(exponent) };
}

function plain(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
