import type { Period, Resource, SearchParameter, Timing } from '@medplum/fhirtypes';
import { compareDecimals, type Decimal } from './decimal.js';
import { parameterOf } from './definitions.js';
import { type Element, elementsOf } from './elements.js';
import { compareCodePoints } from './fold.js';
import { instants } from './instants.js';
import { readSort, type SortKey } from './query-text.js';
import { measures, texts, tokens } from './values.js';

/** What a resource is sorted by under one key; undefined: the value is missing, and comes last in both directions. */
export type SortValue = string | number | Decimal | undefined;

/** The keys of a resource under a `_sort` text (`family,-birthdate`), for a check of order that leaves ties alone. */
export function sortKeys(resource: Resource, sort: string): SortValue[] {
  return sort === '' ? [] : readSort(sort).map((key) => sortValue(resource, key));
}

/** Order of two resources' keys under the same `_sort`; 0 is a tie. */
export function compareSortKeys(
  a: readonly SortValue[],
  b: readonly SortValue[],
  sort: string | readonly SortKey[],
): number {
  const keys = typeof sort === 'string' ? readSort(sort) : sort;
  for (const [i, { descending }] of keys.entries()) {
    const x = a[i];
    const y = b[i];
    const order =
      x === undefined || y === undefined
        ? Number(x === undefined) - Number(y === undefined)
        : compareValues(x, y) * (descending ? -1 : 1);
    if (order !== 0) return order;
  }
  return 0;
}

/** An element with several values sorts by the one that comes first in the direction asked (R4 search.html#sort). */
export function sortValue(resource: Resource, { code, descending }: SortKey): SortValue {
  const parameter = parameterOf(resource.resourceType, code);
  const values = elementsOf(parameter, resource).flatMap((element) => candidates(parameter, element));
  return values.reduce<SortValue>((best, value) => {
    if (best === undefined) return value;
    return compareValues(value, best) * (descending ? -1 : 1) < 0 ? value : best;
  }, undefined);
}

function candidates(parameter: SearchParameter, element: Element): NonNullable<SortValue>[] {
  switch (parameter.type) {
    case 'string':
      return texts(element).map((text) => text.folded);
    case 'token':
      return tokens(element).flatMap((token) => token.code ?? []);
    case 'date':
      return dateTexts(element).flatMap((text) => {
        const low = instants(text)?.low;
        return low === undefined ? [] : [`${new Date(low).toISOString()} ${text}`];
      });
    case 'number':
    case 'quantity':
      return measures(element).flatMap((measure) => measure.low ?? measure.high ?? []);
    default:
      return referenceText(element);
  }
}

/**
 * What a date sorts by: the start of its range, and where that is the same, its text. A Period that only ends has no start;
 * a Timing starts with its first event.
 */
function dateTexts({ type, value }: Element): string[] {
  if (type === 'Period') return [(value as Period).start ?? []].flat();
  if (type !== 'Timing') return [String(value)];
  const { event = [], repeat } = value as Timing;
  const low = (text: string) => instants(text)?.low ?? Number.POSITIVE_INFINITY;
  return [...event, ...[repeat?.boundsPeriod?.start ?? []].flat()]
    .sort((a, b) => low(a) - low(b) || compareCodePoints(a, b))
    .slice(0, 1);
}

function referenceText({ type, value }: Element): string[] {
  if (type !== 'Reference') return [String(value)];
  const text = (value as { reference?: string }).reference;
  return text === undefined ? [] : [text];
}

function compareValues(a: NonNullable<SortValue>, b: NonNullable<SortValue>): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b);
  return compareDecimals(a as Decimal, b as Decimal);
}
