import type { OrderTerm, Position, Scan } from '../../source/adapter.js';
import { compareValues } from '../../source/compare.js';
import { evaluator } from '../../source/evaluate.js';
import type { Comparand } from '../../source/expression.js';
import { compareText } from '../../source/fold.js';
import type { TableRelation } from '../../source/relation.js';
import { ObjectId } from './driver.js';
import type { Filter, Superset } from './filter.js';
import { instants } from './instants.js';
import type { Item } from './item.js';
import { FirstRows, rowsAfter } from './order.js';
import { dotted, isOfDocument, pathOf } from './path.js';
import { upTo } from './ranges.js';
import type { Kind, Schema } from './schema.js';
import type { Search } from './search.js';

/** A way along an index: the database hands over documents in the order of the first term, ties in any order. */
export interface Walk {
  readonly field: string;
  readonly term: OrderTerm;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  /** From where on: `all` from the start, with the rows that have no value; `none` when nothing is left there. */
  readonly within: Superset;
  /** No two rows have the same value of the first term. */
  readonly unique: boolean;
  /** Rows without a value of the first term, which come last. */
  readonly rest: Superset;
}

/** Is there an index whose order is that of the first term? */
export async function walkOf(
  schema: Schema,
  search: Search,
  relation: TableRelation,
  { order, after }: Pick<Scan, 'order' | 'after'>,
): Promise<Walk | undefined> {
  const [term] = order;
  if (!term || term.of.part) return undefined;
  const path = pathOf(relation, term.of.column);
  const field = dotted(path);
  if (!isOfDocument(relation, term.of.column)) return undefined;
  if (field === undefined || /(?:^|\.)\d+(?:\.|$)/.test(field)) return undefined;
  const kind = await schema.kind(relation.name, field, search.call);
  if (!kind || !agrees(kind, term)) return undefined;
  const indexes = await schema.indexes(relation.name, search.call);
  return {
    field,
    term,
    sort: { [field]: term.direction === 'asc' ? 1 : -1 },
    within: after || (field !== '_id' && term.direction === 'asc') ? bound(field, kind, term, after) : 'all',
    unique:
      !relation.unwind &&
      term.of.as === 'raw' &&
      (field === '_id' || indexes.some(({ fields, unique, whole }) => unique && whole && fields.join() === field)),
    rest: term.of.as === 'raw' ? nothingRaw(path) : 'all',
  };
}

/** Is the order of such values in the database that of the expression? */
function agrees({ type, odd }: Kind, { of: { as } }: OrderTerm): boolean {
  if (as === 'raw') return type === 'string' || !odd;
  if (as === 'date') return type === 'string' && !odd;
  if (as === 'dateTime') return (type === 'string' && !odd) || type === 'date';
  if (as === 'instant') return type === 'date';
  return (as === 'integer' || as === 'decimal') && type === 'number';
}

const wholeKind = {
  string: { $gte: '' },
  objectId: { $type: 'objectId' },
  date: { $type: 'date' },
  number: { $type: 'number' },
} as const satisfies Record<Kind['type'], Filter>;

function bound(field: string, { type }: Kind, { of, direction }: OrderTerm, after: Position | undefined): Superset {
  const value = after?.values[0];
  if (value === null) return 'none';
  const whole = { [field]: wholeKind[type] };
  if (value === undefined) return whole;
  const asc = direction === 'asc';
  switch (type) {
    case 'string': {
      if (typeof value !== 'string') return whole;
      if (asc) return { [field]: { $gte: value } };
      if (of.as === 'raw') return { [field]: { $lte: value } };
      const ends = upTo(value).map(({ to }) => to!);
      return { [field]: { $lt: ends.reduce((a, b) => (compareText(a, b) > 0 ? a : b)) } };
    }
    case 'objectId':
      if (typeof value !== 'string' || !/^[0-9a-f]{24}$/.test(value)) return whole;
      return { [field]: { [asc ? '$gte' : '$lte']: new ObjectId(value) } };
    case 'date': {
      if (typeof value !== 'string' || !/^\d/.test(value)) return whole;
      const found = instants(asc ? 'ge' : 'le', value);
      return found ? { [field]: { $gte: new Date(found[0]), $lte: new Date(found[1]) } } : 'none';
    }
    case 'number': {
      const near = Number(value);
      if (!Number.isFinite(near)) return whole;
      const room = Math.abs(near) * 1e-14 + 1e-300;
      return { [field]: asc ? { $gte: near - room } : { $lte: near + room } };
    }
  }
}

const nested = ['object', 'binData', 'regex', 'timestamp', 'javascript', 'minKey', 'maxKey'];

/** Documents whose cell is null as `raw`: nothing there, or something nested, or there in an array. */
function nothingRaw(path: readonly string[]): Superset {
  const field = path.join('.');
  const outer = path.map((_, i) => path.slice(0, i + 1).join('.')).filter((one) => one !== '_id');
  return {
    $or: [
      { [field]: null },
      { [field]: { $type: nested } },
      ...outer.map((one): Filter => ({ [one]: { $type: 'array' } })),
    ],
  };
}

const tiesExpected = 16;
const fewEnough = 500;

/** The rows of a scan in its order, put in order here, where the selection is found by an index, and finds few; else undefined. */
export async function fewSelected(
  search: Search,
  walk: Walk,
  relation: TableRelation,
  columns: ReadonlySet<string>,
  { where, order, after, limit }: Scan,
): Promise<readonly Item[] | undefined> {
  if (walk.within === 'all' || limit === undefined || !(await search.searches(relation, where))) return undefined;
  const tally = { documents: 0 };
  const most = fewEnough + limit;
  const rows = await search.few({ relation, where, columns, limit: most }, tally);
  if (tally.documents >= most) return undefined;
  const found = new FirstRows(order, after, limit);
  for (const row of rows) found.add(row);
  return found.rows();
}

/** The rows of a scan in its order, along an index: as many as are wanted and few more are looked at. */
export async function* alongIndex(
  search: Search,
  walk: Walk,
  relation: TableRelation,
  columns: ReadonlySet<string>,
  { where, order, after, limit = Number.POSITIVE_INFINITY }: Scan,
): AsyncGenerator<readonly Item[]> {
  const base = { relation, where, columns };
  const wanted = { ...base, within: walk.within, sort: walk.sort };
  const bounded = walk.within !== 'all';
  const finite = limit < Number.POSITIVE_INFINITY;
  let left = limit;
  let ended = walk.within === 'none';
  let ties = new Ties(walk, order, after, limit);
  if (!ended && finite) {
    const few = walk.unique ? limit + 1 : limit + tiesExpected;
    const tally = { documents: 0 };
    const found: Item[] = [];
    for await (const rows of search.rows({ ...wanted, limit: few }, tally)) found.push(...ties.add(rows));
    ended = tally.documents < few;
    if (ended) found.push(...ties.end());
    if (ended || found.length >= limit) {
      left -= Math.min(found.length, limit);
      if (found.length > 0) yield found.slice(0, limit);
    }
    ended ||= left === 0;
  }
  if (!ended) {
    ties = new Ties(walk, order, after, limit);
    for await (const rows of search.rows(wanted)) {
      const found = ties.add(rows).slice(0, left);
      left -= found.length;
      if (found.length > 0) yield found;
      if (left <= 0) return;
    }
    const found = ties.end().slice(0, left);
    left -= found.length;
    if (found.length > 0) yield found;
  }
  if (left <= 0) return;
  let rest = ties.without;
  if (bounded) {
    rest = new FirstRows(order, after, left);
    const value = evaluator(walk.term.of);
    for await (const rows of search.rows({ ...base, within: walk.rest }))
      for (const row of rows) if (value(row.read(walk.term.of.column)) === null) rest.add(row);
  }
  const last = rest.rows().slice(0, left);
  if (last.length > 0) yield last;
}

/** Rows in the order of the first term, put in the order of all: those of one value are held until another comes. */
class Ties {
  private readonly value: (item: Item) => Comparand;
  private readonly follows: (item: Item) => boolean;
  /** Rows that have no value of the first term. */
  readonly without: FirstRows;
  private current: Exclude<Comparand, null> | undefined;
  private group: FirstRows | undefined;

  constructor(
    private readonly walk: Walk,
    private readonly order: readonly OrderTerm[],
    private readonly after: Position | undefined,
    private readonly limit: number,
  ) {
    const evaluate = evaluator(walk.term.of);
    this.value = ({ read }) => evaluate(read(walk.term.of.column));
    this.follows = rowsAfter(order, after);
    this.without = new FirstRows(order, after, limit);
  }

  add(rows: readonly Item[]): readonly Item[] {
    const { as } = this.walk.term.of;
    const found: Item[] = [];
    for (const item of rows) {
      const value = this.value(item);
      if (value === null) {
        this.without.add(item);
        continue;
      }
      if (this.walk.unique) {
        if (this.follows(item)) found.push(item);
        continue;
      }
      if (!this.group || compareValues(as, value, this.current!) !== 0) {
        found.push(...this.end());
        this.group = new FirstRows(this.order, this.after, this.limit);
        this.current = value;
      }
      this.group.add(item);
    }
    return found;
  }

  end(): readonly Item[] {
    const rows = this.group?.rows() ?? [];
    this.group = undefined;
    return rows;
  }
}
