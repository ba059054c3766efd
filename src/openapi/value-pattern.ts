import { resourceTypes } from '../fhir/elements.js';
import { type SearchParameter, searchParameterByUrl } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import { isCodeAlone } from '../search/token.js';

/**
 * The values that a search parameter takes, as regular expressions of ECMA-262 which the whole parameter matches (R4 search.html#ptypes).
 * They say what `search/` reads: commas join values of which one is to match, blank values are passed over.
 */
export type ValueKind = 'string' | 'token' | 'code' | 'reference' | 'uri' | 'date' | 'number' | 'quantity';

/** What String.prototype.trim takes away; `\s` is not the same in every engine. */
const white = '[\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]';
const solid = '\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
/** R4 search.html#escaping. */
const escaped = '\\\\[,$|\\\\]';
const prefix = '(?:eq|ne|gt|lt|ge|le|sa|eb|ap)?';
const number = `${prefix}[+-]?[0-9]{1,100}(?:\\.[0-9]{1,100})?(?:[eE][+-]?[0-9]{1,3})?`;
const id = '[A-Za-z0-9.-]{1,64}';

const year = '(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';
const leapYear = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const month = '(?:0[1-9]|1[0-2])';
const day = `(?:${year}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|${leapYear}-02-29)`;
const zone = '(?:Z|[+ -](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
const time = `T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]+)?)?${zone}?`;
const date = `${prefix}(?:${year}(?:-${month})?|${day}(?:${time})?)`;

/** A whole parameter of that kind. */
export function listPattern(kind: ValueKind): string {
  return joined(valuePattern(kind, ',|'));
}

/** References that can only be to resources of these types. */
export function referencePattern(types: readonly string[]): string {
  return joined(reference(types, ','));
}

/** `value$value`, each of its own kind (R4 search.html#composite). */
export function compositePattern({ component = [] }: SearchParameter, type: string): string {
  const value = component
    .map(({ definition }) => valuePattern(kindOf(searchParameterByUrl(definition), type), ',$|'))
    .join('\\$');
  return joined(value);
}

/** `a,b` of names, each of which may have a `-` before it where `signed`. */
export function namesPattern(names: readonly string[], { signed = false } = {}): string {
  const name = `${signed ? '-?' : `${white}*`}(?:${names.join('|')})${signed ? '' : `${white}*`}`;
  return `^(?:${white}*|${white}*${name}(?:,${name})*${white}*)$`;
}

/** What stands between commas in a search of the type. */
export function kindOf(parameter: SearchParameter | undefined, type: string): ValueKind {
  if (!parameter || parameter.type === 'composite' || parameter.type === 'special') return 'string';
  if (parameter.type === 'token' && isCodeAlone(searchPaths(parameter, type) ?? [])) return 'code';
  return parameter.type;
}

/** One value that is not blank; `separators` stand for themselves only when they are escaped. */
function valuePattern(kind: ValueKind, separators: string): string {
  const beside = separators.replace('|', '');
  switch (kind) {
    case 'string':
    case 'uri':
      return holding(beside);
    case 'code':
      return holding(separators);
    case 'token':
      return tokenPattern(separators);
    case 'date':
      return `${white}*${date}${white}*`;
    case 'number':
      return `${white}*${number}${white}*`;
    case 'quantity': {
      const character = characterBut(separators);
      return `${white}*${number}${white}*(?:\\|${character}*\\|${character}*)?`;
    }
    case 'reference':
      return reference([...resourceTypes], beside);
  }
}

function reference(types: readonly string[], but: string): string {
  const absolute = `[A-Za-z][A-Za-z0-9+.-]*:(?:[^${solid}\\\\${but}]|${escaped})+`;
  return `${white}*(?:(?:(?:${types.join('|')})/)?${id}|${absolute})${white}*`;
}

function joined(value: string): string {
  return `^(?:${white}*|${value})(?:,(?:${white}*|${value}))*$`;
}

/** `code`, `system|code`, `|code`, `system|`, and no `|` alone (R4 search.html#token). */
function tokenPattern(separators: string): string {
  const character = characterBut(separators);
  // `source/space.ts`: what a code is trimmed of.
  const dark = `(?:[^\\t-\\r \\\\${separators}]|${escaped})`;
  const some = `${character}*${dark}${character}*`;
  return `(?:${holding(separators)}|${some}\\|${character}*|[\\t-\\r ]*\\|${some})`;
}

function holding(but: string): string {
  const character = characterBut(but);
  return `${character}*(?:[^${solid}\\\\${but}]|${escaped})${character}*`;
}

function characterBut(separators: string): string {
  return `(?:[^\\\\${separators}]|${escaped})`;
}
