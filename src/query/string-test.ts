import type { ElementTest, Json } from '../fhir/values-at.js';
import { fold } from '../source/fold.js';
import type { StringValue } from './query.js';

/** The parts of a HumanName or Address that a search looks at: R4 search.html#string, not `use` or `period`. */
const parts: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['family', 'given', 'text', 'prefix', 'suffix'],
  Address: ['line', 'city', 'district', 'state', 'postalCode', 'country', 'text'],
};

const simple = new Set(['string', 'markdown', 'code', 'id', 'uri', 'url', 'canonical']);

/** The parts of a type that a string search looks at; none: the value is a text itself; undefined: the type has no texts. */
export function stringParts(type: string): readonly string[] | undefined {
  return simple.has(type) ? [] : parts[type];
}

/** The texts of an element of this type that a string search compares; undefined when the type has none. */
export function stringsOf(type: string): ((value: unknown) => readonly string[]) | undefined {
  if (simple.has(type)) return (value) => (typeof value === 'string' ? [value] : []);
  const names = parts[type];
  return names && ((value) => names.flatMap((name) => textsOf((value as Json)[name])));
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export type StringMode = 'exact' | 'contains' | 'starts-with';

/**
 * R4 search.html#string: by default without case and accents, from the start of any part; `exact` the whole part as it
 * stands; `contains` anywhere in it, without case and accents.
 */
export function stringTest(values: readonly StringValue[], type: string, mode: StringMode): ElementTest | undefined {
  const strings = stringsOf(type);
  if (!strings) return undefined;
  const test = textTest(values, mode);
  return (value) => strings(value).some(test);
}

/** The same comparison of plain texts. */
export function textTest(values: readonly StringValue[], mode: StringMode): (text: string) => boolean {
  if (mode === 'exact') {
    const wanted = new Set(values.map((value) => value.text));
    return (text) => wanted.has(text);
  }
  const wanted = values.map((value) => fold(value.text));
  return (text) => {
    const folded = fold(text);
    return wanted.some((part) => (mode === 'contains' ? folded.includes(part) : folded.startsWith(part)));
  };
}
