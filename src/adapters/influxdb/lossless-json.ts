/** JSON whose whole numbers beyond 2^53 are kept: as `bigint`. */
export function parseLossless(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const marked = text.replace(token, (found) => {
    if (!found.startsWith('"')) return /^-?\d{16,}$/.test(found) ? `"\\u0001${found}"` : found;
    // A text that begins with the mark gets one more.
    return found.startsWith('"\\u0001') ? `"\\u0001${found.slice(1)}` : found;
  });
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('\u0001')
      ? value.startsWith('\u0001\u0001')
        ? value.slice(1)
        : BigInt(value.slice(1))
      : value,
  );
}

const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
