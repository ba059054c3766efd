import { Fault } from '../errors/fault.js';

/** What one search may hold; a search beyond it is refused before anything is read. */
export const limits = {
  parameters: 100,
  /** ORed values of one parameter. */
  values: 1000,
  /** Characters of one ORed value. */
  value: 2000,
  /** Characters of one parameter with all its values. */
  text: 100_000,
} as const;

export function refuseTooMany(parameter: string, count: number, limit: number, what: string): void {
  if (count > limit)
    throw new Fault('too-large', `"${parameter}" has more than ${limit} ${what}`, { expression: `http.${parameter}` });
}
