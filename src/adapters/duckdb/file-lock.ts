import { link, open, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../errors/fault.js';
import type { Call } from '../../source/adapter.js';
import { unwantedFault } from '../../source/wanted.js';

/** Who holds a lock: a process of a machine, since when it runs, and which of its locks this is. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as the system counts it: a number that is given out again is another process. */
  readonly began: string;
  /** When the lock was taken, in milliseconds since 1970. */
  readonly time: number;
  readonly lock: number;
}

const retryMs = 10;
/** Milliseconds after which the lock of another machine, which cannot be asked whether the process is there, is a left one. */
const leftAfterMs = 600_000;
let locks = 0;

/** A file beside another that says who writes it. */
export class FileLock {
  private constructor(
    private readonly path: string,
    private readonly said: string,
  ) {}

  /**
   * Takes the lock of a file, as soon as nobody holds it.
   * @throws {Fault} `source-busy` when somebody does for as long as the call has
   */
  static async of(file: string, call: Call): Promise<FileLock> {
    return FileLock.at(join(dirname(file), `.${basename(file)}.lock`), call);
  }

  /** Is it still this one's? A lock that another machine took for left is not. */
  async isHeld(): Promise<boolean> {
    return (await contentOf(this.path)) === this.said;
  }

  async release(): Promise<void> {
    if (await this.isHeld()) await unlink(this.path).catch(() => {});
  }

  private static async at(path: string, call: Call): Promise<FileLock> {
    const began = await beganAt(process.pid);
    for (;;) {
      const holder: Holder = {
        host: hostname(),
        pid: process.pid,
        began: began ?? '',
        time: Math.trunc(performance.timeOrigin + performance.now()),
        lock: ++locks,
      };
      const said = JSON.stringify(holder);
      if (await made(path, said)) return new FileLock(path, said);
      await FileLock.takeLeft(path, call);
      if (call.signal.aborted) throw unwantedFault(call);
      if (performance.now() > call.deadline) throw new Fault('source-busy', 'Another process writes the file');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  /** Takes away a lock whose holder has gone. Whoever does holds a lock named for that one: none takes away a later lock. */
  private static async takeLeft(path: string, call: Call): Promise<void> {
    const said = await contentOf(path);
    const holder = said === undefined ? undefined : parsed(said);
    if (said === undefined || !(await isLeft(path, holder))) return;
    const name = holder ? `${holder.host}-${holder.pid}-${holder.began}-${holder.lock}` : 'unknown';
    const claim = await FileLock.at(`${path}.${name.replace(/[^\w-]/g, '_')}`, call);
    try {
      if ((await contentOf(path)) === said) await unlink(path).catch(() => {});
    } finally {
      await claim.release();
    }
  }
}

/** Makes a file that nobody else has, whole from the beginning; false when it is there. */
async function made(path: string, content: string): Promise<boolean> {
  const whole = `${path}.${process.pid}-${++locks}`;
  try {
    await writeFile(whole, content, { flag: 'wx' });
    await link(whole, path);
    return true;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'EEXIST') return false;
    // A file system without hard links: the file is there before it says whose it is.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') return created(path, content);
    throw error;
  } finally {
    await unlink(whole).catch(() => {});
  }
}

async function created(path: string, content: string): Promise<boolean> {
  const handle = await open(path, 'wx').catch((error: { readonly code?: string }) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (!handle) return false;
  await handle.writeFile(content);
  await handle.close();
  return true;
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function parsed(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

async function isLeft(path: string, holder: Holder | undefined): Promise<boolean> {
  if (holder?.host !== hostname()) {
    const stats = await stat(path).catch(() => undefined);
    return stats !== undefined && performance.timeOrigin + performance.now() - stats.mtimeMs > leftAfterMs;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as { readonly code?: string }).code === 'ESRCH';
  }
  const began = await beganAt(holder.pid);
  return began !== undefined && holder.began !== '' && began !== holder.began;
}

/** The time after boot at which a process began, where the system tells (proc(5), field 22 of stat). */
async function beganAt(pid: number): Promise<string | undefined> {
  const text = await contentOf(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
