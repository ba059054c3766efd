import type { Prefix } from '../query/query.js';

const pattern = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[^a-z])/;

/** R4 search.html#prefix: only in front of a number, date or quantity; `eq` when there is none. */
export function readPrefix(text: string): { readonly prefix: Prefix; readonly rest: string } {
  const prefix = pattern.exec(text)?.[1];
  return prefix === undefined ? { prefix: 'eq', rest: text } : { prefix: prefix as Prefix, rest: text.slice(2) };
}
