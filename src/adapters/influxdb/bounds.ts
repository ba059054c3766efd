import type { Expression } from '../../source/expression.js';
import type { Selection } from '../../source/selection.js';
import { spanOf } from './time.js';

/** What InfluxDB itself is asked: times (seconds, `until` is exclusive) and tags. It finds the points of a selection, and more. */
export interface Bounds {
  readonly from?: bigint;
  readonly until?: bigint;
  readonly tags: ReadonlyMap<string, TagTest>;
}

export interface TagTest {
  readonly values: readonly string[];
  /** Values that have white space at an end may be meant as well. */
  readonly untrimmed: boolean;
}

/** How a column is found: `time`, or a tag that may be asked for. */
export type Place = (
  column: string,
) => { readonly kind: 'time' } | { readonly kind: 'tag'; readonly tag: string } | undefined;

export const unbounded: Bounds = { tags: new Map() };

const mostValues = 500;
/** Seconds. */
const day = 86_400n;

export function boundsOf(selection: Selection, place: Place): Bounds {
  switch (selection.op) {
    case 'and':
      return selection.of.map((part) => boundsOf(part, place)).reduce(both, unbounded);
    case 'or':
      return selection.of.length === 0 ? unbounded : selection.of.map((part) => boundsOf(part, place)).reduce(either);
    case 'compare': {
      const at = placeOf(selection.of, place);
      if (typeof selection.value !== 'string' || !at) return unbounded;
      if (at.kind === 'tag')
        return selection.test === 'eq' ? tagBounds(at.tag, selection.of, [selection.value]) : unbounded;
      const span = spanOf(selection.value);
      if (!span) return unbounded;
      const { test } = selection;
      // The letter T follows the day: what has another sign there stands before all times of the day, or behind them.
      const beside = selection.value[10];
      if (test !== 'eq' && beside !== undefined && beside !== 'T' && span.until - span.from === day) {
        const at = beside < 'T' ? span.from : span.until;
        return { ...(test === 'gt' || test === 'ge' ? { from: at } : { until: at }), tags: unbounded.tags };
      }
      return {
        ...(test !== 'lt' && test !== 'le' && { from: span.from }),
        ...(test !== 'gt' && test !== 'ge' && { until: span.whole && test !== 'eq' ? span.from : span.until }),
        tags: unbounded.tags,
      };
    }
    case 'prefix': {
      const at = placeOf(selection.of, place);
      const span = at?.kind === 'time' ? spanOf(selection.value) : undefined;
      return span ? { from: span.from, until: span.until, tags: unbounded.tags } : unbounded;
    }
    case 'in': {
      const at = placeOf(selection.of, place);
      const texts = selection.values.filter((value): value is string => typeof value === 'string');
      if (!at || texts.length === 0 || texts.length > mostValues) return unbounded;
      if (at.kind === 'tag') return tagBounds(at.tag, selection.of, texts);
      const spans = texts.map(spanOf);
      if (spans.some((span) => !span)) return unbounded;
      return spans
        .map((span): Bounds => ({ from: span!.from, until: span!.until, tags: unbounded.tags }))
        .reduce(either);
    }
    default:
      return unbounded;
  }
}

function placeOf({ column, as, part }: Expression, place: Place): ReturnType<Place> {
  if (part) return undefined;
  const at = place(column);
  if (at?.kind === 'time')
    return as === 'raw' || as === 'text' || as === 'dateTime' || as === 'instant' ? at : undefined;
  return as === 'raw' || as === 'text' ? at : undefined;
}

/** A tag is a text; one without characters is no tag. */
function tagBounds(tag: string, { as }: Expression, texts: readonly string[]): Bounds {
  const values = texts.filter((text) => text !== '');
  if (values.length === 0) return unbounded;
  return { tags: new Map([[tag, { values, untrimmed: as === 'text' }]]) };
}

export function both(a: Bounds, b: Bounds): Bounds {
  const from = a.from === undefined || (b.from !== undefined && b.from > a.from) ? b.from : a.from;
  const until = a.until === undefined || (b.until !== undefined && b.until < a.until) ? b.until : a.until;
  // Of two tests of one tag, either finds the points.
  const tags = new Map([...b.tags, ...a.tags]);
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }), tags };
}

function either(a: Bounds, b: Bounds): Bounds {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const from = a.from === undefined || b.from === undefined ? undefined : earlier(a.from, b.from);
  const until = a.until === undefined || b.until === undefined ? undefined : -earlier(-a.until, -b.until);
  const tags = new Map<string, TagTest>();
  for (const [tag, { values, untrimmed }] of a.tags) {
    const other = b.tags.get(tag);
    if (!other) continue;
    const all = [...new Set([...values, ...other.values])];
    if (all.length <= mostValues) tags.set(tag, { values: all, untrimmed: untrimmed || other.untrimmed });
  }
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }), tags };
}

function isEmpty({ from, until }: Bounds): boolean {
  return from !== undefined && until !== undefined && from >= until;
}

function earlier(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
