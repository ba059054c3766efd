import { Fault } from '../errors/fault.js';
import { resourceTypes } from '../fhir/elements.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import type { Chain } from '../query/query.js';
import { readCondition, splitModifier } from './condition.js';
import type { SearchContext } from './search-context.js';

/** Is the name that of a chain, or of a `_has`? */
export function isChain(name: string): boolean {
  return name.includes('.') || splitModifier(name)[0] === '_has';
}

/**
 * Reads `subject:Patient.name=x` and `_has:Observation:patient:code=x`, of one level. Undefined when there is no value.
 * @throws {Fault} `unknown-parameter`, `invalid-modifier`, `invalid-value` or `too-large`, naming the whole parameter
 */
export function readChain(type: string, name: string, value: string, context: SearchContext): Chain | undefined {
  try {
    return splitModifier(name)[0] === '_has'
      ? readHas(type, name, value, context)
      : readForward(type, name, value, context);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.code, error.message, { ...error.place, expression: `http.${name}` });
  }
}

function readForward(type: string, name: string, value: string, context: SearchContext): Chain | undefined {
  const dot = name.indexOf('.');
  const inner = name.slice(dot + 1);
  refuseDeeper(inner, name);
  const [code, stated] = splitModifier(name.slice(0, dot));
  const reference = referenceParameter(type, code, context);
  const target = targetType(type, reference, stated, inner, context);
  const condition = readCondition(target, inner, value, context);
  return condition && { direction: 'to', reference, type: target, conditions: [condition], asked: { name, value } };
}

function readHas(type: string, name: string, value: string, context: SearchContext): Chain | undefined {
  const [, other = '', code = '', ...rest] = name.split(':');
  const inner = rest.join(':');
  if (inner === '') throw unknown(`"${name}": _has is written _has:Type:reference:parameter`);
  if (!resourceTypes.has(other)) throw unknown(`"${other}" is not a resource type`);
  refuseDeeper(inner, name);
  const reference = referenceParameter(other, code, context);
  if (!targetsOf(reference, other).includes(type)) throw unknown(`${other}:${code} never refers to ${type}`);
  const condition = readCondition(other, inner, value, context);
  return condition && { direction: 'from', reference, type: other, conditions: [condition], asked: { name, value } };
}

function refuseDeeper(inner: string, name: string): void {
  if (isChain(inner)) throw unknown(`"${name}": chains of more than one reference are not supported`);
}

function referenceParameter(type: string, code: string, { supported }: SearchContext): SearchParameter {
  const references = [...supported(type).values()].filter((each) => each.type === 'reference');
  const found = references.find((each) => each.code === code);
  if (found) return found;
  const valid = references.map((each) => each.code).sort();
  throw unknown(`"${code}" is not a reference parameter of ${type}. Valid: ${valid.join(', ') || 'none'}`);
}

/** The type at the end: the one that is stated, or the only one that can be meant (R4 search.html#chaining). */
function targetType(
  type: string,
  reference: SearchParameter,
  stated: string | undefined,
  inner: string,
  { supported, leadsTo }: SearchContext,
): string {
  const targets = targetsOf(reference, type);
  if (stated !== undefined) {
    if (targets.includes(stated)) return stated;
    throw new Fault(
      'invalid-modifier',
      `":${stated}" is not a type that ${type}:${reference.code} refers to. Supported: ${targets.map((each) => `:${each}`).join(' ')}`,
    );
  }
  const [code] = splitModifier(inner);
  const able = targets.filter((each) => supported(each).has(code));
  const meant = able.length > 1 ? able.filter((each) => leadsTo?.(type, reference.code).includes(each)) : able;
  if (meant.length === 1) return meant[0]!;
  if (able.length === 0)
    throw unknown(`"${code}" is not a search parameter of what ${type}:${reference.code} refers to`);
  throw new Fault(
    'invalid-modifier',
    `${type}:${reference.code} may refer to several types; say which: ${able.map((each) => `${reference.code}:${each}.${inner}`).join(', ')}`,
  );
}

/** The types that the parameter's references may lead to in a resource of the type. */
function targetsOf(reference: SearchParameter, type: string): readonly string[] {
  const paths = searchPaths(reference, type) ?? [];
  const only = paths.map(({ target }) => target);
  return (reference.target ?? []).filter((each) => only.includes(undefined) || only.includes(each));
}

function unknown(message: string): Fault {
  return new Fault('unknown-parameter', message);
}
