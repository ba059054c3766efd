import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { Fault } from '../errors/fault.js';

const toDisk = promisify(fdatasync);

/**
 * Makes lasting what was written to a file, without keeping anything else from going on. One visit to the disk serves all who asked
 * before it began; those who ask meanwhile share the next.
 *
 * Of a write-ahead log it does what SQLite does at the end of a commit that is `synchronous = FULL`: https://www.sqlite.org/wal.html
 */
export class Flush {
  private readonly file: number;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(path: string) {
    this.file = openSync(path, 'r+');
  }

  /** @throws {Fault} `exception` when the disk does not take it */
  now(): Promise<void> {
    if (!this.running) return this.begin();
    this.next ??= this.running
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        return this.begin();
      });
    return this.next;
  }

  /** A visit that is under way is not cut short. */
  close(): void {
    const close = () => closeSync(this.file);
    if (this.running) this.running.then(close, close);
    else close();
  }

  private begin(): Promise<void> {
    const running = toDisk(this.file)
      .catch((cause) => {
        throw new Fault('exception', 'The server cannot record the write.', {}, { cause });
      })
      .finally(() => {
        if (this.running === running) this.running = undefined;
      });
    this.running = running;
    return running;
  }
}
