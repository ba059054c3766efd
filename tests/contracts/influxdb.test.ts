import { randomBytes } from 'node:crypto';
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import type { Cell } from '#src/source/row.js';
import { command, type LinePoint, write } from '../support/line-protocol.js';
import { serverUrl } from '../support/server-url.js';
import { sourceContract } from './source.contract.js';
import type { StoredTable } from './store.js';

const server = serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL').replace(/\/$/, '');

/** Columns of text whose cells a tag can be; the others are fields. */
const tagged = new Set(['people.id', 'visits.person', 'visits.status', 'repeated.k', 'random.id']);
/** Each row has a time of its own, ten to a second. */
const start = 1_700_000_000_000_000_000n;
const apart = 100_000_000n;

function points({ name, columns, rows }: StoredTable): LinePoint[] {
  return rows.map((row, n) => {
    const tags: Record<string, string | null> = {};
    const fields: Record<string, Exclude<Cell, object>> = {};
    for (const [i, column] of columns.entries()) {
      const cell = row[i] as Exclude<Cell, object>;
      if (tagged.has(`${name}.${column.name}`)) tags[column.name] = cell as string | null;
      else fields[column.name] = column.type === 'integer' && cell !== null ? BigInt(cell) : cell;
    }
    return { measurement: name, tags, fields, time: start + BigInt(n) * apart };
  });
}

sourceContract({
  name: 'influxdb',
  types: ['text', 'integer', 'number'],
  open: async (tables) => {
    const database = `t${randomBytes(6).toString('hex')}`;
    await command(server, `CREATE DATABASE ${database}`);
    await write(server, database, tables.flatMap(points));
    const adapter = openInfluxdb({ name: 'vitals', location: `${server}/${database}`, timeoutMs: 60_000 });
    const close = async () => {
      await adapter.close();
      await command(server, `DROP DATABASE ${database}`);
    };
    return { adapter, close };
  },
  omits: {
    'a missing column is named, wherever it is used': 'a field need not be there: what no point has is null',
    'related rows of distinct values, and whether one exists':
      'InfluxQL joins nothing: a mapping reads one measurement',
    'related rows and whether one exists, as outputs': 'InfluxQL joins nothing: a mapping reads one measurement',
  },
});
