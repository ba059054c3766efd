/** JSON whose whole numbers beyond 2^53 are kept: as `bigint`. */
export function parseLossless(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const marked = text.replace(token, (found) => {
    if (!found.startsWith('"')) return /^-?\d{16,}$/.test(found) ? `"\\u0001${found}"` : found;
    // A text that begins with the mark gets one more.
    return found.startsWith('"\\u0001') ? `"\\u0001${found.slice(1)}` : found;
  });
  return unmarked(JSON.parse(marked));
}

const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** In place: a reviver would be called with each of millions of cells. */
function unmarked(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.charCodeAt(0) !== 1) return value;
    return value.charCodeAt(1) === 1 ? value.slice(1) : BigInt(value.slice(1));
  }
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) value[i] = unmarked(value[i]);
  else if (typeof value === 'object' && value !== null) {
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) members[name] = unmarked(members[name]);
  }
  return value;
}
