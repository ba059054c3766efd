import type { SourceFaultCode } from '../../../errors/fault.js';

/** What a driver's error means; `lost`: the session is gone, another may do. */
export type Meaning = SourceFaultCode | 'lost' | undefined;

/**
 * Classes of SQLSTATE (ISO/IEC 9075-2, 24.1), with those that servers added to them
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html). An error without one is of the connection.
 */
const classes: readonly (readonly [RegExp, Meaning])[] = [
  [/^(57014|HYT0)/, 'source-timeout'],
  [/^(57P|08)/, 'lost'],
  [/^(53|40|55)/, 'source-busy'],
  [/^(42|3F|0A)/, 'source-schema'],
  [/^(22|XX)/, 'source-corrupt'],
  [/^[0-9A-Z]{5}$/, undefined],
];

/** By the SQLSTATE that most drivers call `code`. */
export function bySqlState(error: unknown): Meaning {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return 'lost';
  return classes.find(([pattern]) => pattern.test(code))?.[1];
}

/** By the number that a vendor's driver calls `errno`; smaller ones are the system's, of the connection. */
export function byNumber(numbers: Readonly<Partial<Record<NonNullable<Meaning>, readonly number[]>>>) {
  const meanings = new Map(Object.entries(numbers).flatMap(([meant, list]) => list.map((one) => [one, meant])));
  return (error: unknown): Meaning => {
    const { errno } = (error ?? {}) as { readonly errno?: unknown };
    return typeof errno === 'number' && errno >= 1_000 ? (meanings.get(errno) as Meaning) : 'lost';
  };
}
