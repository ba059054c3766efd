import type { Resource, SearchParameter } from '@medplum/fhirtypes';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { implicitSystem } from './definitions.js';
import { referenceType } from './reference-text.js';

/** An element that a search parameter's expression selects: its FHIR type and its JSON value. */
export interface Element {
  readonly type: string;
  readonly value: unknown;
  /** The implicit system of a `code`. */
  readonly system?: string;
}

/** What the oracle needs of fhirpath's internal node. */
interface Node {
  readonly data: unknown;
  readonly path: string | null;
  readonly propName?: string;
  readonly parentResNode?: { readonly path: string | null } | null;
}

type Select = (resource: Resource) => Element[];

const compiled = new Map<string, Select>();

/** Evaluates the parameter's own FHIRPath expression; an element without a value (only id and extensions) is none. */
export function elementsOf(parameter: SearchParameter & { expression: string }, resource: Resource): Element[] {
  const key = `${resource.resourceType} ${parameter.expression}`;
  const select = compiled.get(key) ?? compile(parameter.expression, resource.resourceType);
  compiled.set(key, select);
  return select(resource);
}

/** One selection per alternative of the union that starts at this type; HL7's expressions nest no union. */
function compile(expression: string, type: string): Select {
  const own = new RegExp(`^\\(?(?:${type}|Resource|DomainResource)\\b`);
  const alternatives = expression
    .split(' | ')
    .map((text) => text.trim())
    .filter((text) => own.test(text))
    .map(compileAlternative);
  return (resource) => alternatives.flatMap((alternative) => alternative(resource));
}

/**
 * `.where(resolve() is T)` is answered from the reference itself, since its target may be anywhere. `as` is for one element
 * only, while HL7 applies it to collections: `ofType` is its meaning there.
 */
function compileAlternative(text: string): Select {
  const target = /\.where\(resolve\(\) is (\w+)\)$/.exec(text);
  const path = (target ? text.slice(0, target.index) : text)
    .replace(/\(([\w.]+) as (\w+)\)/, '$1.ofType($2)')
    .replace(/\.as\((\w+)\)/, '.ofType($1)');
  const evaluate = fhirpath.compile(path, r4, { resolveInternalTypes: false });
  return (resource) => {
    const found = (evaluate(resource) as (Node | boolean)[]).map(element).filter((e) => hasValue(e.value));
    return target ? found.filter((e) => referenceType(e.value, resource) === target[1]) : found;
  };
}

function element(node: Node | boolean): Element {
  if (typeof node === 'boolean') return { type: 'boolean', value: node };
  const type = (node.path ?? 'string').replace(/^System\.String$/, 'string');
  if (node.data instanceof fhirpath.FP_Decimal) return { type, value: node.data.toString() };
  if (type !== 'code') return { type, value: node.data };
  const system = implicitSystem(`${node.parentResNode?.path}.${node.propName}`, String(node.data));
  return { type, value: node.data, ...(system !== undefined && { system }) };
}

function hasValue(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== 'object') return true;
  return Object.keys(value).some((key) => key !== 'id' && key !== 'extension');
}
