const middle = 5_000_000;

/** A text whose binary order is the numeric order of plain decimal texts (`source/decimal.ts`), equal for equal numbers. */
export function decimalKey(decimal: string): string {
  const negative = decimal.startsWith('-');
  const [whole = '', fraction = ''] = (negative ? decimal.slice(1) : decimal).split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return '1';
  const magnitude = digits.length - fraction.length;
  const key = String(magnitude + middle).padStart(8, '0') + digits.replace(/0+$/, '');
  if (!negative) return `2${key}`;
  let mirrored = '0';
  for (const digit of key) mirrored += 9 - Number(digit);
  return `${mirrored}~`;
}
