import { UsageError, type Values } from './command.js';

/** The whole number of an option, or undefined when it was not given. Throws a UsageError outside its range. */
export function wholeNumber(
  values: Values,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = values[name];
  if (typeof text !== 'string') return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`--${name} is a whole number from ${min} to ${max}.`);
  return value;
}
