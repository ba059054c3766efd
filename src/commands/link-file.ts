import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Fault } from '../errors/fault.js';
import { parseLinkEnd, type WrittenEnd } from '../identity/link-end.js';

/** A line of a file of links: its two ends, or what is wrong with it. */
export type LinkLine = { readonly number: number } & (
  | { readonly ends: readonly [WrittenEnd, WrittenEnd] }
  | { readonly wrong: string }
);

export const HEADER = 'one,other';

/**
 * The lines of a CSV file with the header `one,other`, as they are read (RFC 4180; no field goes over a line's end). Blank lines are
 * passed over. What is wrong is said without what the line holds: it may be a name.
 * @throws {Fault} `configuration` when the file cannot be read or has another header.
 */
export async function* linkLines(file: string): AsyncGenerator<LinkLine> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (number === 1) {
        if (line.replace(/^\uFEFF/, '') !== HEADER)
          throw new Fault('configuration', `${file}:1: the first line is not ${HEADER}.`);
      } else if (line.trim() !== '') yield { number, ...read(line) };
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('configuration', `${file} cannot be read.`, {}, { cause });
  }
  if (number === 0) throw new Fault('configuration', `${file}:1: the first line is not ${HEADER}.`);
}

function read(line: string): { readonly ends: readonly [WrittenEnd, WrittenEnd] } | { readonly wrong: string } {
  const fields = fieldsOf(line);
  if (fields?.length !== 2) return { wrong: 'it is not two fields of CSV' };
  const [one, other] = fields.map((field) => parseLinkEnd(field.trim()));
  if (!one || !other)
    return { wrong: `its ${one ? 'second' : 'first'} field is neither Type/id nor Type?identifier=system|value` };
  if (one.type !== other.type) return { wrong: `a ${one.type} is no ${other.type}` };
  return { ends: [one, other] };
}

/** Undefined when a quote is not closed, or stands within a field that is not quoted. */
function fieldsOf(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let ended = false; !ended; ) {
    const found = field.exec(line);
    if (!found) return undefined;
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    ended = found[3] === '';
  }
  return fields;
}
