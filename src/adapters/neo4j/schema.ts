import type { Call, LiveTable } from '../../source/adapter.js';
import type { Connection } from './driver.js';
import { relationshipTable } from './pattern.js';

interface Index {
  readonly name: string;
  readonly owners: readonly string[];
  readonly properties: readonly string[];
  readonly unique: boolean;
}

/** The indexes of a database, as they were when it was last looked at. */
export class Schema {
  constructor(private readonly indexes: readonly Index[]) {}

  /** Is a property of a label, or type, found by an index? */
  indexed(owner: string, property: string): boolean {
    return this.indexes.some(({ owners, properties }) => owners.includes(owner) && properties[0] === property);
  }

  /** The properties that a constraint keeps unique together. */
  unique(label: string): readonly (readonly string[])[] {
    return this.indexes
      .filter(({ owners, unique }) => unique && owners.includes(label))
      .map(({ properties }) => properties);
  }

  indexesOf(owner: string): LiveTable['indexes'] {
    return this.indexes
      .filter(({ owners }) => owners.includes(owner))
      .map(({ name, properties, unique }) => ({ name, columns: properties, unique }));
  }
}

const indexesCypher =
  `SHOW INDEXES YIELD name, type, state, labelsOrTypes, properties, owningConstraint ` +
  `WHERE type = 'RANGE' AND state = 'ONLINE' ` +
  `RETURN name, labelsOrTypes AS owners, properties, owningConstraint IS NOT NULL AS unique`;
const namesCypher =
  'CALL db.labels() YIELD label RETURN label AS name UNION CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType AS name';

export async function readSchema(connection: Connection, call: Call): Promise<Schema> {
  const indexes = await connection.all({ text: indexesCypher, values: {} }, call);
  return new Schema(
    indexes.map(([name, owners, properties, unique]) => ({
      name: String(name),
      owners: owners as readonly string[],
      properties: properties as readonly string[],
      unique: unique === true,
    })),
  );
}

/** The labels, and the types of relationships, that are of any node or relationship now. */
export async function namesInUse(connection: Connection, call: Call): Promise<ReadonlySet<string>> {
  const names = await connection.all({ text: namesCypher, values: {} }, call);
  return new Set(names.map(([name]) => String(name)));
}

const sampled = 1_000;
const nodeProperties =
  `CALL db.labels() YIELD label CALL (label) { MATCH (n) WHERE label IN labels(n) WITH n LIMIT ${sampled} ` +
  'UNWIND keys(n) AS key RETURN key, collect(DISTINCT valueType(n[key])) AS types, count(*) AS times } ' +
  'RETURN label, key, types ORDER BY label, key';
const relationshipProperties =
  `CALL db.relationshipTypes() YIELD relationshipType AS type CALL (type) { MATCH (s)-[r]->(e) WHERE type(r) = type ` +
  `WITH s, r, e LIMIT ${sampled} RETURN DISTINCT labels(s) AS starts, labels(e) AS ends, keys(r) AS keys } ` +
  'RETURN type, starts, ends, keys';

/** Labels with their properties, and relationships between labels, as the first rows of each have them. */
export async function describeSchema(
  connection: Connection,
  schema: Schema,
  call: Call,
): Promise<readonly LiveTable[]> {
  const tables = new Map<string, Map<string, string>>();
  const owners = new Map<string, string>();
  const columnsOf = (table: string, owner: string) => {
    owners.set(table, owner);
    const columns = tables.get(table) ?? new Map<string, string>();
    tables.set(table, columns);
    return columns;
  };
  for (const [label, key, types] of await connection.all({ text: nodeProperties, values: {} }, call)) {
    const names = (types as readonly string[]).map((type) => type.replace(' NOT NULL', ''));
    columnsOf(String(label), String(label)).set(String(key), names.join(' | '));
  }
  for (const [type, starts, ends, keys] of await connection.all({ text: relationshipProperties, values: {} }, call)) {
    for (const start of starts as readonly string[])
      for (const end of ends as readonly string[]) {
        const columns = columnsOf(relationshipTable(start, String(type), end), String(type));
        for (const key of keys as readonly string[]) columns.set(key, 'ANY');
      }
  }
  return [...tables].map(([name, columns]) => ({
    name,
    columns: [...columns].map(([column, type]) => ({ name: column, type, nullable: true })),
    uniqueKeys: name === owners.get(name) ? schema.unique(name) : [],
    indexes: schema.indexesOf(owners.get(name)!),
  }));
}
