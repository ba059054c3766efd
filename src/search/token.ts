import type { SearchPath } from '../fhir/search-path.js';
import type { IdentifierValue, TokenValue } from '../query/query.js';
import { trim } from '../source/space.js';
import { split, unescaped } from './escape.js';
import { invalidValue } from './invalid-value.js';

/** R4 search.html#token: these have no system, so "just the form [parameter]=[code] is used". */
const withoutSystem = new Set(['boolean', 'uri', 'string', 'id', 'ContactPoint']);

/** Whether a token that looks at these paths is a code alone. */
export function isCodeAlone(paths: readonly SearchPath[]): boolean {
  return paths.length > 0 && paths.every(({ type }) => withoutSystem.has(type));
}

/** `code`, `system|code`, `|code`, `system|`. `paths` are the parameter's in the searched type. */
export function parseToken(text: string, parameter: string, paths: readonly SearchPath[]): TokenValue {
  const value = parseSystemAndCode(text, parameter);
  if (value.system !== undefined && isCodeAlone(paths)) {
    throw invalidValue(parameter, 'it has no system, so there is no "|" (escape it as "\\|")');
  }
  return { kind: 'token', ...value };
}

/** The value of `:identifier`, in the same four forms. */
export function parseIdentifier(text: string, parameter: string): IdentifierValue {
  return { kind: 'identifier', ...parseSystemAndCode(text, parameter) };
}

function parseSystemAndCode(text: string, parameter: string): { system?: string; code?: string } {
  const pieces = split(text, '|').map((piece) => trim(unescaped(piece, parameter)));
  const [first = '', second] = pieces;
  if (pieces.length > 2) throw invalidValue(parameter, 'code, system|code, |code or system|');
  if (second === undefined) return { code: first };
  if (first === '' && second === '') throw invalidValue(parameter, 'code, system|code, |code or system|');
  return { system: first, ...(second !== '' && { code: second }) };
}
