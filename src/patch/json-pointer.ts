import { deepest, isObject, type JsonObject } from './json-copy.js';

/** Where a pointer leads: a member of an object, or an index of an array (its length: behind the last). */
export type Target =
  | { readonly parent: JsonObject; readonly key: string; readonly exists: boolean; readonly value: unknown }
  | { readonly parent: unknown[]; readonly key: number; readonly exists: boolean; readonly value: unknown };

/** The reference tokens of a JSON Pointer (RFC 6901), `[]` for the whole document; undefined when it is none. */
export function pointerTokens(text: unknown): readonly string[] | undefined {
  if (typeof text !== 'string' || !/^(?:\/(?:[^~/]|~[01])*)*$/.test(text)) return undefined;
  return text
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Is one location within another, or the same? */
export function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return outer.every((token, i) => token === inner[i]);
}

/**
 * Where the tokens lead. Only a document's own members count, and an index has neither sign nor leading zero (RFC 6901
 * section 4). Undefined when there is no parent, the index is past the end, there are no tokens, or more than a resource is deep.
 */
export function locate(document: unknown, tokens: readonly string[]): Target | undefined {
  if (tokens.length > deepest) return undefined;
  let value = document;
  let target: Target | undefined;
  for (const token of tokens) {
    if (target && !target.exists) return undefined;
    target = child(value, token);
    if (!target) return undefined;
    value = target.value;
  }
  return target;
}

/** What the library that applies the operations does not take for a name. */
const neverNames = new Set(['__proto__', 'constructor', 'prototype']);

function child(parent: unknown, token: string): Target | undefined {
  if (Array.isArray(parent)) {
    const key = token === '-' ? parent.length : /^(?:0|[1-9]\d{0,8})$/.test(token) ? Number(token) : Number.NaN;
    if (!(key <= parent.length)) return undefined;
    return { parent, key, exists: key < parent.length, value: parent[key] };
  }
  if (!isObject(parent) || neverNames.has(token)) return undefined;
  const exists = Object.hasOwn(parent, token);
  return { parent, key: token, exists, value: exists ? parent[token] : undefined };
}
