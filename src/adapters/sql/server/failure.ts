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

/**
 * Why a server refuses a change: another row has that key; a value, or a rule of its own; it is not to be written, not by us or not at
 * all; it has no room left.
 */
export type Refusal = 'duplicate' | 'constraint' | 'read-only' | 'full' | undefined;

const refusals: readonly (readonly [RegExp, Refusal])[] = [
  [/^(23505|23P01)/, 'duplicate'],
  // values, rules, triggers, views with a rule, columns that are computed
  [/^(22|23|27|09|38|39|44|P0|428C9)/, 'constraint'],
  // read only transactions and servers, rights, views that cannot be written
  [/^(25006|42501|55000)/, 'read-only'],
  [/^53100/, 'full'],
];

/** By the SQLSTATE. */
export function refusedBySqlState(error: unknown): Refusal {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)
    ? refusals.find(([pattern]) => pattern.test(code))?.[1]
    : undefined;
}

/** By the SQLSTATE that most drivers call `code`. */
export function bySqlState(error: unknown): Meaning {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return 'lost';
  return classes.find(([pattern]) => pattern.test(code))?.[1];
}

/** By the number that a vendor's driver calls `errno`; smaller ones are the system's, of the connection. */
export function byNumber(numbers: Numbers<NonNullable<Meaning>>) {
  const meanings = meant(numbers);
  return (error: unknown): Meaning => {
    const errno = numberOf(error);
    return errno === undefined ? 'lost' : meanings.get(errno);
  };
}

/** As `byNumber`, for refusals. */
export function refusedByNumber(numbers: Numbers<NonNullable<Refusal>>) {
  const refused = meant(numbers);
  return (error: unknown): Refusal => refused.get(numberOf(error) ?? 0);
}

type Numbers<Word extends string> = Readonly<Partial<Record<Word, readonly number[]>>>;

function meant<Word extends string>(numbers: Numbers<Word>): ReadonlyMap<number, Word> {
  const entries = Object.entries(numbers) as [Word, readonly number[]][];
  return new Map(entries.flatMap(([word, list]) => list.map((one) => [one, word] as const)));
}

function numberOf(error: unknown): number | undefined {
  const { errno } = (error ?? {}) as { readonly errno?: unknown };
  return typeof errno === 'number' && errno >= 1_000 ? errno : undefined;
}
