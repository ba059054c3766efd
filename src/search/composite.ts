import { type SearchParameter, searchParameterByUrl } from '../fhir/search-parameters.js';
import { componentPaths, searchPaths } from '../fhir/search-path.js';
import type { CompositeValue } from '../query/query.js';
import { split } from './escape.js';
import { invalidValue } from './invalid-value.js';
import { parseValue, type ValueContext } from './value.js';

/** R4 search.html#composite: one value per component, joined by `$`, each in the form of its own type. */
export function parseComposite(
  text: string,
  parameter: SearchParameter,
  type: string,
  context: ValueContext,
): CompositeValue {
  const components = parameter.component ?? [];
  const pieces = split(text, '$');
  if (pieces.length !== components.length || pieces.some((piece) => piece.trim() === '')) {
    throw invalidValue(parameter.code, `${components.length} values joined by "$"`);
  }
  const at = searchPaths(parameter, type) ?? [];
  const parts = components.map(({ definition, expression }, index) => {
    const component = searchParameterByUrl(definition);
    if (!component) throw invalidValue(parameter.code, 'one of its components is not a known search parameter');
    const paths = at.flatMap((path) => componentPaths(expression, path, type)?.paths ?? []);
    return parseValue(pieces[index]!, { ...component, code: parameter.code }, paths, context);
  });
  return { kind: 'composite', parts };
}
