import type { TypeCapability } from '../execution/engine.js';
import { elements } from '../fhir/elements.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import { modifiersOf } from '../search/modifiers.js';
import type { Components } from './components.js';
import type { JsonObject } from './json.js';
import { compositePattern, kindOf, listPattern, namesPattern, referencePattern } from './value-pattern.js';

/** A parameter of a search, in the URL or in the form of a search by POST. */
export interface QueryParameter {
  readonly name: string;
  readonly schema: JsonObject;
  readonly description: string;
  /** What the component is called, and where that name is taken by another type's, with that type. */
  readonly component: string;
}

/** Every parameter that a search of the type takes, but chains and the sealed cursors of page links. */
export function searchQuery(
  capability: TypeCapability,
  maxCount: number,
  components: Components,
): readonly QueryParameter[] {
  return [...selecting(capability, components), ...shaping(capability, maxCount, components)];
}

/** The parameters that select resources, each without and with each of its modifiers. */
function selecting({ type, parameters, targets }: TypeCapability, components: Components): readonly QueryParameter[] {
  const searchable = [...parameters.values()].filter((each) => each.type !== 'special' && searchPaths(each, type));
  return searchable.flatMap((parameter) => {
    const { code, url } = parameter;
    const name = url.slice(url.lastIndexOf('/') + 1);
    const plain: QueryParameter = {
      name: code,
      schema: valueSchema(parameter, type, components),
      description: `${parameter.type}: ${url}`,
      component: name,
    };
    const modified = modifiersOf(parameter, type).map((modifier) => ({
      name: `${code}:${modifier}`,
      schema: modifierSchema(modifier, plain.schema, components),
      description: `${parameter.type} with the modifier ${modifier}: ${url}`,
      component: `${name}.${modifier}`,
    }));
    const typed = (targets.get(code) ?? []).map((target) => ({
      name: `${code}:${target}`,
      schema: components.refer('schemas', `search-reference-to-${target}`, {
        type: 'string',
        pattern: referencePattern([target]),
      }),
      description: `reference to a ${target}: ${url}`,
      component: `${name}.${target}`,
    }));
    return [plain, ...modified, ...typed];
  });
}

function valueSchema(parameter: SearchParameter, type: string, components: Components): JsonObject {
  if (parameter.type === 'composite') {
    const pattern = compositePattern(parameter, type);
    return components.refer('schemas', `search-${type}-${parameter.code}`, { type: 'string', pattern });
  }
  const kind = kindOf(parameter, type);
  return components.refer('schemas', `search-${kind}`, { type: 'string', pattern: listPattern(kind) });
}

function modifierSchema(modifier: string, plain: JsonObject, components: Components): JsonObject {
  switch (modifier) {
    case 'missing':
      return components.refer('schemas', 'search-missing', { type: 'string', enum: ['true', 'false', ''] });
    case 'text':
      return components.refer('schemas', 'search-string', { type: 'string', pattern: listPattern('string') });
    case 'identifier':
      return components.refer('schemas', 'search-token', { type: 'string', pattern: listPattern('token') });
    default:
      return plain;
  }
}

/** The parameters that shape the answer (R4 search.html#return). */
function shaping(
  { type, sortable, include, revinclude, targets }: TypeCapability,
  maxCount: number,
  components: Components,
): readonly QueryParameter[] {
  const shape = (name: string, schema: JsonObject, description: string, of = ''): QueryParameter => ({
    name,
    schema: components.refer('schemas', `search${name}${of}`, schema),
    description,
    component: `search${name}${of}`,
  });
  const names = [...(elements(type)?.values() ?? [])].flatMap(({ name, choice }) =>
    choice === undefined ? [name] : [name, choice, `${choice}\\[x\\]`],
  );
  const included = include.flatMap((each) => [
    each,
    ...(targets.get(each.split(':')[1]!) ?? []).map((target) => `${each}:${target}`),
  ]);
  const oneOf = (values: readonly string[]): JsonObject => ({ type: 'string', enum: [...values, ''] });
  const manyOf = (values: readonly string[]): JsonObject => ({ type: 'array', items: oneOf(values) });
  return [
    shape(
      '_count',
      { type: 'integer', minimum: 0, maximum: 999_999_999 },
      `Matches on a page, at most ${maxCount}; 0 asks for the number of matches alone.`,
    ),
    ...(sortable.size === 0
      ? []
      : [
          shape(
            '_sort',
            { type: 'string', pattern: namesPattern([...sortable].sort(), { signed: true }) },
            'Search parameters joined by commas, each with a "-" before it where the order is to be descending.',
            `.${type}`,
          ),
        ]),
    shape('_total', oneOf(['none', 'estimate', 'accurate']), 'Whether the number of all matches is wanted.'),
    shape(
      '_summary',
      oneOf(['true', 'text', 'data', 'count', 'false']),
      'The part of each resource that is wanted; text goes with neither _include nor _revinclude.',
    ),
    shape(
      '_elements',
      { type: 'string', pattern: namesPattern([...new Set(names)]) },
      'Elements at the root of each resource, joined by commas; mandatory ones always come.',
      `.${type}`,
    ),
    shape(
      '_include',
      manyOf([...included, `${type}:*`, '*']),
      'What the matches refer to comes with them.',
      `.${type}`,
    ),
    ...(revinclude.length === 0
      ? []
      : [
          shape(
            '_revinclude',
            manyOf(revinclude.flatMap((each) => [each, `${each}:${type}`])),
            'What refers to the matches comes with them.',
            `.${type}`,
          ),
        ]),
  ];
}
