import { Fault } from '../errors/fault.js';
import type { Chain, Condition, Query } from '../query/query.js';
import { isChain, readChain } from './chain.js';
import { readCondition } from './condition.js';
import { limits, refuseTooMany } from './limits.js';
import { type ResultParameter, readResultParameters, resultParameters } from './result-parameters.js';
import type { SearchContext } from './search-context.js';

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
  const ignored: string[] = [];
  const ignore = (asked: string, fault: Error) => {
    if (context.handling !== 'lenient') throw fault;
    ignored.push(asked);
  };
  const conditions: Condition[] = [];
  const chains: Chain[] = [];
  const asked = new Map<ResultParameter, string[]>();
  for (const [name, value] of pairs) {
    refuseTooMany(name, value.length, limits.text, 'characters');
    const result = resultParameter(name);
    if (result) {
      // R4 search.html: a parameter without value is ignored.
      if (value.trim() !== '') asked.set(result, [...(asked.get(result) ?? []), value.trim()]);
      continue;
    }
    try {
      if (isChain(name)) chains.push(...listed(readChain(type, name, value, context)));
      else conditions.push(...listed(readCondition(type, name, value, context)));
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.code !== 'unknown-parameter') throw fault;
      ignore(name, fault);
    }
  }
  return { query: { type, conditions, chains, ...readResultParameters(type, asked, context, ignore) }, ignored };
}

function listed<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one];
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
