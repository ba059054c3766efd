import type {
  Adapter,
  Batch,
  Call,
  LiveTable,
  Narrowed,
  NativeQuery,
  Output,
  Scan,
  SourceLocation,
} from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import { wholly } from '../../source/narrowed.js';
import { OnlyBatch } from '../../source/only-batch.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { type Selection, TRUE } from '../../source/selection.js';
import { wanted } from '../../source/wanted.js';
import { isOneId, keyFilter, rowsOfKey } from './by-key.js';
import { capabilities } from './capabilities.js';
import { exactFilter } from './counting.js';
import { distinctTexts, isDistinctText, textItem } from './distinct.js';
import { Deployment, type Find } from './driver.js';
import { accessOf, written } from './explain.js';
import { columnsRead, type Item } from './item.js';
import { FirstRows } from './order.js';
import { fieldsOf } from './path.js';
import { Remembered } from './remembered.js';
import { rowIdentity } from './repeats.js';
import { Schema } from './schema.js';
import { Search } from './search.js';
import { alongIndex, fewSelected, type Walk, walkOf } from './walk.js';
import { MongodbWriting } from './writing.js';

const rowsAtOnce = 500;

/**
 * A database of MongoDB, each collection a table whose rows are its documents. The location is a mongodb:// URL with the name of
 * the database in its path. Throws a Fault `configuration` when it is none; a server that is away is told by each call.
 */
export function openMongodb(location: SourceLocation): Adapter {
  return new MongodbAdapter(location);
}

class MongodbAdapter implements Adapter {
  readonly capabilities = capabilities;
  readonly writing: MongodbWriting;
  private readonly deployment: Deployment;
  private readonly schema: Schema;
  private readonly texts: Remembered<readonly string[]>;
  /** Of the outputs that point reads ask for again and again. */
  private readonly projections = new WeakMap<
    readonly Output[],
    { readonly relation: Relation; readonly fields: Find['projection'] }
  >();

  constructor(private readonly location: SourceLocation) {
    this.deployment = new Deployment(location);
    this.schema = new Schema(this.deployment, location);
    this.writing = new MongodbWriting(this.deployment, this.schema, location);
    this.texts = new Remembered(1_000, 10, location.timeoutMs);
  }

  narrow(scan: Omit<Scan, 'where'>, conjuncts: readonly Selection[]): Narrowed {
    return wholly(scan, conjuncts);
  }

  scan(scan: Scan, call: Call): AsyncIterable<Batch> {
    return scan.limit !== undefined && scan.limit <= rowsAtOnce
      ? new OnlyBatch(() => this.short(scan, call))
      : this.long(scan, call);
  }

  /** A page, which is mostly found at once. */
  private async short(scan: Scan, call: Call): Promise<Batch> {
    wanted(call);
    const { relation, output, limit = 0 } = scan;
    if (limit <= 0) return { rows: [] };
    const search = new Search(this.deployment, this.schema, call);
    const { walk, few } = await this.way(search, scan);
    if (few) return this.batch(search, relation, output, few);
    const rows: Item[] = [];
    for await (const found of this.rows(search, scan, walk)) {
      for (const item of found) rows.push(item);
      if (rows.length >= limit) break;
    }
    return this.batch(search, relation, output, rows.length > limit ? rows.slice(0, limit) : rows);
  }

  private async *long(scan: Scan, call: Call): AsyncGenerator<Batch> {
    wanted(call);
    const search = new Search(this.deployment, this.schema, call);
    const { walk, few } = await this.way(search, scan);
    let left = scan.limit ?? Number.POSITIVE_INFINITY;
    for await (const found of few ? [few] : this.rows(search, scan, walk)) {
      const rows = found.slice(0, left);
      left -= rows.length;
      for (let from = 0; from < rows.length; from += rowsAtOnce)
        yield await this.batch(search, scan.relation, scan.output, rows.slice(from, from + rowsAtOnce));
      if (left <= 0) return;
    }
  }

  /** An index along which the rows of a scan lie in its order, and these rows where another finds few. */
  private async way(
    search: Search,
    scan: Scan,
  ): Promise<{ readonly walk?: Walk | undefined; readonly few?: readonly Item[] | undefined }> {
    const { relation } = scan;
    if (relation.kind !== 'table') return {};
    const walk = await walkOf(this.schema, search, relation, scan);
    return { walk, few: walk && (await fewSelected(search, walk, relation, columnsRead(scan), scan)) };
  }

  async get(relation: Relation, output: readonly Output[], key: readonly Cell[], call: Call): Promise<Batch> {
    wanted(call);
    const search = new Search(this.deployment, this.schema, call);
    if (relation.kind === 'constant')
      return { rows: await search.output([{ document: {}, read: () => null }], output) };
    if (keyText(key) === null || key.length !== relation.key.length) return { rows: [] };
    if (relation.kind === 'distinct') {
      const [value] = key;
      if (typeof value !== 'string' || !(await isDistinctText(search, relation, value))) return { rows: [] };
      return { rows: await search.output([textItem(value)], output) };
    }
    const [first, second] = await this.ofKey(search, relation, output, key);
    if (!first) return { rows: [] };
    const rows = await search.output([first], output);
    return second ? { rows, duplicates: [0] } : { rows };
  }

  async count(relation: Relation, where: Selection, call: Call): Promise<number> {
    wanted(call);
    const search = new Search(this.deployment, this.schema, call);
    if (relation.kind === 'table') {
      const [filter, { later }] = await Promise.all([
        exactFilter(this.schema, search, relation, where),
        this.schema.repeats(relation, call),
      ]);
      if (filter) {
        const counted = later.length === 0 ? filter : { $and: [filter, { _id: { $nin: later } }] };
        const found = await this.deployment.count(relation.name, counted, call);
        if (found === 0) await this.schema.mustExist(relation.name, call);
        return found;
      }
    }
    let count = 0;
    for await (const rows of this.rows(search, { relation, output: [], where, order: [] })) count += rows.length;
    return count;
  }

  async explain(scan: Scan): Promise<readonly NativeQuery[]> {
    const call = { signal: new AbortController().signal, deadline: performance.now() + this.location.timeoutMs };
    const search = new Search(this.deployment, this.schema, call);
    const queries: NativeQuery[] = [];
    for (const { table, find } of await this.finds(search, scan)) {
      if (!find) continue;
      const explained = await this.deployment.explain(table.name, find, call);
      queries.push({ ...written(table.name, find), ...accessOf(explained, find) });
    }
    return queries;
  }

  describe(call: Call): Promise<readonly LiveTable[]> {
    return this.schema.describe(call);
  }

  async duplicateKeys(relation: TableRelation, limit: number, call: Call): Promise<readonly Row[]> {
    wanted(call);
    const { first } = await this.schema.repeats(relation, call);
    const keys: Row[] = [];
    if (first.size === 0 || limit <= 0) return keys;
    const search = new Search(this.deployment, this.schema, call);
    for await (const rows of search.rows({ relation, where: TRUE, columns: relation.key })) {
      for (const row of rows) {
        if (first.has(rowIdentity(row))) keys.push(relation.key.map(row.read));
        if (keys.length >= limit) return keys;
      }
    }
    return keys;
  }

  close(): Promise<void> {
    return this.deployment.close();
  }

  /** The rows of a scan, in its order: along an index, if there is one. */
  private async *rows(search: Search, scan: Scan, walk?: Walk): AsyncGenerator<readonly Item[]> {
    const { relation, where, order, after, limit } = scan;
    const columns = columnsRead(scan);
    if (relation.kind === 'table' && walk) {
      yield* alongIndex(search, walk, relation, columns, scan);
      return;
    }
    const found = this.unordered(search, relation, where, columns, order.length === 0 ? limit : undefined);
    if (order.length === 0) {
      yield* found;
      return;
    }
    const first = new FirstRows(order, after, limit ?? Number.POSITIVE_INFINITY);
    for await (const rows of found) for (const item of rows) first.add(item);
    yield first.rows();
  }

  private async *unordered(
    search: Search,
    relation: Relation,
    where: Selection,
    columns: ReadonlySet<string>,
    limit: number | undefined,
  ): AsyncGenerator<readonly Item[]> {
    if (relation.kind === 'table') {
      yield* search.rows({ relation, where, columns, ...(limit !== undefined && { first: limit + 1 }) });
      return;
    }
    const all =
      relation.kind === 'constant'
        ? [{ document: {}, read: () => null }]
        : (
            await this.texts.get(JSON.stringify(relation), search.call, (patient) =>
              distinctTexts(new Search(this.deployment, this.schema, patient), relation),
            )
          ).map(textItem);
    for (let from = 0; from < all.length; from += rowsAtOnce)
      yield await search.keep(all.slice(from, from + rowsAtOnce), where);
  }

  /** The first row of a key, and one that says it again. */
  private async ofKey(
    search: Search,
    relation: TableRelation,
    output: readonly Output[],
    key: readonly Cell[],
  ): Promise<readonly Item[]> {
    const filter = keyFilter(relation, key);
    if (!filter) return [];
    let project = this.projections.get(output);
    if (project?.relation !== relation) {
      const columns = new Set([...columnsRead({ output, where: TRUE, order: [] }), ...relation.key]);
      project = { relation, fields: fieldsOf(relation, columns) };
      this.projections.set(output, project);
    }
    const find: Find = {
      filter,
      ...(project.fields && { projection: project.fields }),
      ...(!isOneId(filter) && { sort: { _id: 1 } }),
    };
    const { rows, documents } = await rowsOfKey(this.deployment.find(relation.name, find, search.call), relation, key);
    if (documents === 0) await this.schema.mustExist(relation.name, search.call);
    return rows;
  }

  private async batch(
    search: Search,
    relation: Relation,
    output: readonly Output[],
    rows: readonly Item[],
  ): Promise<Batch> {
    const handed = { rows: await search.output(rows, output) };
    if (relation.kind !== 'table') return handed;
    const { first } = await this.schema.repeats(relation, search.call);
    if (first.size === 0) return handed;
    const duplicates = rows.flatMap((row, i) => (first.has(rowIdentity(row)) ? [i] : []));
    return duplicates.length === 0 ? handed : { ...handed, duplicates };
  }

  /** What is asked first of each collection. */
  private async finds(
    search: Search,
    scan: Scan,
  ): Promise<readonly { readonly table: TableRelation; readonly find: Find | undefined }[]> {
    const { relation, where, limit } = scan;
    if (relation.kind === 'constant') return [];
    if (relation.kind === 'distinct')
      return Promise.all(
        relation.of.map(async ({ table, column }) => ({
          table,
          find: await search.find({ relation: table, where: TRUE, columns: [column] }),
        })),
      );
    const walk = await walkOf(this.schema, search, relation, scan);
    const more = walk && { within: walk.within, sort: walk.sort, ...(limit !== undefined && { limit }) };
    return [{ table: relation, find: await search.find({ relation, where, columns: columnsRead(scan), ...more }) }];
  }
}
