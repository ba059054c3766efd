import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const CHUNK = 65_536;

/**
 * A UTF-8 file written front to back. Chunks are written synchronously: what is generated next waits for the disk, so that
 * memory is one chunk whatever the size of the file.
 */
export class TextFile {
  readonly #descriptor: number;
  #pending = '';

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(path, 'w');
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending, 'utf8');
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.#pending = '';
  }
}
