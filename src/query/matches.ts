import { Fault } from '../errors/fault.js';
import { componentPaths, type SearchPath, searchPaths } from '../fhir/search-path.js';
import { type ElementTest, hasContent, type Json, someAt } from '../fhir/values-at.js';
import { dateTest } from './date-test.js';
import { numberTest, quantityTest } from './number-test.js';
import type {
  CompositeValue,
  Condition,
  DateValue,
  IdentifierValue,
  Modifier,
  NumberValue,
  QuantityValue,
  ReferenceValue,
  SearchValue,
  StringValue,
  TokenValue,
  UriValue,
} from './query.js';
import { referenceTest } from './reference-test.js';
import { stringTest } from './string-test.js';
import { identifierTest, tokenTest, tokenTextTest } from './token-test.js';
import { uriTest } from './uri-test.js';

export interface MatchContext {
  /** This server's base, without a slash at the end: an absolute reference below it is a relative one. */
  readonly baseUrl: string;
}

/** A FHIR resource as JSON; a decimal may be a number or a Decimal. */
type Resource = Readonly<Record<string, unknown>> | { readonly resourceType: string };

/**
 * The meaning of a condition, as a function of a resource of that type: the reference that every pushed-down search must
 * equal, and the filter for what was not pushed. Compile once per condition.
 * @throws {Fault} `unknown-parameter` when the parameter has no path in this type.
 */
export function matcher(condition: Condition, type: string, context: MatchContext): (resource: Resource) => boolean {
  const { parameter, modifier, values, missing } = condition;
  const paths = searchPaths(parameter, type);
  if (!paths)
    throw new Fault('unknown-parameter', `"${parameter.code}" cannot be searched in ${type}`, {
      expression: `http.${parameter.code}`,
    });
  if (modifier === 'missing') {
    const present = anyPath(paths.map((path) => [path, hasContent]));
    return (resource) => present(resource as Json) !== missing;
  }
  const found = anyPath(
    paths.flatMap((path) => {
      const test =
        parameter.type === 'composite'
          ? compositeTest(condition, path, type, context)
          : elementTest(values, modifier, path, context);
      return test ? [[path, test] as const] : [];
    }),
  );
  return modifier === 'not' ? (resource) => !found(resource as Json) : (resource) => found(resource as Json);
}

/** Does the resource satisfy the condition? `matcher` for one resource. */
export function matches(
  resource: { readonly resourceType: string },
  condition: Condition,
  context: MatchContext,
): boolean {
  return matcher(condition, resource.resourceType, context)(resource);
}

function anyPath(tests: readonly (readonly [SearchPath, ElementTest])[]): (resource: Json) => boolean {
  const compiled = tests.map(([path, test]) => ({ some: someAt(path), test }));
  const only = compiled[0];
  if (only && compiled.length === 1) return (resource) => only.some(resource, only.test, resource);
  return (resource) => compiled.some(({ some, test }) => some(resource, test, resource));
}

/** The values, ORed, as a test of one element at the path; undefined when an element of its type can never match. */
function elementTest(
  values: readonly SearchValue[],
  modifier: Modifier | undefined,
  path: SearchPath,
  context: MatchContext,
): ElementTest | undefined {
  switch (values[0]?.kind) {
    case 'string':
      if (modifier === 'text') return tokenTextTest(values as readonly StringValue[], path);
      return stringTest(
        values as readonly StringValue[],
        path.type,
        modifier === 'exact' || modifier === 'contains' ? modifier : 'starts-with',
      );
    case 'token':
      return tokenTest(values as readonly TokenValue[], path);
    case 'date':
      return dateTest(values as readonly DateValue[], path.type);
    case 'number':
      return numberTest(values as readonly NumberValue[], path.type);
    case 'quantity':
      return quantityTest(values as readonly QuantityValue[], path.type);
    case 'reference':
      return referenceTest(values as readonly ReferenceValue[], path.type, context.baseUrl);
    case 'identifier':
      return identifierTest(values as readonly IdentifierValue[], path);
    case 'uri':
      return uriTest(values as readonly UriValue[], path.type, context.baseUrl);
    case 'composite':
    case undefined:
      return undefined;
  }
}

/** R4 search.html#composite: every part within the same element that the composite's path reaches. */
function compositeTest(condition: Condition, at: SearchPath, type: string, context: MatchContext): ElementTest {
  const components = (condition.parameter.component ?? []).map(({ expression }) =>
    componentPaths(expression, at, type),
  );
  const alternatives = (condition.values as readonly CompositeValue[]).map(({ parts }) =>
    parts.map((part, index): ElementTest => {
      const component = components[index];
      const tests = (component?.paths ?? []).flatMap((path) => {
        const test = elementTest([part], undefined, path, context);
        return test ? [{ some: someAt(path), test }] : [];
      });
      return (element, resource) => {
        const from = component?.fromResource ? resource : (element as Json);
        return tests.some(({ some, test }) => some(from, test, resource));
      };
    }),
  );
  return (element, resource) => alternatives.some((parts) => parts.every((part) => part(element, resource)));
}
