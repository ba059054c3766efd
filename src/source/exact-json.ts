/** How the text of a number becomes its value, where JSON.parse might change it. */
export type ReadNumber = (text: string) => unknown;

/**
 * A number that JSON.parse may change: more digits than a double holds, an exponent, or zeros at the end of the fraction.
 * It may also match within a text, which then only takes the slower way.
 */
const oddNumber = /(?:^|[:,[\s])-?(?:\d+(?:\.\d+)?[eE]|\d[\d.]{15}|\d+\.\d*0(?!\d)|\d+\.\d{7})/;
const odd = /[eE]|^-?[\d.]{16}|\.\d*0$|\.\d{7}/;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const token = /("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)(\s*:)?/g;
const mark = '\\u0001';

/**
 * JSON (RFC 8259) whose numbers keep what was written: what JSON.parse might change is read by `readNumber`.
 * @throws {SyntaxError}
 */
export function parseExact(text: string, readNumber: ReadNumber): unknown {
  if (!oddNumber.test(text)) return JSON.parse(text);
  // Such a number becomes a text that begins with a mark, and a text that begins so gets one more; names are left as they are.
  const marked = text.replace(token, (found, value: string, name: string | undefined) => {
    if (name !== undefined) return found;
    if (value.startsWith('"')) return value.startsWith(mark, 1) ? `"${mark}${value.slice(1)}` : value;
    return odd.test(value) && number.test(value) ? `"${mark}${value}"` : value;
  });
  return unmarked(JSON.parse(marked), readNumber);
}

/** In place: a reviver would be called with each of millions of cells. */
function unmarked(value: unknown, readNumber: ReadNumber): unknown {
  if (typeof value === 'string') {
    if (value.charCodeAt(0) !== 1) return value;
    return value.charCodeAt(1) === 1 ? value.slice(1) : readNumber(value.slice(1));
  }
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) value[i] = unmarked(value[i], readNumber);
  else if (typeof value === 'object' && value !== null) {
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) members[name] = unmarked(members[name], readNumber);
  }
  return value;
}
