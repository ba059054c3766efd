import type { Call, LiveTable } from '../../source/adapter.js';
import type { Connection } from './driver.js';

export interface Measurement {
  readonly name: string;
  readonly tags: ReadonlySet<string>;
  /** The types that shards have a field as: more than one is a conflict, whose values InfluxDB hands over in part. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

export type Schema = ReadonlyMap<string, Measurement>;

/** The measurements of a database. */
export async function readSchema(connection: Connection, call: Call): Promise<Schema> {
  const tags = new Map<string, Set<string>>();
  const fields = new Map<string, Map<string, string[]>>();
  for (const { name, values } of await connection.all({ text: 'SHOW TAG KEYS', values: {} }, call))
    for (const [tag] of values) entry(tags, name!, () => new Set<string>()).add(String(tag));
  for (const { name, values } of await connection.all({ text: 'SHOW FIELD KEYS', values: {} }, call))
    for (const [field, type] of values)
      entry(
        entry(fields, name!, () => new Map<string, string[]>()),
        String(field),
        () => [],
      ).push(String(type));
  return new Map(
    [...fields].map(([name, types]) => [name, { name, tags: tags.get(name) ?? new Set(), fields: types }]),
  );
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

export function liveTables(schema: Schema): readonly LiveTable[] {
  return [...schema.values()].map(({ name, tags, fields }) => ({
    name,
    columns: [
      { name: 'time', type: 'time', nullable: false },
      ...[...tags].map((tag) => ({ name: tag, type: 'tag', nullable: true })),
      ...[...fields].map(([field, types]) => ({ name: field, type: types.join(' | '), nullable: true })),
    ],
    uniqueKeys: [['time', ...tags]],
    indexes: [
      { name: 'time', columns: ['time'], unique: false },
      ...[...tags].map((tag) => ({ name: tag, columns: [tag], unique: false })),
    ],
  }));
}
