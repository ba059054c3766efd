import type { Cell } from '#src/source/row.js';

/** A point of InfluxDB's line protocol; a null tag or field is left out. */
export interface LinePoint {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string | null>>;
  /** A number is a float, a bigint an integer. */
  readonly fields: Readonly<Record<string, Exclude<Cell, object>>>;
  readonly time: bigint;
}

const escaped = (text: string, which: RegExp) => text.replace(which, (found) => `\\${found}`);

export function line({ measurement, tags, fields, time }: LinePoint): string {
  const named = (name: string) => escaped(name, /[,= ]/g);
  const tagged = Object.entries(tags).flatMap(([name, tag]) =>
    tag === null || tag === '' ? [] : [`,${named(name)}=${named(tag)}`],
  );
  const held = Object.entries(fields).flatMap(([name, cell]) =>
    cell === null ? [] : [`${named(name)}=${value(cell)}`],
  );
  return `${escaped(measurement, /[, ]/g)}${tagged.join('')} ${held.join(',')} ${time}`;
}

function value(cell: string | number | bigint | boolean): string {
  if (typeof cell === 'string') return `"${escaped(cell, /["\\]/g)}"`;
  return typeof cell === 'bigint' ? `${cell}i` : String(cell);
}

/** Asks a server something that is no question of data: `CREATE DATABASE x`. */
export async function command(server: string, q: string): Promise<string> {
  const response = await fetch(`${server}/query`, { method: 'POST', body: new URLSearchParams({ q }) });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(text);
  return text;
}

export async function write(server: string, database: string, points: readonly LinePoint[]): Promise<void> {
  const response = await fetch(`${server}/write?db=${database}&precision=ns`, {
    method: 'POST',
    body: points.map(line).join('\n'),
  });
  if (!response.ok) throw new Error(await response.text());
}
