import { Fault } from '../errors/fault.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import { type SearchPath, searchPaths } from '../fhir/search-path.js';
import type { Condition } from '../query/query.js';
import { parseComposite } from './composite.js';
import { split } from './escape.js';
import { invalidValue } from './invalid-value.js';
import { limits, refuseTooMany } from './limits.js';
import { type ReadModifier, readModifier } from './modifiers.js';
import { resultParameters } from './result-parameters.js';
import type { SearchContext } from './search-context.js';
import { parseValue } from './value.js';

/**
 * Reads `name[:modifier]=value` as a condition on a resource of the type. Undefined when there is no value: R4 search.html
 * ignores such a parameter.
 * @throws {Fault} `unknown-parameter`, `invalid-modifier`, `invalid-value` or `too-large`
 */
export function readCondition(
  type: string,
  name: string,
  value: string,
  context: SearchContext,
): Condition | undefined {
  const [code, modifierText] = splitModifier(name);
  const supported = context.supported(type);
  const parameter = supported.get(code);
  const paths = parameter && pathsToSearch(parameter, type);
  if (!parameter || !paths) throw unknownParameter(name, type, supported);
  const modifier = modifierText === undefined ? {} : readModifier(parameter, modifierText, type);
  if (value.trim() === '') return undefined;
  return read({ parameter, paths, type, value, modifier, asked: { name, value } }, context);
}

/** `subject:Patient` -> `subject`, `Patient`. */
export function splitModifier(name: string): readonly [code: string, modifier: string | undefined] {
  const colon = name.indexOf(':');
  return colon < 0 ? [name, undefined] : [name.slice(0, colon), name.slice(colon + 1)];
}

interface Occurrence {
  readonly parameter: SearchParameter;
  readonly paths: readonly SearchPath[];
  readonly type: string;
  readonly value: string;
  readonly modifier: ReadModifier;
  readonly asked: Condition['asked'];
}

/** Undefined when there are only commas. */
function read(
  { parameter, paths, type, value, modifier, asked }: Occurrence,
  context: SearchContext,
): Condition | undefined {
  const common = { parameter, ...(modifier.modifier && { modifier: modifier.modifier }), asked };
  if (modifier.modifier === 'missing') {
    if (value !== 'true' && value !== 'false') throw invalidValue(parameter.code, ':missing is true or false');
    return { ...common, values: [], missing: value === 'true' };
  }
  const texts = split(value, ',').filter((text) => text.trim() !== '');
  refuseTooMany(parameter.code, texts.length, limits.values, 'values');
  const values = texts.map((text) => {
    refuseTooMany(parameter.code, text.length, limits.value, 'characters in one value');
    if (parameter.type === 'composite') return parseComposite(text, parameter, type, context);
    return parseValue(text, parameter, paths, context, modifier);
  });
  return values.length === 0 ? undefined : { ...common, values };
}

/** A `special` parameter (`near`) has a syntax of its own, which is not read. */
function pathsToSearch(parameter: SearchParameter, type: string): readonly SearchPath[] | undefined {
  return parameter.type === 'special' ? undefined : searchPaths(parameter, type);
}

function unknownParameter(name: string, type: string, supported: ReadonlyMap<string, SearchParameter>): Fault {
  const searchable = [...supported.values()]
    .filter((parameter) => pathsToSearch(parameter, type))
    .map(({ code }) => code);
  const valid = [...searchable, ...resultParameters].sort().join(', ');
  return new Fault('unknown-parameter', `"${name}" is not a search parameter of ${type}. Valid: ${valid}`, {
    expression: `http.${name}`,
  });
}
