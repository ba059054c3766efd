import { Fault } from '../errors/fault.js';
import type { SearchParameterType } from '../fhir/search-parameters.js';
import { type SearchPath, searchPaths } from '../fhir/search-path.js';
import { type Json, someAt } from '../fhir/values-at.js';
import { compareDecimal } from '../source/decimal.js';
import { compareText, fold } from '../source/fold.js';
import { dateReader } from './date-test.js';
import { decimalOf } from './number-test.js';
import type { SortKey } from './query.js';
import { stringsOf } from './string-test.js';
import { codesOf } from './token-test.js';

/** What a resource is sorted by: folded text, code, reference or decimal as text; a date as epoch milliseconds; null: it has none. */
export type SortValue = string | number | null;

type Read = (value: unknown) => readonly SortValue[];

/**
 * The sort value of a resource (R4 search.html#sort): of several the least when ascending, the greatest when descending.
 * A date counts from where its range starts; a Period without start has no value.
 * @throws {Fault} `invalid-value` when the parameter gives no order in this type.
 */
export function sortKey(
  { parameter, direction }: SortKey,
  type: string,
): (resource: { readonly resourceType: string }) => SortValue {
  const reads = (searchPaths(parameter, type) ?? []).flatMap((path) => {
    const read = reader(parameter.type, path);
    return read ? [{ some: someAt(path), read }] : [];
  });
  if (reads.length === 0)
    throw new Fault('invalid-value', `${type} cannot be sorted by "${parameter.code}"`, { expression: 'http._sort' });
  const compare = orders[parameter.type]!;
  const better = direction === 'asc' ? (order: number) => order < 0 : (order: number) => order > 0;
  return (resource) => {
    let best: SortValue = null;
    for (const { some, read } of reads) {
      some(
        resource as unknown as Json,
        (value) => {
          for (const each of read(value))
            if (each !== null && (best === null || better(compare(each, best)))) best = each;
          return false;
        },
        resource as unknown as Json,
      );
    }
    return best;
  };
}

/** The order of two sort values of this key, its direction included; null comes last in both directions. */
export function compareKeys({ parameter, direction }: SortKey): (a: SortValue, b: SortValue) => number {
  const compare = orders[parameter.type] ?? compareTexts;
  return (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return direction === 'asc' ? compare(a, b) : compare(b, a);
  };
}

const compareTexts = (a: SortValue, b: SortValue) => compareText(a as string, b as string);
const compareDecimals = (a: SortValue, b: SortValue) => compareDecimal(a as string, b as string);

const orders: Partial<Record<SearchParameterType, (a: SortValue, b: SortValue) => number>> = {
  string: compareTexts,
  token: compareTexts,
  uri: compareTexts,
  reference: compareTexts,
  number: compareDecimals,
  quantity: compareDecimals,
  date: (a, b) => (a as number) - (b as number),
};

function reader(parameter: SearchParameterType, path: SearchPath): Read | undefined {
  switch (parameter) {
    case 'string': {
      const strings = stringsOf(path.type);
      return strings && ((value) => strings(value).map(fold));
    }
    case 'token':
      return codesOf(path);
    case 'date': {
      const range = dateReader(path.type);
      return (
        range &&
        ((value) => {
          const low = range(value)?.low;
          return low !== undefined && Number.isFinite(low) ? [low] : [];
        })
      );
    }
    case 'number':
    case 'quantity':
      return (value) => [decimalOf(value) ?? null];
    case 'reference':
      return path.type === 'Reference' ? (value) => textOf((value as Json).reference) : textOf;
    case 'uri':
      return textOf;
    default:
      return undefined;
  }
}

function textOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}
