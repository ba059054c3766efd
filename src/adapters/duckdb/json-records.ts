import { Fault } from '../../errors/fault.js';
import { type StoredRecord, Window } from './stored-record.js';

/** How documents follow one another in a file. */
export type JsonLayout = 'array' | 'lines' | 'sequence';

const [quote, backslash, open, close, begin, end, comma] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c];
const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** The documents of a file, those of one part of it together. */
export function jsonRecords(
  chunks: AsyncIterator<Buffer>,
  layout: JsonLayout,
): AsyncGenerator<readonly StoredRecord[]> {
  return layout === 'lines' ? lines(chunks) : values(chunks, layout === 'array');
}

/** Where the first document of an array may stand: behind its bracket. */
export async function arrayBegin(chunks: AsyncIterator<Buffer>): Promise<number> {
  const { value, done } = await chunks.next();
  const at = done ? -1 : (value as Buffer).indexOf(begin);
  if (at < 0) throw new Fault('source-corrupt', 'The file holds no array');
  return at + 1;
}

async function* lines(chunks: AsyncIterator<Buffer>): AsyncGenerator<readonly StoredRecord[]> {
  const window = new Window(chunks);
  let from = 0;
  const record = (until: number, lineUntil: number): StoredRecord | undefined => {
    let [first, last] = [from - window.start, until - window.start];
    while (first < last && isSpace(window.bytes[first]!)) first++;
    while (last > first && isSpace(window.bytes[last - 1]!)) last--;
    if (first === last) return undefined;
    const text = window.bytes.toString('utf8', first, last);
    return { from: window.start + first, until: window.start + last, lineUntil, text, gap: '' };
  };
  while (await window.more(from)) {
    const found: StoredRecord[] = [];
    for (;;) {
      const at = window.bytes.indexOf(0x0a, from - window.start);
      if (at < 0) break;
      const one = record(window.start + at, window.start + at + 1);
      if (one) found.push(one);
      from = window.start + at + 1;
    }
    if (found.length > 0) yield found;
  }
  const until = window.start + window.bytes.length;
  const last = record(until, until);
  if (last) yield [last];
}

async function* values(chunks: AsyncIterator<Buffer>, within: boolean): AsyncGenerator<readonly StoredRecord[]> {
  const window = new Window(chunks);
  let [at, from, previous, depth] = [0, -1, 0, within ? -1 : 0];
  let inText = false;
  const record = (): StoredRecord => {
    const { start, bytes } = window;
    const text = bytes.toString('utf8', from - start, at - start);
    const gap = bytes.toString('utf8', previous - start, from - start);
    const one = { from, until: at, lineUntil: at, text, gap };
    [previous, from] = [at, -1];
    return one;
  };
  while (await window.more(previous)) {
    const { start, bytes } = window;
    const last = start + bytes.length;
    const found: StoredRecord[] = [];
    while (at < last) {
      const byte = bytes[at - start]!;
      if (inText) {
        if (byte === backslash) {
          // What is escaped may come with the next bytes.
          if (at + 1 >= last) break;
          at++;
        } else if (byte === quote) inText = false;
        at++;
        if (!inText && depth === 0) found.push(record());
        continue;
      }
      if (depth < 0) {
        at++;
        if (byte === begin) [depth, previous] = [0, at];
        continue;
      }
      if (from < 0) {
        if (byte === end && depth === 0) {
          yield found;
          return;
        }
        if (!isSpace(byte) && byte !== comma && byte < 0x80) from = at;
      } else if (depth === 0 && (isSpace(byte) || byte === comma || byte === end)) {
        found.push(record());
        continue;
      }
      at++;
      if (byte === quote) inText = true;
      else if (byte === open || byte === begin) depth++;
      else if (byte === close || byte === end) {
        depth--;
        if (depth === 0) found.push(record());
      }
    }
    if (found.length > 0) yield found;
  }
  if (from >= 0 && depth === 0 && !inText) yield [record()];
}
