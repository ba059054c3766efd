import { codeSystems } from '../fhir/code-system.js';
import type { SearchPath } from '../fhir/search-path.js';
import type { ElementTest, Json } from '../fhir/values-at.js';
import type { IdentifierValue, StringValue, TokenValue } from './query.js';
import { textTest } from './string-test.js';

type Systems = readonly unknown[];
/** Is there a token with one of these systems (none: it has no system) and this code? */
type SomeToken = (systems: Systems, code: unknown) => boolean;
type ReadTokens = (value: unknown, some: SomeToken) => boolean;

const none: Systems = [];

/** R4 search.html#token: system and code of one and the same coding; both compared as they are, case included. */
export function tokenTest(values: readonly TokenValue[], path: SearchPath): ElementTest | undefined {
  const read = reader(path);
  if (!read) return undefined;
  const codes = values.every(({ system }) => system === undefined) && new Set<unknown>(values.map(({ code }) => code));
  const some: SomeToken = codes
    ? (_, code) => codes.has(code)
    : (systems, code) => values.some((value) => matchesToken(value, systems, code));
  return (value) => read(value, some);
}

/** `:identifier` on a reference: Reference.identifier only, never the target's (R4 search.html#reference). */
export function identifierTest(values: readonly IdentifierValue[], path: SearchPath): ElementTest | undefined {
  if (path.type !== 'Reference') return undefined;
  return (value) => {
    const identifier = (value as Json).identifier as Json | undefined;
    return (
      identifier !== undefined && values.some((wanted) => matchesToken(wanted, systemOf(identifier), identifier.value))
    );
  };
}

/** `:text` on a token: a string search on the texts that stand beside the code. */
export function tokenTextTest(values: readonly StringValue[], path: SearchPath): ElementTest | undefined {
  const texts = textsBeside[path.type];
  if (!texts) return undefined;
  const test = textTest(values, 'starts-with');
  return (value) => texts(value as Json).some((text) => typeof text === 'string' && test(text));
}

const textsBeside: Readonly<Record<string, (value: Json) => readonly unknown[]>> = {
  CodeableConcept: (concept) => [concept.text, ...codingsOf(concept).map((coding) => coding.display)],
  Coding: (coding) => [coding.display],
  Identifier: (identifier) => [(identifier.type as Json | undefined)?.text],
};

function matchesToken(
  wanted: { readonly system?: string; readonly code?: string },
  systems: Systems,
  code: unknown,
): boolean {
  if (wanted.code !== undefined && wanted.code !== code) return false;
  if (wanted.system === undefined) return true;
  return wanted.system === '' ? systems.length === 0 : systems.includes(wanted.system);
}

function reader({ type, valueSet }: SearchPath): ReadTokens | undefined {
  switch (type) {
    case 'CodeableConcept':
      return (value, some) => codingsOf(value as Json).some((coding) => some(systemOf(coding), coding.code));
    case 'Coding':
      return (value, some) => some(systemOf(value as Json), (value as Json).code);
    case 'Identifier':
      return (value, some) => some(systemOf(value as Json), (value as Json).value);
    case 'ContactPoint':
      return (value, some) => some(none, (value as Json).value);
    case 'code': {
      // The system of a code is implicit: that of its value set.
      const systems = valueSet === undefined ? none : codeSystems(valueSet);
      return (value, some) => some(systems, value);
    }
    case 'boolean':
      return (value, some) => some(none, String(value));
    case 'string':
    case 'id':
    case 'uri':
      return (value, some) => some(none, value);
    default:
      return undefined;
  }
}

/** The tokens of an element, for sorting: their codes. */
export function codesOf(path: SearchPath): ((value: unknown) => readonly string[]) | undefined {
  const read = reader(path);
  return (
    read &&
    ((value) => {
      const codes: string[] = [];
      read(value, (_, code) => {
        if (typeof code === 'string') codes.push(code);
        return false;
      });
      return codes;
    })
  );
}

function systemOf(value: Json): Systems {
  return typeof value.system === 'string' ? [value.system] : none;
}

function codingsOf(concept: Json): readonly Json[] {
  return Array.isArray(concept.coding) ? (concept.coding as readonly Json[]) : [];
}
