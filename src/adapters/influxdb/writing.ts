import { Fault } from '../../errors/fault.js';
import type { Call, Cells, Change, Output, Transaction, Writing } from '../../source/adapter.js';
import { isInstant } from '../../source/calendar.js';
import { compareText } from '../../source/fold.js';
import { Gate } from '../../source/gate.js';
import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';
import { wanted } from '../../source/wanted.js';
import { type FieldType, type FieldValue, fieldValue, line, tagValue } from './line-protocol.js';
import type { Point } from './points.js';
import type { Measurement } from './schema.js';
import { timeOfText, timeText } from './time.js';

/** What the writer asks of its database. */
export interface Database {
  /** A measurement as it is now. */
  measurement(relation: TableRelation, call: Call): Promise<Measurement>;
  /** The points of a native key, with some columns: more than one where a tag is no part of the key. */
  points(
    relation: TableRelation,
    columns: readonly string[],
    key: readonly Cell[],
    call: Call,
  ): Promise<readonly Point[]>;
  /** Keeps points; a field of a point that is there is overwritten. */
  write(lines: string, call: Call): Promise<void>;
}

/** A change that waits for the end of its transaction: the point, and the cells of it that will be read. */
interface Pending {
  readonly relation: TableRelation;
  readonly key: readonly Cell[];
  readonly line: string;
  readonly cells: ReadonlyMap<string, Cell>;
  /** Cells that are counted on. */
  readonly before: Cells;
  readonly isNew: boolean;
}

/** Milliseconds that an answer is waited for when a change was sent. */
const graceMs = 3_000;

/**
 * Adds points and overwrites fields of points. InfluxDB has no transactions: one change is sent when all was checked, and is then read
 * again. It takes no field away, and its points are not deleted here.
 */
export class InfluxdbWriting implements Writing {
  private readonly turns = new Gate(1);

  constructor(private readonly database: Database) {}

  /** A point is named by its time: a key without it names none. */
  can({ unwind, numbered, key, columns }: TableRelation, change: Change): boolean {
    const paths = Object.values(columns).map(({ path }) => path);
    return (
      change !== 'delete' &&
      !unwind &&
      !numbered &&
      paths.every((path) => path.length === 1) &&
      key.some((name) => columns[name]?.path[0] === 'time')
    );
  }

  async transaction<T>(call: Call, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const leave = await this.turns.enter(call);
    const transaction = new PointTransaction(this.database, call, (relation, change) => this.can(relation, change));
    try {
      wanted(call);
      const result = await work(transaction);
      wanted(call);
      await transaction.keep();
      return result;
    } finally {
      transaction.over = true;
      leave();
    }
  }
}

class PointTransaction implements Transaction {
  over = false;
  private pending: Pending | undefined;

  constructor(
    private readonly database: Database,
    private readonly call: Call,
    private readonly can: InfluxdbWriting['can'],
  ) {}

  async get(relation: TableRelation, output: readonly Output[], asked: readonly Cell[]): Promise<Row | undefined> {
    this.check();
    const key = normalised(relation, asked);
    const names = output.map((one) => {
      if (one.kind === 'column') return one.column;
      throw new Fault('mapping', `Table ${one.relation.name} cannot be joined`);
    });
    const { pending } = this;
    const changed = pending?.relation.name === relation.name && keyText(pending.key) === keyText(key);
    const point = changed && pending.isNew ? undefined : await this.only(relation, names, key, this.call);
    if (!point && !changed) return undefined;
    return names.map((name) => {
      const own = changed ? pending.cells.get(stored(relation, name)) : undefined;
      return own === undefined ? (point?.cells.get(name) ?? null) : own;
    });
  }

  async insert(relation: TableRelation, cells: Cells): Promise<readonly Cell[]> {
    this.check(relation, 'insert');
    const measurement = await this.database.measurement(relation, this.call);
    const key = normalised(
      relation,
      relation.key.map((name) => cells[name] ?? null),
    );
    if (key.includes(null)) throw new Fault('constraint', 'InfluxDB gives no keys: the new point has to say its own');
    if (await this.only(relation, relation.key, key, this.call))
      throw new Fault('duplicate', 'There is a point of that key already');
    const said = new Map([
      ...Object.entries(cells).map(([name, cell]) => [stored(relation, name), cell] as const),
      ...relation.key.map((name, i) => [stored(relation, name), key[i]!] as const),
    ]);
    const tags = new Map<string, string>();
    const fields = new Map<string, FieldValue>();
    for (const [name, cell] of said) {
      if (name === 'time' || cell === null) continue;
      if (measurement.tags.has(name)) tags.set(name, tagValue(cell));
      else fields.set(name, fieldOf(measurement, name, cell));
    }
    if (fields.size === 0) throw new Fault('constraint', 'A point needs a field that holds something');
    const time = timeOfText(String(said.get('time')))!;
    this.put({
      relation,
      key,
      line: line({ measurement: measurement.name, tags, fields, time }),
      cells: new Map<string, Cell>([
        ['time', timeText(time)],
        ...tags,
        ...[...fields].map(([n, { read }]) => [n, read] as const),
      ]),
      before: {},
      isNew: true,
    });
    return key;
  }

  async update(relation: TableRelation, asked: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    this.check(relation, 'update');
    const key = normalised(relation, asked);
    const measurement = await this.database.measurement(relation, this.call);
    const names = [...new Set([...Object.keys(cells), ...Object.keys(before)])];
    const point = await this.only(relation, names, key, this.call);
    if (!point || !holds(point, before)) return false;
    const fields = new Map<string, FieldValue>();
    for (const [name, cell] of Object.entries(cells)) {
      const field = stored(relation, name);
      if (field === 'time' || measurement.tags.has(field))
        throw new Fault('constraint', 'The time and the tags of a point are what it is known by, and cannot change');
      if (cell !== null) fields.set(field, fieldOf(measurement, field, cell));
      else if (point.cells.get(name) !== null) throw new Fault('constraint', 'InfluxDB takes no field of a point away');
    }
    if (fields.size === 0) return true;
    // A point's tags are in the order of their names, as pointReader sorts them.
    const sorted = [...measurement.tags].sort(compareText);
    const tags = new Map(sorted.flatMap((tag, i) => (point.tags[i] ? [[tag, point.tags[i]] as const] : [])));
    this.put({
      relation,
      key,
      line: line({ measurement: measurement.name, tags, fields, time: point.time }),
      cells: new Map([...fields].map(([name, { read }]) => [name, read])),
      before,
      isNew: false,
    });
    return true;
  }

  async delete(): Promise<boolean> {
    this.check();
    throw new Fault('exception', 'Points are not deleted');
  }

  /** Sends the change, and reads it again. */
  async keep(): Promise<void> {
    const { pending } = this;
    if (!pending) return;
    const { relation, key } = pending;
    const now = await this.only(relation, Object.keys(pending.before), key, this.call);
    if (pending.isNew ? now !== undefined : !now || !holds(now, pending.before))
      throw new Fault('conflict', 'Someone else wrote the point at the same moment');
    wanted(this.call);
    const call = { signal: new AbortController().signal, deadline: performance.now() + graceMs };
    let failed: unknown;
    await this.database.write(pending.line, call).catch((error: unknown) => {
      failed = error;
    });
    if (failed instanceof Fault && failed.code === 'constraint') throw failed;
    const kept = await this.isKept(pending, call).catch((cause: unknown) => {
      throw new Fault('in-doubt', 'The source did not say whether it keeps the change', {}, { cause: failed ?? cause });
    });
    if (kept) return;
    if (failed) throw failed;
    throw new Fault('in-doubt', 'The source does not give back what it was told to keep');
  }

  private async isKept({ relation, key, cells }: Pending, call: Call): Promise<boolean> {
    const names = Object.keys(relation.columns).filter((name) => cells.has(stored(relation, name)));
    const point = await this.only(relation, names, key, call);
    return (
      point !== undefined && names.every((name) => same(point.cells.get(name)!, cells.get(stored(relation, name))!))
    );
  }

  private async only(
    relation: TableRelation,
    names: readonly string[],
    key: readonly Cell[],
    call: Call,
  ): Promise<Point | undefined> {
    if (key.includes(null)) return undefined;
    const points = await this.database.points(relation, [...new Set([...names, ...relation.key])], key, call);
    if (points.length > 1)
      throw new Fault('duplicate-key', 'Several points have that key: which is meant cannot be told');
    return points[0];
  }

  private put(pending: Pending): void {
    if (this.pending)
      throw new Fault('unprocessable', 'InfluxDB keeps one change at a time: two cannot be kept or undone together');
    this.pending = pending;
  }

  private check(relation?: TableRelation, change?: Change): void {
    wanted(this.call);
    if (this.over) throw new Fault('exception', 'The transaction is over');
    if (relation && change && !this.can(relation, change))
      throw new Fault('exception', `Points of ${relation.name} are not written so`);
  }
}

function stored({ name: table, columns }: TableRelation, name: string): string {
  const path = columns[name]?.path;
  if (path?.length !== 1) throw new Fault('source-schema', `Column ${name} of table ${table} does not exist`);
  return path[0]!;
}

function fieldOf({ fields }: Measurement, name: string, cell: Cell): FieldValue {
  if (typeof cell === 'object') throw new Fault('constraint', 'A field holds one value');
  const [type, ...others] = fields.get(name) ?? [];
  if (others.length > 0) throw new Fault('source-schema', `Column ${name} is of several types`);
  return fieldValue(cell, type as FieldType | undefined);
}

/** A key whose time is as it is read, whatever its offset and its fraction; null where it is none. */
function normalised(relation: TableRelation, key: readonly Cell[]): readonly Cell[] {
  return relation.key.map((name, i) => (stored(relation, name) === 'time' ? timeCell(key[i]!) : key[i]!));
}

function timeCell(cell: Cell): Cell {
  const text = String(cell).replace(' ', 'T');
  const [, begin, fraction = ''] = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(text) ?? [];
  const seconds = begin === undefined || !isInstant(text) ? undefined : timeOfText(`${begin}Z`);
  if (seconds === undefined) return null;
  const time = seconds + BigInt(fraction.padEnd(9, '0'));
  return BigInt.asIntN(64, time) === time ? timeText(time) : null;
}

function holds({ cells }: Point, before: Cells): boolean {
  return Object.entries(before).every(([name, cell]) => same(cells.get(name) ?? null, cell));
}

function same(one: Cell, other: Cell): boolean {
  return one === other || (one !== null && other !== null && keyText([one]) === keyText([other]));
}
