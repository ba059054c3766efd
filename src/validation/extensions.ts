import { readdirSync, readFileSync } from 'node:fs';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { packageRoot } from '../fhir/package-root.js';
import type { ValidationIssue } from './validation-issue.js';

type Json = Readonly<Record<string, unknown>>;
type Finding = Pick<ValidationIssue, 'severity' | 'code' | 'message'>;

interface Definition {
  /** Elements or types that it may stand at. */
  readonly contexts: readonly string[];
  /** `valueString` ... */
  readonly values: readonly string[];
  /** Resource types that a reference may name. */
  readonly targets: readonly string[];
}

const folder = new URL('profiles/extensions/', packageRoot);
const ours = 'https://healthsync.dev/fhir/StructureDefinition/';
let known: ReadonlyMap<string, Definition> | undefined;

function definitions(): ReadonlyMap<string, Definition> {
  known ??= new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as StructureDefinition)
      .map((definition) => [definition.url!, reduced(definition)]),
  );
  return known;
}

function reduced({ context, differential }: StructureDefinition): Definition {
  const types = differential?.element?.find(({ path }) => path === 'Extension.value[x]')?.type ?? [];
  return {
    contexts: (context ?? []).map(({ expression }) => expression!),
    values: types.map(({ code }) => `value${code![0]!.toUpperCase()}${code!.slice(1)}`),
    targets: types.flatMap(({ targetProfile }) => (targetProfile ?? []).map((url) => url.split('/').at(-1)!)),
  };
}

/**
 * What is wrong with an extension at an element, which `contexts` names (`Patient.name`, `HumanName`, `Element`). Of ours the
 * place and the value are checked; a foreign one may be ignored, unless it changes what the element means
 * (https://hl7.org/fhir/R4/extensibility.html#modifierExtension).
 */
export function extensionFinding(extension: Json, contexts: readonly string[], modifier: boolean): Finding | undefined {
  const { url } = extension;
  if (typeof url !== 'string') return undefined;
  const definition = definitions().get(url);
  if (!definition) {
    if (!contexts.includes('Extension') && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(url))
      return error('extension', 'The URL of an extension is absolute.');
    if (modifier) return error('not-supported', 'A modifierExtension that this server does not know.');
    return url.startsWith(ours) ? error('extension', 'This server defines no extension of that URL.') : undefined;
  }
  if (modifier) return error('extension', 'This extension modifies nothing: it is no modifierExtension.');
  if (!definition.contexts.some((context) => contexts.includes(context)))
    return error('extension', `This extension stands at ${definition.contexts.join(' or ')}.`);
  if (!definition.values.some((name) => name in extension || `_${name}` in extension))
    return error('extension', `This extension has ${definition.values.join(' or ')}.`);
  return undefined;
}

/** Resource types that a reference in the value of one of our extensions may name. */
export function extensionTargets(url: unknown): readonly string[] {
  return typeof url === 'string' ? (definitions().get(url)?.targets ?? []) : [];
}

function error(code: ValidationIssue['code'], message: string): Finding {
  return { severity: 'error', code, message };
}
