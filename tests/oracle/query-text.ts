import { Refused } from './refused.js';

/** One `name[:modifier]=value` of a search, its value decoded and still escaped. */
export interface Criterion {
  /** The whole name, as asked. */
  readonly name: string;
  readonly code: string;
  readonly modifier?: string;
  readonly value: string;
}

export interface SortKey {
  readonly code: string;
  readonly descending: boolean;
}

export interface Search {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  readonly sort: readonly SortKey[];
}

/** These shape the page, not the set of matches. */
const controls = new Set(
  '_count _total _summary _elements _include _revinclude _format _pretty _cursor _contained _containedType'.split(' '),
);

/** Reads `Type?name=value&...`, form-encoded. A parameter without value is left out (R4 search.html#escaping). */
export function readSearch(text: string): Search {
  const [type = '', query = ''] = splitOnce(text, '?');
  const criteria: Criterion[] = [];
  let sort: SortKey[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const [code = '', modifier] = splitOnce(name, ':');
    if (value === '' || controls.has(code)) continue;
    if (code === '_sort') sort = readSort(value);
    else criteria.push({ name, code, value, ...(modifier !== undefined && { modifier }) });
  }
  return { type, criteria, sort };
}

/** `a,-b`: by a, then by b descending. */
export function readSort(value: string): SortKey[] {
  return value
    .split(',')
    .map((key) => (key.startsWith('-') ? { code: key.slice(1), descending: true } : { code: key, descending: false }));
}

/** The parts between unescaped separators, still escaped. */
export function splitUnescaped(text: string, separator: ',' | '|'): string[] {
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === separator) parts.push('');
    else parts[parts.length - 1] += text[i] === '\\' ? text[i]! + (text[++i] ?? '') : text[i]!;
  }
  return parts;
}

/** `\,` `\$` `\|` `\\` (R4 search.html#escaping); a backslash before anything else is illegal. */
export function unescapeValue(text: string): string {
  return text.replace(/\\([\s\S]?)/g, (_, next: string) => {
    if (next === '' || !',$|\\'.includes(next)) throw new Refused(`illegal escape \\${next}`);
    return next;
  });
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
