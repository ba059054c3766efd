import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import { compareText } from '#src/source/fold.js';
import type { Cell, Row } from '#src/source/row.js';
import { command, type LinePoint, write } from '../../support/line-protocol.js';
import type { HospitalTable } from '../hospitals.js';
import { type Kept, keptAsDrawn } from './kept.js';
import type { Part } from './split.js';
import type { Stored } from './stored.js';
import { flat } from './tables.js';

type Scalar = Exclude<Cell, object>;

/** Columns that are tags; all others but the time are fields. */
const tagged = new Set(['bed', 'person']);

/** A part in a database of its own on an InfluxDB server. */
export async function inInfluxdb(part: Part, server: string, database: string): Promise<Stored> {
  const base = server.replace(/\/$/, '');
  await command(base, `CREATE DATABASE ${database}`);
  const kept = part.hospital.tables.map((table) => {
    const rows = part.rows[table.relation.name]!;
    // What nothing was ever written to is no measurement, but a fault.
    return measured(table, rows.length === 0 ? table.rows.slice(0, 1) : rows);
  });
  const points = kept.flatMap((one) => one.rows.map((row) => pointOf(one.table, row)));
  await write(base, database, points);
  const location = `${base}/${database}`;
  return {
    kept,
    adapter: flat(openInfluxdb({ name: part.name, location, timeoutMs: 30_000 })),
    remove: async () => {
      await command(base, `DROP DATABASE ${database}`);
    },
  };
}

/** Points as they come back: a tag is a text, a field of one type, the last of two that have the same time and tags, all by time and tags. */
function measured(table: HospitalTable, rows: readonly Row[]): Kept {
  const fitted = table.columns.map(({ name }, i): ((cell: Cell) => Cell) => {
    if (name === 'time') return (cell) => cell;
    if (tagged.has(name)) return (cell) => (cell === null || /^$|[\n\\]/.test(String(cell)) ? null : String(cell));
    return rows.every((row) => row[i] === null || typeof row[i] === 'number')
      ? (cell) => cell
      : (cell) => (cell === null ? null : String(cell));
  });
  const named = table.columns.flatMap(({ name }, i) => (tagged.has(name) ? [{ name, i }] : []));
  const tags = [...named].sort((a, b) => compareText(a.name, b.name)).map(({ i }) => i);
  const time = table.columns.findIndex(({ name }) => name === 'time');
  const identity = (row: Row) => [row[time], ...tags.map((i) => row[i] ?? '')].map(String);
  const last = new Map(
    rows.map((row) => row.map((cell, i) => fitted[i]!(cell))).map((row) => [JSON.stringify(identity(row)), row]),
  );
  const moment = (row: Row) => Date.parse(String(row[time]));
  const sorted = [...last.values()].sort((a, b) => {
    if (moment(a) !== moment(b)) return moment(a) - moment(b);
    const [x, y] = [identity(a), identity(b)];
    return x.map((text, i) => compareText(text, y[i]!)).find((order) => order !== 0) ?? 0;
  });
  return keptAsDrawn(table, sorted);
}

function pointOf(table: HospitalTable, row: Row): LinePoint {
  const tags: Record<string, string | null> = {};
  // A point has one field at least.
  const fields: Record<string, Scalar> = { device: 1 };
  let time = 0n;
  for (const [i, { name }] of table.columns.entries()) {
    const cell = row[i] as Scalar;
    if (name === 'time') time = BigInt(Date.parse(String(cell))) * 1_000_000n;
    else if (tagged.has(name)) tags[name] = cell as string | null;
    else fields[name] = cell;
  }
  return { measurement: table.relation.name, tags, fields, time };
}
