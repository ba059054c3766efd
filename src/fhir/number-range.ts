/** A number as it was written, and the half-open range [low, high) that its digits stand for; plain decimal texts, no exponent. */
export interface NumberRange {
  readonly value: string;
  readonly low: string;
  readonly high: string;
}

const pattern = /^([+-]?)(\d{1,100})(?:\.(\d{1,100}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * R4 search.html#number: half a unit of the last digit on each side. `100` is [99.5, 100.5), `100.00` is [99.995, 100.005).
 * With an exponent above 0 a digit finer than written, as the page's own example has it: `1e2` is [95, 105).
 * Undefined when the text is not a number.
 */
export function numberRange(text: string): NumberRange | undefined {
  const number = parse(text);
  return number && around(number, 0n);
}

/** The range widened on both sides by a tenth of the value, for the prefix `ap` (R4 search.html#prefix). */
export function approximately(text: string): NumberRange | undefined {
  const number = parse(text);
  if (!number) return undefined;
  const { unscaled, places } = number;
  return around(number, (unscaled < 0n ? -unscaled : unscaled) * 10n ** BigInt(places));
}

/** A number is `unscaled` x 10^-`scale`, and `places` more digits count as written. */
interface Written {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly places: number;
}

/** `widening` is in units of the digit after the last that counts, as the half unit (5) is. */
function around({ unscaled, scale, places }: Written, widening: bigint): NumberRange {
  const value = unscaled * 10n ** BigInt(places + 1);
  return {
    value: plain(unscaled, scale),
    low: plain(value - 5n - widening, scale + places + 1),
    high: plain(value + 5n + widening, scale + places + 1),
  };
}

function parse(text: string): Written | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const unscaled = BigInt(`${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return { unscaled: sign === '-' ? -unscaled : unscaled, scale, places: Number(exponent) > 0 ? 1 : 0 };
}

function plain(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
