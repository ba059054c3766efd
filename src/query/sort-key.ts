import { Fault } from '../errors/fault.js';
import { dateRange } from '../fhir/date-range.js';
import type { SearchParameterType } from '../fhir/search-parameters.js';
import { type SearchPath, searchPaths } from '../fhir/search-path.js';
import { type Json, someAt } from '../fhir/values-at.js';
import { compareDecimal } from '../source/decimal.js';
import { compareText, fold } from '../source/fold.js';
import { decimalOf } from './number-test.js';
import type { SortKey } from './query.js';
import { stringsOf } from './string-test.js';
import { codesOf } from './token-test.js';

/**
 * What a resource is sorted by; null: it has none. Text folded, codes and references as they are, a decimal as plain text,
 * a date as `dateSortValue`.
 */
export type SortValue = string | null;

/**
 * The instant a date starts, as text that sorts by time, and then the date's own text: dates of one start and different
 * precision have one order everywhere. Null when it is not a date.
 */
export function dateSortValue(text: string): SortValue {
  const range = dateRange(text);
  return range ? `${new Date(range.low).toISOString()}|${text}` : null;
}

/**
 * The sort value of a resource (R4 search.html#sort): of several the least when ascending, the greatest when descending.
 * A Period is sorted by its start, a Timing by its first event; one without has no value.
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
  const compare = orderOf(parameter.type);
  const sign = direction === 'asc' ? 1 : -1;
  return (resource) => {
    const json = resource as unknown as Json;
    let best: SortValue = null;
    const take = (value: unknown) => {
      for (const each of read(value))
        if (each !== null && (best === null || sign * compare(each, best) < 0)) best = each;
      return false;
    };
    let read: Read = none;
    for (const { some, read: next } of reads) {
      read = next;
      some(json, take, json);
    }
    return best;
  };
}

/** The order of two sort values of this key, its direction included; null comes last in both directions. */
export function compareKeys({ parameter, direction }: SortKey): (a: SortValue, b: SortValue) => number {
  const compare = orderOf(parameter.type);
  return (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return direction === 'asc' ? compare(a, b) : compare(b, a);
  };
}

type Read = (value: unknown) => readonly SortValue[];

const none: Read = () => [];

function orderOf(type: SearchParameterType): (a: string, b: string) => number {
  return type === 'number' || type === 'quantity' ? compareDecimal : compareText;
}

function reader(parameter: SearchParameterType, path: SearchPath): Read | undefined {
  switch (parameter) {
    case 'string': {
      const strings = stringsOf(path.type);
      return strings && ((value) => strings(value).map(fold));
    }
    case 'token':
      return codesOf(path);
    case 'date':
      return dateStarts[path.type];
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

const dateText: Read = (value) => (typeof value === 'string' ? [dateSortValue(value)] : []);
const periodStart: Read = (value) => dateText((value as Json).start);

const dateStarts: Readonly<Record<string, Read>> = {
  date: dateText,
  dateTime: dateText,
  instant: dateText,
  Period: periodStart,
  Timing: (value) => {
    const { event, repeat } = value as { event?: readonly unknown[]; repeat?: { boundsPeriod?: unknown } };
    const starts = [
      ...(event ?? []).flatMap(dateText),
      ...(repeat?.boundsPeriod ? periodStart(repeat.boundsPeriod) : []),
    ];
    return starts
      .filter((start) => start !== null)
      .sort(compareText)
      .slice(0, 1);
  },
};

function textOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}
