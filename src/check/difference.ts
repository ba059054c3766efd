import { isDeepStrictEqual } from 'node:util';

/** The first place where two JSON values differ, and both values there. */
export function difference(is: unknown, should: unknown, path = ''): string {
  const keys =
    isObject(is) && isObject(should) && Array.isArray(is) === Array.isArray(should)
      ? [...new Set([...Object.keys(should), ...Object.keys(is)])]
      : [];
  for (const key of keys) {
    const [a, b] = [is, should].map((value) => (value as Record<string, unknown>)[key]);
    if (isDeepStrictEqual(a, b)) continue;
    return difference(a, b, Array.isArray(is) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  }
  return `${path || 'the resource'} is ${told(is)} instead of ${told(should)}.`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function told(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
