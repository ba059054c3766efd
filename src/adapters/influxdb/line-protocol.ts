import { Fault } from '../../errors/fault.js';
import type { Cell } from '../../source/row.js';

/** A point as it is written: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ */
export interface WrittenPoint {
  readonly measurement: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
}

export type FieldType = 'float' | 'integer' | 'string' | 'boolean';

/** A field's value: as it is written, and as it is read again. */
export interface FieldValue {
  readonly written: string;
  readonly read: Exclude<Cell, object>;
}

const longestText = 65_535;

export function line({ measurement, tags, fields, time }: WrittenPoint): string {
  const tagged = [...tags].map(([name, value]) => `,${named(name)}=${named(value)}`);
  const held = [...fields].map(([name, { written }]) => `${named(name)}=${written}`);
  return `${escaped(measurement, /[, ]/g)}${tagged.join('')} ${held.join(',')} ${time}`;
}

/** @throws {Fault} `constraint` when a field of that type cannot be it */
export function fieldValue(cell: Exclude<Cell, object | null>, type: FieldType | undefined): FieldValue {
  const text = String(cell);
  switch (type ?? ownType(cell)) {
    case 'float': {
      const value = typeof cell === 'boolean' || text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) throw new Fault('constraint', 'The field holds numbers only');
      return { written: String(value), read: value };
    }
    case 'integer': {
      const value = /^-?\d+$/.test(text) ? BigInt(text) : undefined;
      if (value === undefined || BigInt.asIntN(64, value) !== value)
        throw new Fault('constraint', 'The field holds whole numbers of 64 bits only');
      return { written: `${value}i`, read: Number.isSafeInteger(Number(value)) ? Number(value) : value };
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new Fault('constraint', 'The field holds true and false only');
      return { written: text, read: text === 'true' };
    case 'string':
      if (Buffer.byteLength(text) > longestText) throw new Fault('constraint', 'The text is longer than a field holds');
      return { written: `"${escaped(text, /["\\]/g)}"`, read: text };
  }
}

/** @throws {Fault} `constraint` */
export function tagValue(cell: Cell): string {
  const text = typeof cell === 'object' ? '' : String(cell);
  // A backslash at its end would escape what comes behind it, and a line ends the point.
  if (text === '' || /[\r\n\0]|\\$/.test(text)) throw new Fault('constraint', 'No tag can be such a text');
  return text;
}

function ownType(cell: Exclude<Cell, object | null>): FieldType {
  if (typeof cell === 'string') return 'string';
  if (typeof cell === 'boolean') return 'boolean';
  return typeof cell === 'bigint' ? 'integer' : 'float';
}

const named = (name: string): string => escaped(name, /[,= ]/g);
const escaped = (text: string, which: RegExp): string => text.replace(which, (found) => `\\${found}`);
