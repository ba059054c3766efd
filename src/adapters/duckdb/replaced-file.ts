import { createHash } from 'node:crypto';
import { chmod, chown, type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Call } from '../../source/adapter.js';
import { wanted } from '../../source/wanted.js';

/** A part of a file, from one byte until another, and what is to stand there. */
export interface Splice {
  readonly from: number;
  readonly until: number;
  readonly content: Buffer;
}

const chunk = 2 ** 18;
let copies = 0;

/** A copy in the folder of a file, with a part of it written anew; removed unless it takes the file's place. */
export class ReplacedFile {
  private constructor(
    readonly path: string,
    private readonly of: string,
    /** The bytes that the file had, as one number. */
    readonly digest: string,
  ) {}

  /** `from`: the file, or a copy of it. */
  static async copy(of: string, from: string, splice: Splice, call: Call): Promise<ReplacedFile> {
    const path = join(dirname(of), `${prefix(of)}${process.pid}-${++copies}.new`);
    const { mode, uid, gid } = await stat(of);
    const target = await open(path, 'wx', mode & 0o777);
    try {
      const digest = await write(target, from, splice, call);
      await target.close();
      await chmod(path, mode & 0o7777);
      // Who is no administrator keeps what he writes.
      await chown(path, uid, gid).catch(() => {});
      return new ReplacedFile(path, of, digest);
    } catch (error) {
      await target.close().catch(() => {});
      await unlink(path).catch(() => {});
      throw error;
    }
  }

  /** Its bytes are on the disk. */
  async flush(): Promise<void> {
    const handle = await open(this.path, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Takes the place of the file: whoever opens it finds the old one whole, or this one. */
  async replace(): Promise<void> {
    await rename(this.path, this.of);
  }

  async remove(): Promise<void> {
    await unlink(this.path).catch(() => {});
  }
}

/** That a file has taken the place of another is on the disk (https://man7.org/linux/man-pages/man2/fsync.2.html). */
export async function flushFolder(of: string): Promise<void> {
  const handle = await open(dirname(of), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes what processes left which ended in the middle: copies, which only the holder of the lock has, and locks that were not yet
 * taken.
 */
export async function removeLeft(of: string): Promise<void> {
  const folder = dirname(of);
  for (const name of await readdir(folder)) {
    const [, lock, pid] =
      (name.startsWith(prefix(of)) && /^(lock\.)?(\d+)-\d+(?:\.new)?$/.exec(name.slice(prefix(of).length))) || [];
    if (pid === undefined || (lock && isThere(Number(pid)))) continue;
    await unlink(join(folder, name)).catch(() => {});
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { readonly code?: string }).code !== 'ESRCH';
  }
}

/** The bytes of a file as one number. */
export async function digestOf(path: string, call: Call): Promise<string> {
  const { chunks, digest } = digested(path, call);
  for await (const _ of chunks);
  return digest();
}

/** The bytes of a file, part after part, and what they are as one number when they have been read. */
export function digested(path: string, call: Call) {
  const hash = createHash('sha256');
  let size = 0;
  async function* chunks() {
    for await (const bytes of chunksOf(path)) {
      wanted(call);
      hash.update(bytes);
      size += bytes.length;
      yield bytes;
    }
  }
  return { chunks: chunks(), digest: () => hash.digest('hex'), size: () => size };
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path);
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafe(chunk);
      const { bytesRead } = await handle.read(buffer, 0, chunk, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function write(target: FileHandle, from: string, { from: start, until, content }: Splice, call: Call) {
  const hash = createHash('sha256');
  let at = 0;
  let spliced = false;
  const splice = async () => {
    spliced = true;
    await writeAll(target, content);
  };
  for await (const bytes of chunksOf(from)) {
    wanted(call);
    hash.update(bytes);
    const end = at + bytes.length;
    if (start > at) await writeAll(target, bytes.subarray(0, Math.max(0, start - at)));
    if (!spliced && start <= end) await splice();
    if (until < end) await writeAll(target, bytes.subarray(Math.max(0, until - at)));
    at = end;
  }
  if (!spliced) await splice();
  return hash.digest('hex');
}

async function writeAll(target: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; )
    written += (await target.write(bytes, written, bytes.length - written)).bytesWritten;
}

function prefix(of: string): string {
  return `.${basename(of)}.`;
}
