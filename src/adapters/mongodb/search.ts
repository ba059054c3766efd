import type { Call, Output } from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import { compareOrder, orderValues } from '../../source/order.js';
import type { Relation, TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { predicate } from '../../source/select.js';
import { type On, type Selection, TRUE } from '../../source/selection.js';
import type { Document } from './cell.js';
import { superset } from './compiler.js';
import type { Documents, Find } from './driver.js';
import { every, type Filter, ofSomeElement, type Superset } from './filter.js';
import { columnsRead, type Item, items, type Read } from './item.js';
import { nativeValues } from './native-values.js';
import { dotted, fieldsOf, pathOf } from './path.js';
import { rowIdentity } from './repeats.js';
import type { Schema } from './schema.js';

type Exists = Extract<Selection, { readonly op: 'exists' }>;

/** Which rows of a collection, and what is read of them. */
export interface Wanted {
  readonly relation: TableRelation;
  readonly where: Selection;
  readonly columns: Iterable<string>;
  /** What is known besides of the rows looked for. */
  readonly within?: Superset;
  readonly sort?: Find['sort'];
  /** At most so many documents are looked at. */
  readonly limit?: number;
  /** Rows that will probably do. */
  readonly first?: number;
}

/** How many documents a search has looked at. */
export interface Tally {
  documents: number;
}

const keysAtOnce = 500;
const relatedLookedAt = 5_000;
const relatedKeys = 1_000;

/** The questions of one call. The database narrows by its indexes; `source/select.ts` decides. */
export class Search {
  private readonly supersets = new Map<
    Selection,
    { readonly relation: Relation; readonly superset: Promise<Superset> }
  >();

  constructor(
    private readonly deployment: Documents,
    private readonly schema: Schema,
    readonly call: Call,
  ) {}

  /** The rows that satisfy a selection, later rows of a key left out. Throws `source-schema` when there is no such collection. */
  async *rows(wanted: Wanted, tally: Tally = { documents: 0 }): AsyncGenerator<readonly Item[]> {
    const find = await this.find(wanted);
    if (!find) return;
    const item = items(wanted.relation);
    const { laterRows } = await this.schema.repeats(wanted.relation, this.call);
    for await (const documents of this.deployment.find(wanted.relation.name, find, this.call)) {
      tally.documents += documents.length;
      const kept = await this.keep(notLater(documents.flatMap(item), laterRows), wanted.where);
      if (kept.length > 0) yield kept;
    }
    if (tally.documents === 0) await this.schema.mustExist(wanted.relation.name, this.call);
  }

  /** As `rows`, at once: of at most so many documents. */
  async few(wanted: Wanted & { readonly limit: number }, tally: Tally): Promise<readonly Item[]> {
    const find = await this.find(wanted);
    if (!find) return [];
    const { laterRows } = await this.schema.repeats(wanted.relation, this.call);
    const documents = await this.deployment.few(wanted.relation.name, { ...find, limit: wanted.limit }, this.call);
    tally.documents += documents.length;
    if (documents.length === 0) await this.schema.mustExist(wanted.relation.name, this.call);
    return this.keep(notLater(documents.flatMap(items(wanted.relation)), laterRows), wanted.where);
  }

  /** Documents of a collection grouped by the database, later ones of a key left out. */
  async *groups(relation: TableRelation, filter: Filter, group: Document): AsyncGenerator<readonly Document[]> {
    const { later } = await this.schema.repeats(relation, this.call);
    const $match = later.length === 0 ? filter : { $and: [filter, { _id: { $nin: later } }] };
    let found = 0;
    for await (const groups of this.deployment.aggregate(relation.name, [{ $match }, { $group: group }], this.call)) {
      found += groups.length;
      yield groups;
    }
    if (found === 0) await this.schema.mustExist(relation.name, this.call);
  }

  /** What the database is asked; undefined when no row can satisfy the selection. */
  async find({ relation, where, columns, within = 'all', sort, limit, first }: Wanted): Promise<Find | undefined> {
    const [narrowed, repeats] = await Promise.all([
      this.superset(relation, where),
      this.schema.repeats(relation, this.call),
    ]);
    const notLater: Superset = repeats.later.length === 0 ? 'all' : { _id: { $nin: repeats.later } };
    const filter = every([narrowed, within, notLater]);
    if (filter === 'none') return undefined;
    const used = new Set([...columns, ...columnsRead({ output: [], where, order: [] })]);
    const project = fieldsOf(relation, used);
    return {
      filter: filter === 'all' ? {} : filter,
      ...(project && { projection: project }),
      ...(sort && { sort }),
      ...(limit !== undefined && { limit }),
      ...(first !== undefined && { first }),
    };
  }

  /** Does an index find what the selection asks for? */
  async searches(relation: TableRelation, where: Selection): Promise<boolean> {
    const narrowed = await this.superset(relation, where);
    if (typeof narrowed === 'string') return narrowed === 'none';
    const indexes = await this.schema.indexes(relation.name, this.call);
    const leading = new Set(indexes.map(({ fields }) => fields[0]!));
    return isSearched(narrowed, leading);
  }

  /** Related rows that a selection asks for are looked for first where they are few; once in a call. */
  superset(relation: Relation, where: Selection): Promise<Superset> {
    const known = this.supersets.get(where);
    if (known?.relation === relation) return known.superset;
    const found = this.findSuperset(relation, where);
    this.supersets.set(where, { relation, superset: found });
    return found;
  }

  private async findSuperset(relation: Relation, where: Selection): Promise<Superset> {
    const field = (name: string) => dotted(pathOf(relation, name));
    const unwinds = relation.kind === 'table' && relation.unwind !== undefined;
    const answers = new Map<Exists, Superset>();
    for (const one of demanded(where)) answers.set(one, await this.havingRelated(relation, one));
    const narrowed = superset(where, field, (one) => answers.get(one) ?? 'all');
    return unwinds && typeof narrowed === 'object' ? ofSomeElement(narrowed) : narrowed;
  }

  /** Those of the rows that satisfy the selection. */
  async keep(rows: readonly Item[], where: Selection): Promise<readonly Item[]> {
    if (where.op === 'true' || rows.length === 0) return rows;
    const related = new Map<Exists, ReadonlySet<string>>();
    for (const one of asked(where)) related.set(one, await this.existing(rows, one.relation, one.on, one.where));
    const holds = predicate<Read>(where, {
      cell: (column) => (read) => read(column),
      exists: (one) => {
        const outer = Object.values(one.on);
        const keys = related.get(one)!;
        return (read) => keys.has(keyText(outer.map(read)) ?? '');
      },
    });
    return rows.filter(({ read }) => holds(read));
  }

  /** Rows as they are handed over, with what is related to them. */
  async output(rows: readonly Item[], output: readonly Output[]): Promise<Row[]> {
    const cells: ((read: Read) => Cell)[] = [];
    for (const one of output) {
      if (one.kind === 'column') {
        cells.push((read) => read(one.column));
        continue;
      }
      const outer = Object.values(one.on);
      if (one.kind === 'exists') {
        const keys = await this.existing(rows, one.relation, one.on, TRUE);
        cells.push((read) => (keys.has(keyText(outer.map(read)) ?? '') ? 1 : 0));
        continue;
      }
      const groups = await this.related(rows, one);
      cells.push((read) => groups.get(keyText(outer.map(read)) ?? '') ?? []);
    }
    return rows.map(({ read }) => cells.map((cell) => cell(read)));
  }

  /** Keys (of the outer columns) to which there is a related row. */
  private async existing(
    rows: readonly Item[],
    relation: TableRelation,
    on: On,
    where: Selection,
  ): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    const inner = Object.keys(on);
    for (const { keys, within } of this.keysOf(rows, relation, on)) {
      let missing = keys.size;
      for await (const batch of this.rows({ relation, where, columns: inner, within })) {
        for (const { read } of batch) {
          const key = keyText(inner.map(read));
          if (key === null || found.has(key) || !keys.has(key)) continue;
          found.add(key);
          missing--;
        }
        if (missing === 0) break;
      }
    }
    return found;
  }

  private async related(
    rows: readonly Item[],
    { relation, on, columns, order }: Extract<Output, { kind: 'rows' }>,
  ): Promise<ReadonlyMap<string, readonly Row[]>> {
    const inner = Object.keys(on);
    const valuesOf = orderValues(order);
    const groups = new Map<string, { readonly values: ReturnType<typeof valuesOf>; readonly row: Row }[]>();
    const used = [...inner, ...columns, ...order.map(({ of }) => of.column)];
    for (const { keys, within } of this.keysOf(rows, relation, on)) {
      for await (const batch of this.rows({ relation, where: TRUE, columns: used, within })) {
        for (const { read } of batch) {
          const key = keyText(inner.map(read));
          if (key === null || !keys.has(key)) continue;
          const group = groups.get(key) ?? [];
          groups.set(key, group);
          group.push({ values: valuesOf(read), row: columns.map(read) });
        }
      }
    }
    return new Map(
      [...groups].map(([key, group]) => [
        key,
        group.sort((a, b) => compareOrder(order, a.values, b.values)).map(({ row }) => row),
      ]),
    );
  }

  /** The keys of some rows, a few hundred at once, and the filter that finds what has them. */
  private *keysOf(
    rows: readonly Item[],
    relation: TableRelation,
    on: On,
  ): Generator<{ readonly keys: ReadonlySet<string>; readonly within: Superset }> {
    const outer = Object.values(on);
    const cells = new Map<string, readonly Cell[]>();
    for (const { read } of rows) {
      const key = outer.map(read);
      const text = keyText(key);
      if (text !== null) cells.set(text, key);
    }
    const all = [...cells];
    for (let from = 0; from < all.length; from += keysAtOnce) {
      const some = all.slice(from, from + keysAtOnce);
      yield {
        keys: new Set(some.map(([text]) => text)),
        within: having(
          relation,
          Object.keys(on),
          some.map(([, key]) => key),
        ),
      };
    }
  }

  /** Rows of the outer relation that have a related row, as a filter, when the related rows are few and found by an index. */
  private async havingRelated(outer: Relation, { relation, on, where }: Exists): Promise<Superset> {
    const narrowed = await this.superset(relation, where);
    if (typeof narrowed === 'string') return narrowed;
    const inner = Object.keys(on);
    const keys = new Map<string, readonly Cell[]>();
    const tally: Tally = { documents: 0 };
    for await (const batch of this.rows({ relation, where, columns: inner, first: 500 }, tally)) {
      for (const { read } of batch) {
        const key = inner.map(read);
        const text = keyText(key);
        if (text !== null) keys.set(text, key);
      }
      if (keys.size > relatedKeys || tally.documents > relatedLookedAt) return 'all';
    }
    return keys.size === 0 ? 'none' : having(outer, Object.values(on), [...keys.values()]);
  }
}

/** Is each alternative of a filter found by an index that begins with one of the fields? */
function isSearched(filter: Filter, leading: ReadonlySet<string>): boolean {
  const { $or, $and } = filter as { readonly $or?: readonly Filter[]; readonly $and?: readonly Filter[] };
  if ($or) return $or.every((part) => isSearched(part, leading));
  if ($and) return $and.some((part) => isSearched(part, leading));
  return Object.keys(filter).some((field) => leading.has(field));
}

function having(relation: Relation, columns: readonly string[], keys: readonly (readonly Cell[])[]): Superset {
  return every(
    columns.map((column, i): Superset => {
      const field = dotted(pathOf(relation, column));
      if (field === undefined) return 'all';
      return { [field]: { $in: keys.flatMap((key) => nativeValues(key[i]!)) } } satisfies Filter;
    }),
  );
}

/** Related rows that must exist, or are one way to satisfy the selection. */
function demanded(selection: Selection): readonly Exists[] {
  if (selection.op === 'exists') return selection.where.op === 'true' ? [] : [selection];
  return selection.op === 'and' || selection.op === 'or' ? selection.of.flatMap(demanded) : [];
}

/** All related rows that a selection asks for itself. */
function asked(selection: Selection): readonly Exists[] {
  if (selection.op === 'exists') return [selection];
  if (selection.op === 'and' || selection.op === 'or') return selection.of.flatMap(asked);
  return selection.op === 'not' ? asked(selection.of) : [];
}

function notLater(rows: readonly Item[], later: ReadonlySet<string>): readonly Item[] {
  return later.size === 0 ? rows : rows.filter((row) => !later.has(rowIdentity(row)));
}
