import type { Resource } from '@medplum/fhirtypes';
import type { SearchParameter, SearchParameterType } from '../fhir/search-parameters.js';
import { searchPaths } from '../fhir/search-path.js';
import { type Json, valuesAt } from '../fhir/values-at.js';

/** A search value that some resource of the sample has, as search text; undefined when none has any. */
export function typicalValue(
  parameter: SearchParameter,
  type: string,
  resources: readonly Resource[],
): string | undefined {
  if (parameter.code === '_id') return resources[0]?.id;
  const paths = searchPaths(parameter, type) ?? [];
  for (const resource of resources) {
    for (const path of paths) {
      for (const value of valuesAt(resource as unknown as Json, path)) {
        const text = texts[parameter.type](value);
        if (text !== undefined && text !== '') return text;
      }
    }
  }
  return undefined;
}

type Text = (value: unknown) => string | undefined;

const plain: Text = (value) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
const none: Text = () => undefined;
const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Json)[name] : undefined;
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
const escaped = (text: string) => text.replace(/[\\$,|]/g, '\\$&');

const texts: Readonly<Record<SearchParameterType, Text>> = {
  string: (value) => {
    const found =
      plain(value) ??
      ['family', 'given', 'text', 'city', 'line', 'state', 'country']
        .map((name) => plain(first(member(value, name))))
        .find((text) => text !== undefined);
    return found === undefined ? undefined : escaped(found);
  },
  token: (value) => {
    const coded = first(member(value, 'coding')) ?? value;
    const code = plain(coded) ?? plain(member(coded, 'code')) ?? plain(member(coded, 'value'));
    const system = plain(member(coded, 'code')) === undefined ? undefined : plain(member(coded, 'system'));
    return code === undefined ? undefined : `${system === undefined ? '' : `${escaped(system)}|`}${escaped(code)}`;
  },
  date: (value) => plain(value) ?? plain(member(value, 'start')),
  number: plain,
  quantity: (value) => plain(member(value, 'value')),
  reference: (value) => plain(value) ?? plain(member(value, 'reference')),
  uri: plain,
  composite: none,
  special: none,
};
