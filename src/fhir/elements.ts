import { readFileSync } from 'node:fs';
import { r4 } from './package-root.js';

/** An element of an R4 type, by the name it has in JSON: a choice (`value[x]`) is one element per type (`valueQuantity`). */
export interface Element {
  /** In JSON: `name`, `valueQuantity`. */
  readonly name: string;
  /** `HumanName`, `code`, `BackboneElement` ... */
  readonly type: string;
  /** Where its own elements are found: the type's name, or the path of a backbone element (`Patient.contact`). */
  readonly children: string;
  readonly array: boolean;
  readonly required: boolean;
  readonly summary: boolean;
  readonly modifier: boolean;
  /** Resource types that a Reference or canonical may name; empty: any. */
  readonly targets: readonly string[];
  /** Canonical URL, without version, of a required binding of a `code`. */
  readonly valueSet?: string;
  /** The same, whatever the type is that is bound (`CodeableConcept`, `Coding` ...). */
  readonly binding?: string;
  /** Canonical URL of the profile that the type is narrowed by (SimpleQuantity). */
  readonly profile?: string;
  /** Must its codes be languages of BCP 47? */
  readonly languages: boolean;
  /** For one type of a choice: the name without the type (`value`). */
  readonly choice?: string;
}

interface Definition {
  readonly types: readonly string[];
  readonly array?: boolean;
  readonly required?: boolean;
  readonly summary?: boolean;
  readonly modifier?: boolean;
  readonly targets?: readonly string[];
  readonly valueSet?: string;
  readonly profile?: string;
  readonly languages?: boolean;
}

const definitions = new Map(
  Object.entries(
    JSON.parse(readFileSync(new URL('elements.json', r4), 'utf8')) as Record<string, Record<string, Definition>>,
  ),
);
const abstractTypes = new Set(['Resource', 'DomainResource', 'MetadataResource']);
/** A type of R4B that the package of definitions carries beside R4's. */
const notR4 = new Set(['SubscriptionStatus']);

/** The 146 concrete resource types of R4. */
export const resourceTypes: ReadonlySet<string> = new Set(
  [...definitions]
    .filter(
      ([path, children]) =>
        !path.includes('.') && 'implicitRules' in children && !abstractTypes.has(path) && !notR4.has(path),
    )
    .map(([path]) => path),
);

interface Children {
  readonly byName: ReadonlyMap<string, Element>;
  /** The types of a choice, by its name without type. */
  readonly byChoice: ReadonlyMap<string, readonly Element[]>;
}

const expanded = new Map<string, Children | undefined>();

function children(path: string): Children | undefined {
  if (!expanded.has(path)) expanded.set(path, expand(path));
  return expanded.get(path);
}

function expand(path: string): Children | undefined {
  const definition = definitions.get(path);
  if (!definition) return undefined;
  const byName = new Map<string, Element>();
  const byChoice = new Map<string, readonly Element[]>();
  for (const [key, value] of Object.entries(definition)) {
    if (!key.endsWith('[x]')) {
      byName.set(key, toElement(path, key, value.types[0] ?? 'Element', value));
      continue;
    }
    const choice = key.slice(0, -3);
    const types = value.types.map((type) =>
      toElement(path, choice + type[0]!.toUpperCase() + type.slice(1), type, value, choice),
    );
    byChoice.set(choice, types);
    for (const type of types) byName.set(type.name, type);
  }
  return { byName, byChoice };
}

function toElement(path: string, name: string, type: string, definition: Definition, choice?: string): Element {
  const { array, required, summary, modifier, targets, valueSet, profile, languages } = definition;
  const binding = valueSet?.split('|')[0];
  const reference = type.startsWith('#') ? type.slice(1) : undefined;
  const backbone = type === 'BackboneElement' || type === 'Element';
  return {
    name,
    type: reference === undefined ? type : 'BackboneElement',
    children: reference ?? (backbone ? `${path}.${name}` : type),
    array: array ?? false,
    required: required ?? false,
    summary: summary ?? false,
    modifier: modifier ?? false,
    languages: languages ?? false,
    targets: type === 'Reference' || type === 'canonical' ? (targets ?? []) : [],
    ...(binding !== undefined && type === 'code' && { valueSet: binding }),
    ...(binding !== undefined && { binding }),
    ...(profile !== undefined && type === 'Quantity' && { profile }),
    ...(choice !== undefined && { choice }),
  };
}

/** The elements of a type (`HumanName`, `Patient`) or backbone element (`Patient.contact`), by JSON name; undefined for a path R4 does not know. */
export function elements(path: string): ReadonlyMap<string, Element> | undefined {
  return children(path)?.byName;
}

/** One element by its JSON name: `element('Patient', 'name')`, `element('Observation', 'valueQuantity')`. */
export function element(path: string, name: string): Element | undefined {
  return children(path)?.byName.get(name);
}

/** The elements that a FHIRPath name stands for: the one of that name, or every type of the choice (`value` of Observation). */
export function elementsNamed(path: string, name: string): readonly Element[] {
  const found = children(path);
  const one = found?.byName.get(name);
  return one ? [one] : (found?.byChoice.get(name) ?? []);
}
