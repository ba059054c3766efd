import { Fault } from '../../errors/fault.js';
import type { Cell } from '../../source/row.js';
import { type StoredRecord, Window } from './stored-record.js';

const [quote, comma, cr, lf] = [0x22, 0x2c, 0x0d, 0x0a];

/**
 * The records of a CSV file (RFC 4180), those of one part of it together, the header first. An empty line is none, but where a record
 * has one field.
 */
export async function* csvRecords(
  chunks: AsyncIterator<Buffer>,
  encoding: BufferEncoding,
): AsyncGenerator<readonly StoredRecord[]> {
  const width = encoding === 'utf16le' ? 2 : 1;
  const window = new Window(chunks);
  await window.more(0);
  const mark = Buffer.from('\ufeff', encoding);
  let from = encoding !== 'latin1' && window.bytes.subarray(0, mark.length).equals(mark) ? mark.length : 0;
  let at = from;
  let state: 'begin' | 'plain' | 'quoted' | 'closed' = 'begin';
  let fields = 0;
  let ofHeader: number | undefined;
  for (;;) {
    const { start, bytes } = window;
    const end = start + bytes.length - (bytes.length % width);
    const unit = (place: number) => (width === 1 ? bytes[place - start]! : bytes.readUInt16LE(place - start));
    const found: StoredRecord[] = [];
    while (at < end) {
      if (state === 'quoted' && width === 1) {
        const closing = bytes.indexOf(quote, at - start);
        at = closing < 0 ? end : start + closing + 1;
        if (closing >= 0) state = 'closed';
        continue;
      }
      const sign = unit(at);
      if (state === 'quoted') {
        if (sign === quote) state = 'closed';
      } else if (sign === quote && state !== 'plain') state = 'quoted';
      else if (sign === comma) {
        state = 'begin';
        fields++;
      } else if (sign === cr || sign === lf) {
        if (sign === cr && at + width >= end && !window.whole) break;
        const lineUntil = at + (sign === cr && at + width < end && unit(at + width) === lf ? 2 : 1) * width;
        const text = bytes.toString(encoding, from - start, at - start);
        ofHeader ??= fields + 1;
        if (text !== '' || ofHeader === 1) found.push({ from, until: at, lineUntil, text, gap: '' });
        [from, at, state, fields] = [lineUntil, lineUntil, 'begin', 0];
        continue;
      } else state = 'plain';
      at += width;
    }
    if (found.length > 0) yield found;
    if (window.whole) break;
    await window.more(from);
  }
  if (from < at) {
    const text = window.bytes.toString(encoding, from - window.start, at - window.start);
    yield [{ from, until: at, lineUntil: at, text, gap: '' }];
  }
}

/** A field as it is written, and what it says. */
export interface CsvField {
  readonly raw: string;
  readonly text: string;
}

export function csvFields(record: string): readonly CsvField[] {
  const field = /("(?:[^"]|"")*"|[^,]*)(,|$)/y;
  const fields: CsvField[] = [];
  for (;;) {
    const match = field.exec(record);
    if (!match) throw new Fault('source-corrupt', 'A record of the file cannot be read');
    const [, raw = '', end] = match;
    fields.push({ raw, text: raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw });
    if (end === '') return fields;
  }
}

/** A cell as a field: within quotes where the one that it replaces was, and where it has to be. */
export function csvField(cell: Cell, quoted: boolean, alone: boolean): string {
  const text = cell === null ? '' : String(cell);
  const needed = /[",\r\n]/.test(text) || (alone && text === '');
  return quoted || needed ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The record with some of its fields written anew, by their places; the others as they are written. */
export function withFields(record: string, cells: ReadonlyMap<number, Cell>): string {
  const fields = csvFields(record);
  return fields
    .map(({ raw }, at) => (cells.has(at) ? csvField(cells.get(at)!, raw.startsWith('"'), fields.length === 1) : raw))
    .join(',');
}

/** A new record, written as another one is. */
export function likeRecord(other: string, width: number, cells: ReadonlyMap<number, Cell>): string {
  const fields = csvFields(other);
  return Array.from({ length: width }, (_, at) =>
    csvField(cells.get(at) ?? null, fields[at]?.raw.startsWith('"') === true, width === 1),
  ).join(',');
}
