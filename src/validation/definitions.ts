import { readFileSync } from 'node:fs';
import { r4 } from '../fhir/package-root.js';

/** An invariant of a StructureDefinition. */
export interface Constraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  readonly expression: string;
}

/** Code system -> codes. */
export type CodeLists = Readonly<Record<string, readonly string[]>>;

/** Reads a file of profiles/r4 when it is first asked for. */
function once<T>(name: string): () => Readonly<Record<string, T>> {
  let read: Readonly<Record<string, T>> | undefined;
  return () => {
    read ??= JSON.parse(readFileSync(new URL(name, r4), 'utf8')) as Record<string, T>;
    return read;
  };
}

/** Element path or canonical URL of a profile -> its invariants. */
export const constraints = once<readonly Constraint[]>('constraints.json');

/** Primitive type -> the regex that HL7 gives of its value. */
export const primitiveRegexes = once<string>('primitives.json');

/** Canonical URL, without version, of a value set that a binding requires -> its codes. */
export const valueSets = once<CodeLists>('value-sets.json');
