import type { Output } from '../../source/adapter.js';
import type { DistinctRelation, Relation, TableRelation } from '../../source/relation.js';
import { type Access, Compiler } from './compiler.js';
import type { Connection } from './driver.js';
import type { ColumnFacts, Repeated } from './knowledge.js';
import { columnOf, provenUnique, readSchema, type Schema, type SqliteColumn, tableOf } from './schema.js';

const passedOver = 15;
const nothingRepeated: Repeated = { later: new Set(), first: new Set() };

/** The statement of a point read, to run again with other keys of the same types. */
export interface Reading {
  readonly relation: Relation;
  readonly types: string;
  readonly text: string;
}

/** What has been found out about a state of the file, as it is handed to another thread. */
export interface Known {
  readonly facts: ReadonlyMap<string, ColumnFacts>;
  readonly repetitions: ReadonlyMap<string, Repeated>;
}

/** One connection and what is known of the state of the file, or of the files, that it sees. */
export class Session {
  private tables: Schema | undefined;
  version = -1;
  /** When what is known was last held against the file (`performance.now()`). */
  refreshed = Number.NEGATIVE_INFINITY;
  private versions: readonly number[] = [];
  private schemaVersion: string | undefined;
  private journal: boolean | undefined;
  readonly facts = new Map<string, ColumnFacts>();
  readonly repetitions = new Map<string, Repeated>();
  /** JSON arrays of the values of distinct relations. */
  readonly distinct = new Map<string, string>();
  private readonly filters = new WeakMap<Repeated, string>();
  private readonly nullable = new Map<string, boolean>();
  private unique = new WeakSet<TableRelation>();
  /** SELECT lists of plain columns of a statement's own table. */
  lists = new WeakMap<readonly Output[], { readonly relation: Relation; readonly text: string }>();
  private readonly long = new Map<string, number>();
  readings = new WeakMap<readonly Output[], Reading>();

  /**
   * `slice`: milliseconds that one slice of a job may take on this session's thread. `lost`: the file in which a table was, by the
   * lower case of its name, where that file has gone.
   */
  constructor(
    readonly connection: Connection,
    readonly slice: number,
    private readonly lost: ReadonlyMap<string, string> = new Map(),
  ) {}

  get schema(): Schema {
    this.tables ??= readSchema(
      (text, ...values) => this.connection.all(text, values),
      this.connection.databases,
      this.lost,
    );
    return this.tables;
  }

  /** Each table that is known, and the file it lies in. */
  *homes(): Generator<readonly [table: string, file: string]> {
    for (const [name, { file }] of this.tables ?? []) yield [name, file];
  }

  forgetReadings(): void {
    this.readings = new WeakMap();
  }

  /** Does a database keep its last writes in a file of their own, so that its own file does not show them? */
  get writeAhead(): boolean {
    this.journal ??= this.connection.databases.some(
      ({ schema }) => this.connection.all(`PRAGMA ${schema}.journal_mode`, [])[0]![0] === 'wal',
    );
    return this.journal;
  }

  /** Forgets what is known of an older state of the file. Call within a read transaction. */
  refresh(keep = false): void {
    const version = this.connection.dataVersion();
    this.refreshed = performance.now();
    if (version === this.version) return;
    const { databases } = this.connection;
    this.version = version;
    this.versions = databases.map((_, file) => this.connection.versionOf(file));
    this.journal = undefined;
    const schemaVersion = databases
      .map(({ schema }) => this.connection.all(`PRAGMA ${schema}.schema_version`, [])[0]![0])
      .join();
    if (schemaVersion !== this.schemaVersion) {
      this.tables = undefined;
      this.unique = new WeakSet();
      this.lists = new WeakMap();
      this.readings = new WeakMap();
    }
    this.schemaVersion = schemaVersion;
    if (keep) return;
    this.facts.clear();
    this.repetitions.clear();
    this.nullable.clear();
    this.distinct.clear();
  }

  /** Call when the connection itself has changed rows, of which its version says nothing. */
  changed(): void {
    this.version = -1;
  }

  get known(): Known {
    return { facts: this.facts, repetitions: this.repetitions };
  }

  adopt({ facts, repetitions }: Known): void {
    for (const [column, found] of facts) this.facts.set(column, found);
    for (const [relation, found] of repetitions) this.repetitions.set(relation, found);
  }

  /** Does the connection see no change of one of its files since the last refresh? */
  current(file: number): boolean {
    return this.connection.versionOf(file) === this.versions[file];
  }

  compiler(access: Access, values?: string): Compiler {
    const knowledge = {
      facts: (column: SqliteColumn) => this.facts.get(column.id),
      nulls: (column: SqliteColumn) => this.nulls(column),
      repeated: (relation: TableRelation) => this.repeated(relation),
    };
    return new Compiler(
      this.schema,
      this.connection.functions,
      knowledge,
      access,
      (relation) => this.filter(relation),
      values,
    );
  }

  /** Statements that needed more than a slice are not tried again at once. */
  took(text: string): void {
    this.long.set(text, passedOver);
    if (this.long.size > 500) this.long.delete(this.long.keys().next().value!);
  }

  tooLong(text: string): boolean {
    const left = this.long.get(text) ?? 0;
    if (left === 1) this.long.delete(text);
    else if (left > 0) this.long.set(text, left - 1);
    return left > 0;
  }

  /** The repeated keys of a relation; undefined when they have to be found first. */
  repeated(relation: TableRelation): Repeated | undefined {
    if (this.unique.has(relation)) return nothingRepeated;
    const table = tableOf(this.schema, relation);
    if (relation.key.length === 0 || table.cursor.length === 0) return nothingRepeated;
    const key = relation.key.map((name) => columnOf(table, relation, name));
    if (!provenUnique(table, key)) return this.repetitions.get(relationId(relation));
    this.unique.add(relation);
    return nothingRepeated;
  }

  private nulls(column: SqliteColumn): boolean {
    if (!column.nullable || !column.leads) return column.nullable;
    const id = column.id;
    let found = this.nullable.get(id);
    if (found === undefined) {
      const text = `SELECT 1 FROM ${column.table} WHERE ${column.quoted} IS NULL LIMIT 1`;
      found = this.connection.all(text, []).length > 0;
      this.nullable.set(id, found);
    }
    return found;
  }

  /** The function that leaves out the later rows of repeated keys, where there are any. */
  private filter(relation: TableRelation): string | undefined {
    const repeated = this.repeated(relation);
    if (!repeated || repeated.later.size === 0) return undefined;
    let name = this.filters.get(repeated);
    if (name === undefined) {
      name = this.connection.functions.kept(relation.name, repeated.later);
      this.filters.set(repeated, name);
    }
    return name;
  }
}

export const relationId = ({ name, key, columns }: TableRelation): string =>
  JSON.stringify([name, key.map((one) => columns[one]?.path)]);
export const distinctId = ({ of }: DistinctRelation): string =>
  JSON.stringify(of.map(({ table, column }) => [relationId(table), table.columns[column]?.path]));
