import { Fault } from '../../errors/fault.js';
import type { Call, LiveColumn, LiveTable, SourceLocation } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import { placeIn } from '../../source/unwind.js';
import type { Document } from './cell.js';
import type { Deployment } from './driver.js';
import { dotted, isOfDocument, pathOf } from './path.js';
import { Remembered } from './remembered.js';
import { findRepeats, type Repeats } from './repeats.js';

export interface Index {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  /** Holds every document, in the order of bytes: neither partial, nor of another collation, nor of another kind. */
  readonly whole: boolean;
}

/**
 * The one type of all scalars of a field. `odd`: a text among them begins with white space, a number is none, a date is of a year
 * that has not four digits.
 */
export interface Kind {
  readonly type: 'string' | 'objectId' | 'date' | 'number';
  readonly odd: boolean;
}

const scalars = [
  'string',
  'symbol',
  'int',
  'long',
  'double',
  'decimal',
  'bool',
  'date',
  'objectId',
  'binData',
] as const;
const documentsSampled = 500;

/** What is known of the collections of a database, asked again from time to time. */
export class Schema {
  private readonly indexed: Remembered<readonly Index[]>;
  private readonly kinds: Remembered<Kind | undefined>;
  private readonly repeated: Remembered<Repeats>;

  constructor(
    private readonly deployment: Deployment,
    { timeoutMs }: SourceLocation,
  ) {
    this.indexed = new Remembered(10_000, 1, timeoutMs);
    this.kinds = new Remembered(2_000, 10, timeoutMs);
    this.repeated = new Remembered(2_000, 20, timeoutMs);
  }

  /**
   * Throws `source-schema` when there is no such collection: one that is missing otherwise looks like an empty one. What was known
   * before it was found to be empty says nothing, so it is asked each time.
   */
  async mustExist(name: string, call: Call): Promise<void> {
    const found = await this.deployment.collections(call, name);
    if (found.length === 0) throw new Fault('source-schema', `Collection ${name} does not exist`);
  }

  indexes(collection: string, call: Call): Promise<readonly Index[]> {
    return this.indexed.get(collection, call, async (patient) => {
      try {
        return (await this.deployment.indexes(collection, patient)).map(indexOf);
      } catch (error) {
        // A view has none, and neither has a collection that does not exist.
        if (causeCode(error) === 166 || causeCode(error) === 26) return [];
        throw error;
      }
    });
  }

  /** The type of a field's scalars, where an index tells it at once and there is only one; whatever is in arrays counts too. */
  async kind(collection: string, field: string, call: Call): Promise<Kind | undefined> {
    const indexes = await this.indexes(collection, call);
    if (field !== '_id' && !indexes.some(({ fields, whole }) => whole && fields[0] === field)) return undefined;
    return this.kinds.get(`${collection}\0${field}`, call, (patient) => this.findKind(collection, field, patient));
  }

  /** Can no two rows say the same key? A unique index says so while its columns hold one type: a text may look like an id. */
  private async unique(relation: TableRelation, call: Call): Promise<boolean> {
    const { key, unwind = [] } = relation;
    const places = new Set(key.map((name) => placeIn(relation, pathOf(relation, name))));
    if (!unwind.every((_, i) => places.has(i))) return false;
    const fields = key.filter((name) => isOfDocument(relation, name)).map((name) => dotted(pathOf(relation, name)));
    const named = fields.filter((field) => field !== undefined);
    if (named.length < fields.length) return false;
    const indexes = await this.indexes(relation.name, call);
    const one =
      named.includes('_id') ||
      indexes.some((index) => index.unique && index.whole && index.fields.every((field) => named.includes(field)));
    if (!one) return false;
    const kinds = await Promise.all(named.map((field) => this.kind(relation.name, field, call)));
    return kinds.every((kind) => kind !== undefined);
  }

  async repeats(relation: TableRelation, call: Call): Promise<Repeats> {
    if (relation.key.length === 0 || (await this.unique(relation, call))) return none;
    const name = JSON.stringify([relation.name, relation.key.map((key) => pathOf(relation, key)), relation.unwind]);
    return this.repeated.get(name, call, (patient) => findRepeats(this.deployment, relation, patient));
  }

  /** Fields of the first documents, and the types they have there. */
  async describe(call: Call): Promise<readonly LiveTable[]> {
    const tables: LiveTable[] = [];
    for (const { name } of await this.deployment.collections(call)) {
      if (name.startsWith('system.')) continue;
      const [documents, indexes] = await Promise.all([this.sample(name, call), this.indexes(name, call)]);
      const whole = indexes.filter((index) => index.whole);
      tables.push({
        name,
        columns: columnsOf(documents),
        uniqueKeys: [['_id'], ...whole.filter(({ unique }) => unique).map(({ fields }) => fields)].filter(
          (key, i, all) => all.findIndex((other) => other.join() === key.join()) === i,
        ),
        indexes: whole.map(({ name: index, fields, unique }) => ({
          name: index,
          columns: fields,
          unique: unique || fields.join() === '_id',
        })),
      });
    }
    return tables;
  }

  private async sample(name: string, call: Call): Promise<readonly Document[]> {
    const documents: Document[] = [];
    for await (const batch of this.deployment.find(name, { filter: {}, limit: documentsSampled }, call))
      documents.push(...batch);
    return documents;
  }

  private async findKind(collection: string, field: string, call: Call): Promise<Kind | undefined> {
    const some = async (filter: Document) => {
      for await (const [found] of this.deployment.find(collection, { filter, limit: 1, projection: { _id: 1 } }, call))
        return found !== undefined;
      return false;
    };
    const of = (types: readonly string[]) => some({ [field]: { $type: types } });
    for (const [type, alike, odd] of kindsOrdered) {
      if (!(await of(alike))) continue;
      const [others, strange] = await Promise.all([
        of(scalars.filter((other) => !alike.includes(other))),
        some(odd(field)),
      ]);
      return others ? undefined : { type, odd: strange };
    }
    return (await of(scalars)) ? undefined : { type: 'string', odd: false };
  }
}

const none: Repeats = { later: [], laterRows: new Set(), first: new Set() };

const kindsOrdered: readonly (readonly [Kind['type'], readonly string[], (field: string) => Document])[] = [
  ['string', ['string'], (field) => ({ [field]: { $gte: '\t', $lt: '!' } })],
  ['objectId', ['objectId'], () => ({ _id: { $in: [] } })],
  [
    'number',
    ['int', 'long', 'double'],
    (field) => ({ [field]: { $in: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] } }),
  ],
  [
    'date',
    ['date'],
    (field) => ({
      $or: [
        { [field]: { $lt: new Date('0000-01-01T00:00:00Z') } },
        { [field]: { $gt: new Date('9999-12-31T23:59:59.999Z') } },
      ],
    }),
  ],
];

function causeCode(error: unknown): unknown {
  return (error as { readonly cause?: { readonly code?: unknown } }).cause?.code;
}

function indexOf(index: Document): Index {
  const key = Object.entries(index.key as Record<string, unknown>);
  const { locale = 'simple' } = (index.collation ?? {}) as { readonly locale?: string };
  return {
    name: String(index.name),
    fields: key.map(([field]) => field),
    unique: index.unique === true,
    whole:
      locale === 'simple' &&
      index.partialFilterExpression === undefined &&
      key.every(([, direction]) => Math.abs(Number(direction)) === 1),
  };
}

function columnsOf(documents: readonly Document[]): readonly LiveColumn[] {
  const types = new Map<string, Set<string>>([['_id', new Set()]]);
  const seen = new Map<string, number>();
  for (const document of documents) {
    for (const [name, value] of Object.entries(document)) {
      const of = types.get(name) ?? new Set();
      types.set(name, of);
      if (value === null || value === undefined) continue;
      of.add(typeOf(value));
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
  }
  return [...types].map(([name, of]) => ({
    name,
    type: typeOfAll([...of]),
    nullable: name !== '_id' && (seen.get(name) ?? 0) < documents.length,
  }));
}

function typeOfAll(types: readonly string[]): string {
  if (types.includes('json')) return 'json';
  if (types.length === 1) return types[0]!;
  return types.length > 0 && types.every((type) => /^(?:integer|bigint|double)$/.test(type)) ? 'double' : '';
}

/** A type as `check` knows it: documents and arrays are `json`, which is looked into. */
function typeOf(value: unknown): string {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'double';
  const { _bsontype: type } = Object.getPrototypeOf(value) as { readonly _bsontype?: string };
  if (type === 'Decimal128') return 'decimal';
  if (type === 'ObjectId' || type === 'Binary') return 'text';
  return Object.prototype.toString.call(value) === '[object Date]' ? 'datetime' : 'json';
}
