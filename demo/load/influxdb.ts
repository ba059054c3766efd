import { batches } from '../batches.js';

/** A point of a measurement. A whole number is written as such (`72i`) when it is a bigint; a number is a float. */
export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string | number | bigint | boolean>>;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
}

/** The measurements of one database. Those named are replaced; others are left alone. */
export interface Points {
  readonly measurements: readonly string[];
  readonly points: Iterable<Point>;
}

const POINTS = 5_000;

/** Fills an InfluxDB database, which is created when it is not there; yields the number of points of each batch. `url`: `http://user:password@host:port/database`. */
export async function* loadInfluxdb(url: string, { measurements, points }: Points): AsyncGenerator<number> {
  const server = new URL(url);
  const database = decodeURIComponent(server.pathname.replace(/^.*\//, ''));
  const base = `${server.origin}${server.pathname.replace(/[^/]*$/, '')}`;
  const login = `${decodeURIComponent(server.username)}:${decodeURIComponent(server.password)}`;
  const headers: Record<string, string> =
    login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const send = async (to: string, body: string | URLSearchParams) => {
    const answer = await fetch(`${base}${to}`, { method: 'POST', headers, body });
    const said = await answer.text();
    if (!answer.ok || said.includes('"error"'))
      throw new Error(`InfluxDB answered ${answer.status} to ${to.split('?')[0]}`);
  };
  const named = `"${quoted(database)}"`;
  await send('query', new URLSearchParams({ q: `CREATE DATABASE ${named}` }));
  for (const measurement of measurements)
    await send(
      `query?${new URLSearchParams({ db: database })}`,
      new URLSearchParams({ q: `DROP MEASUREMENT "${quoted(measurement)}"` }),
    );
  const write = `write?${new URLSearchParams({ db: database, precision: 'ns' })}`;
  for (const batch of batches(points, POINTS)) {
    await send(write, batch.map(line).join('\n'));
    yield batch.length;
  }
}

/** https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ */
function line({ measurement, tags, fields, time }: Point): string {
  const tagged = Object.entries(tags).map(([key, value]) => `,${escaped(key)}=${escaped(value)}`);
  const set = Object.entries(fields).map(([key, value]) => `${escaped(key)}=${field(value)}`);
  return `${measurement.replace(/[, ]/g, '\\$&')}${tagged.join('')} ${set.join(',')} ${time}`;
}

function field(value: string | number | bigint | boolean): string {
  if (typeof value === 'bigint') return `${value}i`;
  return typeof value === 'string' ? `"${quoted(value)}"` : String(value);
}

function escaped(text: string): string {
  return text.replace(/[,= ]/g, '\\$&');
}

function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
