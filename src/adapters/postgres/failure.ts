import type { SourceFaultCode } from '../../errors/fault.js';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html; an error without such a code is of the connection. */
const meanings: readonly (readonly [RegExp, SourceFaultCode | 'lost' | undefined])[] = [
  [/^57014$/, 'source-timeout'],
  [/^(57P|08)/, 'lost'],
  [/^(53|40|55)/, 'source-busy'],
  [/^(42|3F|0A)/, 'source-schema'],
  [/^(22|XX)/, 'source-corrupt'],
  [/^[0-9A-Z]{5}$/, undefined],
];

export function meaning(error: unknown): SourceFaultCode | 'lost' | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return 'lost';
  return meanings.find(([pattern]) => pattern.test(code))?.[1];
}
