import { randomBytes } from 'node:crypto';
import { type Db, Decimal128, type Document, Double, Long, MongoClient } from 'mongodb';
import { openMongodb } from '#src/adapters/mongodb/adapter.js';
import type { Cell } from '#src/source/row.js';
import { serverUrl } from '../support/server-url.js';
import { writeContract } from './write.contract.js';
import type { WriteStore, WrittenColumn, WrittenTable } from './write-store.js';

const url = serverUrl('HEALTHSYNC_TEST_MONGODB_URL');

const types = {
  text: 'string',
  integer: ['int', 'long'],
  number: 'double',
  decimal: 'decimal',
  boolean: 'bool',
  date: 'string',
  dateTime: 'date',
} as const;

function native({ type }: WrittenColumn, cell: Cell): unknown {
  if (cell === null) return undefined;
  switch (type) {
    case 'integer':
      return typeof cell === 'bigint' ? Long.fromBigInt(cell) : cell;
    case 'number':
      return new Double(Number(cell));
    case 'decimal':
      return Decimal128.fromString(String(cell));
    case 'dateTime':
      return new Date(String(cell));
    default:
      return cell;
  }
}

type PathOf = (column: WrittenColumn) => readonly string[];

function document({ columns }: WrittenTable, row: readonly Cell[], pathOf: PathOf): Document {
  const made: Document = {};
  columns.forEach((column, i) => {
    const value = native(column, row[i]!);
    if (value === undefined) return;
    const steps = pathOf(column);
    let at = made;
    for (const step of steps.slice(0, -1)) {
      at[step] ??= { unknown: { to: 'the adapter' } };
      at = at[step] as Document;
    }
    at[steps.at(-1)!] = value;
  });
  return { ...made, beside: [1, { two: new Double(2) }] };
}

/** The rules of a table as a JSON Schema. */
function schema({ columns }: WrittenTable, pathOf: PathOf): Document {
  const rules: Document = { bsonType: 'object', properties: {}, required: [] };
  for (const column of columns) {
    if (column.assigned || column.name === 'id') continue;
    let at = rules;
    const steps = pathOf(column);
    for (const step of steps.slice(0, -1)) {
      at.properties[step] ??= { bsonType: 'object', properties: {}, required: [] };
      if (column.required && !at.required.includes(step)) at.required.push(step);
      at = at.properties[step] as Document;
    }
    const name = steps.at(-1)!;
    at.properties[name] = {
      bsonType: types[column.type],
      ...(column.length && { maxLength: column.length }),
      ...(column.checked && { not: { enum: ['forbidden'] } }),
    };
    if (column.required) at.required.push(name);
  }
  return withoutEmpty(rules);
}

function withoutEmpty({ required, properties, ...rest }: Document): Document {
  const inner = Object.entries((properties ?? {}) as Document).map(([name, one]) => [name, withoutEmpty(one)]);
  return {
    ...rest,
    ...(inner.length > 0 && { properties: Object.fromEntries(inner) }),
    ...(required?.length > 0 && { required }),
  };
}

async function make(database: Db, table: WrittenTable, pathOf: PathOf): Promise<void> {
  const made = await database.createCollection(table.name, { validator: { $jsonSchema: schema(table, pathOf) } });
  await made.insertMany(table.rows.map((row) => document(table, row, pathOf)));
  for (const column of table.columns) {
    const field = pathOf(column).join('.');
    if (field === '_id') continue;
    const type = types[column.type];
    if (column.unique)
      await made.createIndex(
        { [field]: 1 },
        { unique: true, partialFilterExpression: { [field]: { $type: type as 'string' } } },
      );
    if (column.name === table.key) await made.createIndex({ [field]: 1 }, { unique: table.keyed });
  }
}

function store(name: string, path: NonNullable<WriteStore['path']>): WriteStore {
  return {
    name,
    types: ['text', 'integer', 'number', 'decimal', 'boolean', 'dateTime'],
    instants: true,
    path,
    omits: { 'a column that is not there is named': 'documents need not have all fields: a new one is made' },
    open: async (tables) => {
      const client = new MongoClient(url);
      const database = client.db(`write_${randomBytes(6).toString('hex')}`);
      for (const table of tables) await make(database, table, ({ name: column }) => path(table.name, column));
      const location = `${url.replace(/\/$/, '')}/${database.databaseName}`;
      const adapter = openMongodb({ name: 'his', location, timeoutMs: 10_000 });
      return {
        adapter,
        native: async (table) => {
          const key = path(table, 'id').join('.');
          const found = database.collection(table).find({}, { promoteValues: false, sort: { [key]: 1, _id: 1 } });
          return (await found.toArray()).map((one) => JSON.stringify(one));
        },
        cannot: (people) => {
          const unwind = [['lists', '$members']];
          const members = {
            ...people,
            unwind,
            columns: { ...people.columns, name: { name: 'name', path: ['lists', '$members', 'name'] } },
          };
          const place = { name: 'place', path: ['lists', '$place'] };
          const placed = {
            ...people,
            key: ['id', 'place'],
            unwind: [['lists']],
            columns: { ...people.columns, place },
          };
          return [
            [members, 'insert'],
            [members, 'update'],
            [members, 'delete'],
            [placed, 'delete'],
          ];
        },
        close: async () => {
          await adapter.close();
          await database.dropDatabase();
          await client.close();
        },
      };
    },
  };
}

writeContract(store('mongodb', (table, column) => (table !== 'twins' && column === 'id' ? ['_id'] : [column])));
const nested: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'given'],
  nick: ['name', 'nick'],
  amount: ['a', 'b', 'c'],
  at: ['when', 'at'],
};
writeContract(
  store(
    'mongodb, nested',
    (table, column) => nested[column] ?? (table === 'visits' && column === 'id' ? ['_id'] : [column]),
  ),
);
