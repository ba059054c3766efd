import type { SearchPath } from '../../fhir/search-path.js';
import type { DateValue } from '../../query/query.js';
import { and, type Bracket, never, not, or, unknown } from '../bracket.js';
import { alive, child, leaf, type SearchSetting } from '../leaf.js';
import { kindOf, type Node } from '../template.js';

const points = new Set(['date', 'dateTime', 'instant']);

/** The ends of the range an element covers, each as a question about its column. */
export interface Ends {
  readonly present: Bracket;
  low(than: Than, at: number): Bracket;
  high(than: Than, at: number): Bracket;
}
type Than = 'lt' | 'le' | 'gt' | 'ge';

/** R4 search.html#date: the search value's range against the element's. */
export function date(node: Node, wanted: DateValue, path: SearchPath, setting: SearchSetting): Bracket {
  if (points.has(path.type))
    return leaf(node, { test: 'range', prefix: wanted.prefix, low: wanted.low, high: wanted.high }, setting);
  if (path.type !== 'Period' || kindOf(node) !== 'element')
    return path.type === 'Timing' || path.type === 'Period' ? unknown : never;
  return byEnds(wanted, periodEnds(node, setting));
}

/** A search value's range against one whose ends are known apart. */
export function byEnds({ prefix, low, high }: Pick<DateValue, 'prefix' | 'low' | 'high'>, ends: Ends): Bracket {
  const contained = and(ends.low('ge', low), ends.high('le', high));
  switch (prefix) {
    case 'eq':
      return contained;
    case 'ne':
      return and(ends.present, not(contained));
    case 'gt':
      return ends.high('gt', high);
    case 'lt':
      return ends.low('lt', low);
    case 'ge':
      return or(ends.high('gt', high), contained);
    case 'le':
      return or(ends.low('lt', low), contained);
    case 'sa':
      return ends.low('ge', high);
    case 'eb':
      return ends.high('le', low);
    case 'ap':
      return and(ends.low('lt', high), ends.high('gt', low));
  }
}

/** R4 search.html#date: a Period without start began before, and one without end lasts beyond, every instant. */
function periodEnds(node: Node, setting: SearchSetting): Ends {
  const start = child(node, 'start');
  const end = child(node, 'end');
  const present = or(alive(start, setting), alive(end, setting));
  const open = (side: Node | undefined) => and(present, not(alive(side, setting)));
  return {
    present,
    low: (than, at) => {
      const bound = leaf(start, { test: 'low', than, at }, setting);
      return than === 'lt' || than === 'le' ? or(open(start), bound) : bound;
    },
    high: (than, at) => {
      const bound = leaf(end, { test: 'high', than, at }, setting);
      return than === 'gt' || than === 'ge' ? or(open(end), bound) : bound;
    },
  };
}
