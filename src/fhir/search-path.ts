import { type Element, elementsNamed } from './elements.js';
import { parseAlternatives, type Segment } from './path-expression.js';
import type { SearchParameter } from './search-parameters.js';

/** One way from a resource to values of a search parameter, every choice of types decided. */
export interface SearchPath {
  /** Empty: the resource itself (some composite parameters). */
  readonly steps: readonly Step[];
  /** FHIR type of the values: `HumanName`, `code`, `BackboneElement`, or the resource type when there are no steps. */
  readonly type: string;
  /** Path in elements.ts whose elements the values have (`HumanName`, `Observation.component`). */
  readonly children: string;
  /** Canonical URL of the required value set, where the values are codes. */
  readonly valueSet?: string;
  /** Only references to this resource type: `where(resolve() is Patient)`. */
  readonly target?: string;
  /** The value is one boolean, always there: whether anything at these paths is there and is not `false`. */
  readonly anyOf?: readonly SearchPath[];
}

export interface Step {
  /** JSON name (`valueQuantity`). */
  readonly name: string;
  readonly array: boolean;
  /** Only the elements whose child of that name is this text: `where(system='phone')`. */
  readonly where?: { readonly name: string; readonly equals: string };
}

/** Parameters whose expression is outside the five productions: another expression for the same values, or none. */
const byHand = new Map<string, string>([
  ['http://hl7.org/fhir/SearchParameter/InsurancePlan-name', 'InsurancePlan.name | InsurancePlan.alias'],
  ['http://hl7.org/fhir/SearchParameter/Patient-deceased', 'Patient.deceased'],
]);

const found = new Map<string, readonly SearchPath[] | undefined>();

/**
 * The paths of a search parameter in one resource type. Undefined when it has none: no expression (`_text`, `_content`,
 * `_query`), or one that only a chain can use (`Bundle.entry[0].resource`).
 */
export function searchPaths(parameter: SearchParameter, type: string): readonly SearchPath[] | undefined {
  const key = `${type} ${parameter.url}`;
  if (!found.has(key)) found.set(key, resolve(parameter, type));
  return found.get(key);
}

function resolve(parameter: SearchParameter, type: string): readonly SearchPath[] | undefined {
  const expression = byHand.get(parameter.url) ?? parameter.expression;
  if (expression === undefined) return undefined;
  const paths = pathsOf(expression, type);
  if (!paths) return undefined;
  if (!parameter.url.endsWith('/Patient-deceased')) return paths;
  return [{ steps: [], type: 'boolean', children: 'boolean', anyOf: paths }];
}

/** Where a composite's component is found. */
export interface ComponentPaths {
  /** From the resource (`%resource.referenceSeq.chromosome`), not from the composite's own element. */
  readonly fromResource: boolean;
  readonly paths: readonly SearchPath[];
}

/** The paths of a composite's component, whose expression starts at the element that the composite's path `at` reaches. */
export function componentPaths(expression: string, at: SearchPath, type: string): ComponentPaths | undefined {
  const fromResource = expression.startsWith('%resource.');
  const alternatives = parseAlternatives(fromResource ? expression.slice('%resource.'.length) : expression);
  const start = fromResource ? origin(type, type) : origin(at.type, at.children);
  const paths = alternatives && joined(alternatives.map((segments) => follow([start], segments)));
  return paths && { fromResource, paths };
}

function pathsOf(expression: string, type: string): readonly SearchPath[] | undefined {
  const alternatives = parseAlternatives(expression);
  const own = alternatives?.filter(
    ([head]) => head?.name === type || head?.name === 'Resource' || head?.name === 'DomainResource',
  );
  if (!own || own.length === 0) return undefined;
  return joined(
    own.map(([head, ...segments]) => (onlyName(head) ? follow([origin(type, type)], segments) : undefined)),
  );
}

function origin(type: string, children: string): SearchPath {
  return { steps: [], type, children };
}

function onlyName(segment: Segment | undefined): boolean {
  return segment !== undefined && !segment.as && !segment.where && !segment.target;
}

function joined(all: readonly (readonly SearchPath[] | undefined)[]): readonly SearchPath[] | undefined {
  return all.includes(undefined) ? undefined : all.flatMap((paths) => paths ?? []);
}

function follow(from: readonly SearchPath[], segments: readonly Segment[]): readonly SearchPath[] | undefined {
  let paths = from;
  for (const segment of segments) {
    paths = paths.flatMap((path) => {
      const { name, as } = segment;
      const elements = elementsNamed(path.children, name);
      // FHIRPath names a primitive type in lower case; R4 also writes `DateTime`.
      const wanted =
        as === undefined ? elements : elements.filter(({ type }) => type.toLowerCase() === as.toLowerCase());
      return wanted.map((element) => step(path, element, segment));
    });
    if (paths.length === 0) return undefined;
  }
  return paths;
}

function step(path: SearchPath, element: Element, segment: Segment): SearchPath {
  const { where, target } = segment;
  const { name, array, type, children, valueSet, targets } = element;
  // Every reference there is one to the type: nothing to check.
  const certain = targets.length === 1 && targets[0] === target;
  return {
    steps: [...path.steps, { name, array, ...(where && { where }) }],
    type,
    children,
    ...(valueSet !== undefined && { valueSet }),
    ...(target !== undefined && !certain && { target }),
  };
}
