import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import type { Stream } from '../plan/stream.js';
import { matcher } from '../query/matches.js';
import { type SortValue, sortKey } from '../query/sort-key.js';
import type { Position } from '../source/adapter.js';
import { evaluator } from '../source/evaluate.js';
import type { Row } from '../source/row.js';
import { ChainCheck } from './chain-check.js';
import { comparePlaces, type Place, toComparand, toSortValue } from './order.js';
import { attempt, type Traversal } from './traversal.js';

/** A row in its place; decoded only when its turn comes. */
export interface Item {
  readonly place: Place;
  readonly row: Row;
  readonly duplicate: boolean;
  /** A chain does not hold for it. */
  readonly refused?: boolean;
}

/** What a row came to: a match, or nothing that is served. */
export interface Decoded {
  readonly resource?: Resource;
}

/** One stream, in pages that grow while what is asked is not found, read in the query's total order. */
export class StreamReader {
  private buffer: readonly Item[] = [];
  private at = 0;
  private done = false;
  private after: Position | undefined;
  private size: number;
  private readonly placeOf: (row: Row) => Place;
  private readonly residual: readonly ((resource: Resource) => boolean)[];
  private readonly chains: ChainCheck | undefined;

  constructor(
    readonly stream: Stream,
    private readonly traversal: Traversal,
    private readonly from: Place | undefined,
  ) {
    const { query } = traversal;
    this.size = query.count + 1;
    this.placeOf = placing(stream, traversal);
    this.residual = stream.residual.map(({ condition }) =>
      matcher(condition, stream.mapping.type, { baseUrl: traversal.baseUrl }),
    );
    if (stream.open.length > 0) this.chains = new ChainCheck(stream, traversal, this.residual);
    if (from && stream.ordered) {
      const position = positionIn(stream, traversal, from);
      if (position === 'exhausted') this.done = true;
      else this.after = position;
    }
  }

  /** The next row, if it has been fetched; `fill` fetches it. */
  peek(): Item | undefined {
    return this.buffer[this.at];
  }

  advance(): void {
    this.at++;
  }

  /** Is there nothing more, as far as is known? */
  get exhausted(): boolean {
    return this.done && this.at >= this.buffer.length;
  }

  /** Takes all rows of the stream, in its order, as another scan has found them. */
  given(rows: readonly Row[], duplicates: readonly number[]): void {
    this.buffer = this.items(rows, duplicates);
    this.done = true;
  }

  /** Fetches the next page of rows when the buffer is empty. A source that fails ends its streams. */
  async fill(): Promise<void> {
    while (this.at >= this.buffer.length && !this.done) {
      const items = await attempt(this.traversal, this.stream.source, () =>
        this.stream.ordered ? this.nextPage() : this.everything(),
      );
      if (items === undefined) {
        this.buffer = [];
        this.at = 0;
        this.done = true;
        return;
      }
      this.buffer = this.chains ? await this.chains.check(items) : items;
      this.at = 0;
    }
  }

  /** Decodes a row and checks what its source did not. */
  decode(item: Item): Decoded {
    if (item.refused) return {};
    const { mapping } = this.stream;
    const lost: string[] = [];
    const resource = mapping.read(item.row, (problem) => lost.push(problem.path));
    if (lost.length > 0 && (resource === undefined || mapping.undecodable === 'refuse')) {
      this.report(item, `is left out: ${lost.join(', ')} cannot be decoded`);
      return {};
    }
    if (!resource || !this.residual.every((matches) => matches(resource))) return {};
    if (lost.length > 0) this.report(item, `is served without ${lost.join(', ')}, which cannot be decoded`);
    if (item.duplicate) {
      this.traversal.issues.push({
        severity: 'warning',
        code: 'duplicate-key',
        message: `${mapping.type}/${resource.id} is the first of several rows of one native key; the others are not served.`,
        place: { source: this.stream.source },
      });
    }
    return { resource };
  }

  private report(item: Item, what: string): void {
    const { mapping, source } = this.stream;
    const id = mapping.resourceId(item.row);
    this.traversal.issues.push({
      severity: 'warning',
      code: 'undecodable',
      message: `${mapping.type}${id === undefined ? '' : `/${id}`} ${what}.`,
      place: { source },
    });
  }

  private async nextPage(): Promise<readonly Item[]> {
    const limit = this.size;
    const { rows, duplicates } = await this.ask({
      ...this.stream.scan,
      ...(this.after && { after: this.after }),
      limit,
    });
    this.size = Math.min(limit * 4, 2_000);
    if (rows.length < limit) this.done = true;
    const items = this.items(rows, duplicates);
    const last = items.at(-1);
    if (last) this.after = wholePosition(this.stream, this.traversal, last.place);
    return items;
  }

  /** A stream whose source cannot order it: all of its rows, decoded, filtered and sorted here, within the budget. */
  private async everything(): Promise<readonly Item[]> {
    const limit = this.traversal.budget.remaining + 1;
    const { rows, duplicates } = await this.ask({ ...this.stream.scan, limit });
    if (rows.length >= limit) {
      throw new Fault(
        'too-costly',
        `${this.stream.source} cannot sort ${this.stream.mapping.type} so; ask for fewer, or another _sort.`,
        { expression: 'http._sort' },
      );
    }
    this.traversal.budget.take(rows.length);
    this.done = true;
    const compare = comparePlaces(this.traversal.query.sort);
    const { from } = this;
    const items = [...this.items(rows, duplicates)].sort((a, b) => compare(a.place, b.place));
    return from ? items.filter(({ place }) => compare(place, from) > 0) : items;
  }

  private ask(scan: Stream['scan']) {
    return this.traversal.sources.get(this.stream.source)!.rows(scan, this.traversal.call);
  }

  private items(rows: readonly Row[], duplicates: readonly number[] = []): readonly Item[] {
    const repeated = new Set(duplicates);
    return rows.map((row, i) => ({ place: this.placeOf(row), row, duplicate: repeated.has(i) }));
  }
}

function placing({ mapping, keys, tag, ordered }: Stream, { query }: Traversal): (row: Row) => Place {
  const at = mapping.keyAt;
  const column = (name: string) =>
    mapping.output.findIndex((output) => output.kind === 'column' && output.column === name);
  const silent = () => {};
  const sorts = query.sort.map((key, i): ((row: Row) => SortValue) => {
    const by = keys[i]!;
    if (by.by === 'missing') return () => null;
    if (by.by === 'source' && ordered) {
      const evaluate = evaluator(by.of);
      const place = column(by.of.column);
      return (row) => toSortValue(key, evaluate(row[place]!));
    }
    const read = sortKey(key, mapping.type);
    return (row) => {
      const resource = mapping.read(row, silent);
      return resource ? read(resource) : null;
    };
  });
  return (row) => ({ sort: sorts.map((sort) => sort(row)), tag, key: at.map((i) => row[i] as Place['key'][number]) });
}

/** Where a stream goes on after a place of the whole traversal. */
function positionIn(stream: Stream, { query }: Traversal, from: Place): Position | undefined | 'exhausted' {
  const values: Position['values'][number][] = [];
  for (const [i, key] of stream.keys.entries()) {
    const value = from.sort[i] ?? null;
    // Every row of the stream lacks the key: it comes after any value, and beside the other rows that lack it.
    if (key.by === 'missing') {
      if (value !== null) return values.length === 0 ? undefined : { values, inclusive: true };
      continue;
    }
    values.push(toComparand(query.sort[i]!, value));
  }
  if (stream.tag === from.tag) {
    const place = [...values, ...from.key];
    // A relation of one row has no key: its row is behind.
    return place.length === 0 ? 'exhausted' : { values: place, inclusive: false };
  }
  const later = stream.tag > from.tag;
  if (values.length === 0) return later ? undefined : 'exhausted';
  return { values, inclusive: later };
}

function wholePosition(stream: Stream, { query }: Traversal, place: Place): Position {
  const values = stream.keys.flatMap((key, i) =>
    key.by === 'source' ? [toComparand(query.sort[i]!, place.sort[i]!)] : [],
  );
  return { values: [...values, ...place.key], inclusive: false };
}
