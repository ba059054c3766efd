/** Exact decimals as text: `-?digits[.digits]`, no exponent; comparison without binary rounding. */

const pattern = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** A plain decimal text of a number's text, its digits after the point kept (`1.50`); undefined when it is not a number. */
export function decimalText(text: string): string | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  let [, sign, whole, fraction = '', exponent] = match as unknown as [
    string,
    string,
    string,
    string | undefined,
    string | undefined,
  ];
  if (exponent !== undefined) {
    const shift = Number(exponent);
    if (shift >= 0) {
      whole += fraction.slice(0, shift).padEnd(shift, '0');
      fraction = fraction.slice(shift);
    } else {
      const padded = whole.padStart(-shift + 1, '0');
      fraction = padded.slice(shift) + fraction;
      whole = padded.slice(0, shift);
    }
  }
  whole = whole.replace(/^0+(?=\d)/, '');
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/** Numeric order of two plain decimal texts. */
export function compareDecimal(a: string, b: string): number {
  const negativeA = a.startsWith('-');
  const negativeB = b.startsWith('-');
  if (negativeA !== negativeB) return negativeA ? -1 : 1;
  const order = compareMagnitude(negativeA ? a.slice(1) : a, negativeB ? b.slice(1) : b);
  return negativeA ? -order : order;
}

function compareMagnitude(a: string, b: string): number {
  const [wholeA = '', fractionA = ''] = a.split('.');
  const [wholeB = '', fractionB = ''] = b.split('.');
  if (wholeA.length !== wholeB.length) return wholeA.length - wholeB.length;
  if (wholeA !== wholeB) return wholeA < wholeB ? -1 : 1;
  const length = Math.max(fractionA.length, fractionB.length);
  const x = fractionA.padEnd(length, '0');
  const y = fractionB.padEnd(length, '0');
  return x === y ? 0 : x < y ? -1 : 1;
}
