import type { FileHandle } from 'node:fs/promises';

const step = 65_536;
const longest = 2_000_000;

/** The fields of the first record of a CSV file (RFC 4180); undefined when there is none. */
export async function csvHeader(handle: FileHandle, encoding: BufferEncoding): Promise<readonly string[] | undefined> {
  for (let length = step; ; length *= 4) {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, 0);
    const text = buffer.toString(encoding, 0, bytesRead).replace(/^\ufeff/, '');
    const fields = firstRecord(text, bytesRead < length);
    if (fields || bytesRead < length || length > longest) return fields;
  }
}

/** The first record of a text; undefined when the text ends within it, unless it is the whole file. */
export function firstRecord(text: string, whole: boolean): readonly string[] | undefined {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  const fields: string[] = [];
  for (;;) {
    const match = field.exec(text);
    if (!match) return undefined;
    const [, quoted, plain = '', end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (end === '' && !whole) return undefined;
    return fields.length === 1 && fields[0] === '' ? undefined : fields;
  }
}
