import { Fault } from '../../errors/fault.js';
import type { Call, Cells, Change, Output, Transaction } from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { isSameCell } from '../../source/same-cell.js';
import type { Turns } from '../../source/turns.js';
import { placeIn } from '../../source/unwind.js';
import { isOneId, keyFilter, rowsOfKey } from './by-key.js';
import { type Document, valueAt } from './cell.js';
import type { Session } from './driver.js';
import { documentOf, Edit } from './edit.js';
import { isChangeable, ofElement, slotOf } from './element.js';
import type { Filter } from './filter.js';
import { type Item, items } from './item.js';
import type { Kinds } from './kinds.js';
import { nativeOf, readDocument, stored } from './native.js';
import { isOfDocument, pathOf } from './path.js';
import { within } from './place.js';
import type { Schema } from './schema.js';
import { Search } from './search.js';
import { Undo } from './undo.js';

/** A row, and the document that it is of as it is stored. */
interface Held {
  readonly item: Item;
  readonly document: Document;
}

export interface TransactionSetting {
  readonly session: Session;
  readonly schema: Schema;
  readonly kinds: Kinds;
  readonly turns: Turns;
  readonly call: Call;
}

export class MongodbTransaction implements Transaction {
  private readonly search: Search;
  private readonly undo: Undo | undefined;
  private readonly age: number;
  private over = false;
  private readonly turns = new Map<string, () => void>();
  /** Of what has been read and not been changed since. */
  private readonly held = new Map<TableRelation, Map<string, Held>>();

  constructor(private readonly setting: TransactionSetting) {
    const { session, schema, turns, call } = setting;
    this.age = turns.begin();
    this.search = new Search(session, schema, call);
    this.undo = session.whole ? undefined : new Undo(session);
  }

  async get(relation: TableRelation, output: readonly Output[], key: readonly Cell[]): Promise<Row | undefined> {
    const held = await this.row(relation, key);
    if (!held) return undefined;
    const [row] = await this.search.output([held.item], output);
    return row;
  }

  async insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    mustBe(relation, 'insert');
    const key = relation.key.map((name) => cells[name] ?? null);
    if (keyText(key) !== null && (await this.row(relation, key)))
      throw new Fault('duplicate', 'The source has a row of that key already');
    this.open();
    return relation.unwind ? this.insertElement(relation, cells) : this.insertDocument(relation, cells);
  }

  async update(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    mustBe(relation, 'update');
    const held = await this.row(relation, key);
    if (!held || !holds(held.item, before)) return false;
    const { document, item } = held;
    const edit = new Edit(document);
    for (const [name, cell] of Object.entries(cells)) {
      if (isSameCell(item.read(name), cell)) continue;
      const path = pathOf(relation, name);
      if (placeIn(relation, path) !== undefined) throw new Fault('constraint', 'An element of a list keeps its place');
      const at = within(relation, path, document, item.places ?? []);
      if (cell === null) edit.unset(at);
      else edit.set(at, await this.native(relation, name, cell, valueAt(document, at)));
    }
    const { update } = edit;
    return update === undefined || this.change(relation, held, guard(relation, held, before), update);
  }

  async delete(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean> {
    mustBe(relation, 'delete');
    const held = await this.row(relation, key);
    if (!held || !holds(held.item, before)) return false;
    const filter = guard(relation, held, before);
    if (relation.unwind) return this.change(relation, held, filter, without(relation, held));
    this.held.clear();
    const { session, call } = this.setting;
    const gone = await session.delete(relation.name, filter, call);
    if (gone) this.undo?.deleted(relation.name, held.document);
    return gone;
  }

  /** Takes back what a deployment without transactions has kept. */
  async undone(): Promise<void> {
    await this.undo?.all();
  }

  /** Takes no more changes. */
  close(): void {
    this.over = true;
  }

  /** Lets others have their turn. */
  end(): void {
    for (const leave of this.turns.values()) leave();
    this.turns.clear();
  }

  private open(): void {
    if (this.over) throw new Fault('exception', 'The transaction is over');
  }

  private async insertDocument(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    for (const name of relation.key)
      if ((cells[name] ?? null) === null && pathOf(relation, name).join('.') !== '_id')
        throw new Fault('constraint', 'The source gives no key of its own to a new row');
    const document = documentOf(await this.natives(relation, cells, () => true));
    const { session, call } = this.setting;
    this.held.clear();
    const id = await session.insert(relation.name, document, call);
    const made = { _id: id, ...document };
    this.undo?.inserted(relation.name, made);
    const [row] = items(relation)(readDocument(made));
    return relation.key.map(row!.read);
  }

  /** Adds an element to an array of the document that the key names. */
  private async insertElement(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    const ofDocument = relation.key.filter((name) => isOfDocument(relation, name));
    const { unwind: _, ...whole } = { ...relation, key: ofDocument };
    const held = await this.row(
      whole,
      ofDocument.map((name) => cells[name] ?? null),
    );
    if (!held) throw new Fault('constraint', 'The source has no row that the new one would be part of');
    const { document } = held;
    const slot = slotOf(relation, document, cells);
    const path = relation.unwind!.at(-1)!;
    const values = await this.natives(relation, cells, (name) => ofElement(relation, name));
    const inner = values.map(([at, value]) => [at.slice(path.length), value] as const);
    const scalar = inner.find(([at]) => at.length === 0);
    const element = scalar ? scalar[1] : documentOf(inner);
    const array = slot.array.join('.');
    const filter = {
      ...guard(whole, held, {}),
      [array]: slot.length === undefined ? { $eq: null } : { $size: slot.length },
    };
    const edit = new Edit(document);
    if (slot.length === undefined) edit.set(slot.array, [element]);
    const update = slot.length === undefined ? edit.update! : { $push: { [array]: element } };
    if (!(await this.change(relation, held, filter, update)))
      throw new Fault('source-busy', 'Another changed the list at the same moment');
    const places = relation.key.map((name) => placeIn(relation, pathOf(relation, name)));
    return relation.key.map((name, i) => (places[i] === undefined ? cells[name]! : slot.places[places[i]]!));
  }

  private async change(
    relation: TableRelation,
    { document }: Held,
    filter: Filter,
    update: Document,
  ): Promise<boolean> {
    this.held.clear();
    const { session, call } = this.setting;
    const after = await session.update(relation.name, filter, update, call);
    if (!after) return false;
    const paths = Object.values(update).flatMap((paths) => Object.keys(paths as Document));
    this.undo?.updated(
      relation.name,
      document,
      after,
      paths.map((path) => path.split('.')[0]!),
    );
    return true;
  }

  private async natives(
    relation: TableRelation,
    cells: Cells,
    takes: (name: string) => boolean,
  ): Promise<readonly (readonly [readonly string[], unknown])[]> {
    const found: (readonly [readonly string[], unknown])[] = [];
    for (const [name, cell] of Object.entries(cells))
      if (cell !== null && takes(name))
        found.push([pathOf(relation, name), await this.native(relation, name, cell, undefined)]);
    return found;
  }

  /** A cell in the type of the value that it replaces, or else in that which the column has otherwise. */
  private async native(relation: TableRelation, name: string, cell: Cell, now: unknown): Promise<unknown> {
    const { kinds, call } = this.setting;
    return stored(cell, nativeOf(now) ?? (await kinds.of(relation, name, call)));
  }

  /** The one row of a key, once it is this transaction's turn. */
  private async row(relation: TableRelation, key: readonly Cell[]): Promise<Held | undefined> {
    this.open();
    const text = keyText(key);
    const filter = key.length === relation.key.length ? keyFilter(relation, key) : undefined;
    if (text === null || !filter) return undefined;
    await this.turn(relation, key);
    const known = this.held.get(relation)?.get(text);
    if (known) return known;
    const { session, schema, call } = this.setting;
    const documents = new Map<Document, Document>();
    const found = session.stored(relation.name, { filter, ...(!isOneId(filter) && { sort: { _id: 1 } }) }, call);
    const { rows, documents: seen } = await rowsOfKey(asRead(found, documents), relation, key);
    if (seen === 0) await schema.mustExist(relation.name, call);
    const [item, second] = rows;
    if (second) throw new Fault('duplicate-key', 'Several rows have that key: which is meant cannot be told');
    if (!item) return undefined;
    const held = { item, document: documents.get(item.document)! };
    const ofRelation = this.held.get(relation) ?? new Map<string, Held>();
    this.held.set(relation, ofRelation.set(text, held));
    return held;
  }

  /** Of a whole document, for its elements are changed within it. */
  private async turn(relation: TableRelation, key: readonly Cell[]): Promise<void> {
    const ofDocument = relation.key.flatMap((name, i) =>
      isOfDocument(relation, name) ? [[pathOf(relation, name), String(key[i])]] : [],
    );
    const name = JSON.stringify([relation.name, ofDocument]);
    if (this.turns.has(name)) return;
    const { turns, call } = this.setting;
    this.turns.set(name, await turns.enter(name, this.age, this.turns.size > 0, call));
  }
}

function mustBe(relation: TableRelation, change: Change): void {
  if (!isChangeable(relation, change))
    throw new Fault('read-only', `Rows of ${relation.name} are parts of others, and not written so`);
}

async function* asRead(
  found: AsyncIterable<readonly Document[]>,
  documents: Map<Document, Document>,
): AsyncGenerator<readonly Document[]> {
  for await (const batch of found)
    yield batch.map((one) => {
      const document = readDocument(one);
      documents.set(document, one);
      return document;
    });
}

function holds({ read }: Item, before: Cells): boolean {
  return Object.entries(before).every(
    ([name, cell]) => (typeof cell === 'object' && cell !== null) || isSameCell(read(name), cell),
  );
}

/** The document that a row is of, while it holds at its places what it held: an element that has moved is another. */
function guard(relation: TableRelation, { item, document }: Held, before: Cells): Filter {
  const { unwind } = relation;
  const places = item.places ?? [];
  const names = new Set([...relation.key, ...Object.keys(before)]);
  const filter: Record<string, unknown> = { _id: { $eq: document._id } };
  for (const name of names) {
    const path = pathOf(relation, name);
    if (placeIn(relation, path) !== undefined || (unwind && ofElement(relation, name))) continue;
    const at = within(relation, path, document, places);
    const value = valueAt(document, at);
    if (nativeOf(value) !== 'other') filter[at.join('.')] = { $eq: value ?? null };
  }
  if (unwind) {
    const at = within(relation, unwind.at(-1)!, document, places);
    filter[at.join('.')] = { $eq: valueAt(document, at) ?? null };
  }
  return filter;
}

/** Takes an element out of its array by its own key, which no other element there has. */
function without(relation: TableRelation, { item, document }: Held): Document {
  const path = relation.unwind!.at(-1)!;
  const places = item.places!;
  const element = within(relation, path, document, places);
  const array = element.slice(0, -1);
  if (!Array.isArray(valueAt(document, array))) return { $unset: { [element.join('.')]: '' } };
  const own = relation.key.filter((name) => ofElement(relation, name));
  const conditions = own.map((name) => {
    const at = pathOf(relation, name);
    const value = valueAt(document, within(relation, at, document, places));
    return [at.slice(path.length).join('.'), { $eq: value }] as const;
  });
  const condition = conditions.find(([at]) => at === '')?.[1] ?? Object.fromEntries(conditions);
  return { $pull: { [array.join('.')]: condition } };
}
