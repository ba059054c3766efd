import { Fault } from '../errors/fault.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import { type SearchPath, searchPaths } from '../fhir/search-path.js';
import type { Condition, Query } from '../query/query.js';
import { parseComposite } from './composite.js';
import { split } from './escape.js';
import { invalidValue } from './invalid-value.js';
import { limits, refuseTooMany } from './limits.js';
import { type ReadModifier, readModifier } from './modifiers.js';
import { type ResultParameter, readResultParameters, resultParameters } from './result-parameters.js';
import type { SearchContext } from './search-context.js';
import { parseValue } from './value.js';

export interface ParsedSearch {
  readonly query: Query;
  /** Under lenient handling: the parameters that were left out, as asked. */
  readonly ignored: readonly string[];
}

/**
 * Reads the search of a type: names and values percent-decoded, in the order given.
 * @throws {Fault} `unknown-parameter`, `invalid-modifier`, `invalid-value` or `too-large`, naming the parameter as `http.<name>`.
 */
export function parse(
  type: string,
  pairs: readonly (readonly [name: string, value: string])[],
  context: SearchContext,
): ParsedSearch {
  if (pairs.length > limits.parameters)
    throw new Fault('too-large', `A search may have ${limits.parameters} parameters`);
  const supported = context.supported(type);
  const ignored: string[] = [];
  const ignore = (asked: string, fault: Error) => {
    if (context.handling !== 'lenient') throw fault;
    ignored.push(asked);
  };
  const conditions: Condition[] = [];
  const asked = new Map<ResultParameter, string[]>();
  for (const [name, value] of pairs) {
    refuseTooMany(name, value.length, limits.text, 'characters');
    const result = resultParameter(name);
    // R4 search.html: a parameter without value is ignored.
    const empty = value.trim() === '';
    if (result) {
      if (!empty) asked.set(result, [...(asked.get(result) ?? []), value.trim()]);
      continue;
    }
    const colon = name.indexOf(':');
    const code = colon < 0 ? name : name.slice(0, colon);
    const modifierText = colon < 0 ? undefined : name.slice(colon + 1);
    const parameter = code === '_has' || name.includes('.') ? undefined : supported.get(code);
    const paths = parameter && pathsToSearch(parameter, type);
    if (!parameter || !paths) {
      ignore(name, unknown(name, type, supported));
      continue;
    }
    const modifier = modifierText === undefined ? {} : readModifier(parameter, modifierText, type);
    const condition = empty ? undefined : readCondition({ parameter, paths, type, name, value, modifier }, context);
    if (condition) conditions.push(condition);
  }
  return { query: { type, conditions, ...readResultParameters(type, asked, context, ignore) }, ignored };
}

interface Occurrence {
  readonly parameter: SearchParameter;
  readonly paths: readonly SearchPath[];
  readonly type: string;
  readonly name: string;
  readonly value: string;
  readonly modifier: ReadModifier;
}

/** Undefined when there are only commas. */
function readCondition(
  { parameter, paths, type, name, value, modifier }: Occurrence,
  context: SearchContext,
): Condition | undefined {
  const common = { parameter, ...(modifier.modifier && { modifier: modifier.modifier }), asked: { name, value } };
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

/** A result parameter takes no modifier. */
function resultParameter(name: string): ResultParameter | undefined {
  const colon = name.indexOf(':');
  const result = resultParameters.find((each) => each === (colon < 0 ? name : name.slice(0, colon)));
  if (result && colon >= 0) {
    const word =
      name.slice(colon + 1) === 'iterate'
        ? 'includes of included resources are not supported'
        : 'no modifier is supported';
    throw new Fault('invalid-modifier', `"${name}": ${word} on "${result}"`, { expression: `http.${result}` });
  }
  return result;
}

function unknown(name: string, type: string, supported: ReadonlyMap<string, SearchParameter>): Fault {
  const searchable = [...supported.values()]
    .filter((parameter) => pathsToSearch(parameter, type))
    .map(({ code }) => code);
  const valid = [...searchable, ...resultParameters].sort().join(', ');
  const chained = name.startsWith('_has:') || name.includes('.');
  const words = chained
    ? `Chained search ("${name}") is not supported.`
    : `"${name}" is not a search parameter of ${type}.`;
  return new Fault('unknown-parameter', `${words} Valid: ${valid}`, { expression: `http.${name}` });
}
