import { randomBytes } from 'node:crypto';
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import type { Adapter } from '#src/source/adapter.js';
import type { TableRelation } from '#src/source/relation.js';
import { command, type LinePoint, write } from '../../../support/line-protocol.js';

/** A database of its own with the points of a measurement `vitals`: tags `patient` and `device`, field `rate`. */
export interface Vitals {
  readonly database: string;
  readonly location: string;
  readonly adapter: Adapter;
  readonly close: () => Promise<void>;
}

export const start = 1_700_000_000_000_000_000n;

export const vitals = (key: readonly string[] = ['time', 'patient', 'device'], fields = ['rate']): TableRelation => ({
  kind: 'table',
  name: 'vitals',
  key,
  columns: Object.fromEntries(['time', 'patient', 'device', ...fields].map((name) => [name, { name, path: [name] }])),
});

export const point = (time: bigint, patient: string, rate: number, device: string | null = null): LinePoint => ({
  measurement: 'vitals',
  tags: { patient, device },
  fields: { rate: BigInt(rate) },
  time,
});

export async function withPoints(server: string, points: readonly LinePoint[]): Promise<Vitals> {
  const database = `v${randomBytes(6).toString('hex')}`;
  await command(server, `CREATE DATABASE ${database}`);
  for (let from = 0; from < points.length; from += 20_000)
    await write(server, database, points.slice(from, from + 20_000));
  const location = `${server}/${database}`;
  const adapter = openInfluxdb({ name: 'vitals', location, timeoutMs: 60_000 });
  return { database, location, adapter, close: async () => void (await command(server, `DROP DATABASE ${database}`)) };
}
