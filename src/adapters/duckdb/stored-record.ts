import { Fault } from '../../errors/fault.js';

/** A record of a file as it lies there: from one byte until another. */
export interface StoredRecord {
  readonly from: number;
  readonly until: number;
  /** Where the line ends that it is, its line end among it; `until` where it is no line. */
  readonly lineUntil: number;
  readonly text: string;
  /** What stands between it and the record before it, where records are no lines. */
  readonly gap: string;
}

const longest = 2 ** 22;

/** A part of a file that is looked through: what of the last bytes belongs to a record that has not ended comes again. */
export class Window {
  /** The place in the file of the first byte of `bytes`. */
  start = 0;
  bytes: Buffer = Buffer.alloc(0);
  whole = false;

  constructor(private readonly chunks: AsyncIterator<Buffer>) {}

  /** Has more bytes, and drops those before a place of the file. False when there are no more. */
  async more(keepFrom: number): Promise<boolean> {
    const rest = this.bytes.subarray(Math.max(0, keepFrom - this.start));
    if (rest.length > 2 * longest) throw new Fault('source-corrupt', 'A record of the file is longer than can be read');
    const next = await this.chunks.next();
    if (next.done) {
      this.whole = true;
      return false;
    }
    this.start += this.bytes.length - rest.length;
    this.bytes = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  }
}

/** @throws {Fault} `constraint` when the encoding of a file has no such character */
export function encoded(text: string, encoding: BufferEncoding): Buffer {
  const holds = encoding === 'latin1' ? !/[\u0100-\uffff]/.test(text) : text.isWellFormed();
  if (!holds) throw new Fault('constraint', 'The encoding of the file has no such character');
  return Buffer.from(text, encoding);
}
