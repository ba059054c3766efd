import { type Stats, statSync } from 'node:fs';
import { Fault } from '../../errors/fault.js';
import { Connection } from './driver.js';
import { Session } from './session.js';

/** Milliseconds for which a file's time must have stood still: two writes within the clock of the file system have one time. */
const settles = 100;

/** A database file that may be away, come back or be replaced at any time. */
export class DatabaseFile {
  private session: Session | undefined;
  private seen: Stats | undefined;
  private since = 0;

  constructor(
    private readonly path: string,
    private readonly slice: number,
  ) {}

  /** The session of the file as it lies there now. Throws Fault `source-unavailable`, `source-corrupt` or `source-busy`. */
  open(): Session {
    const now = statSync(this.path, { throwIfNoEntry: false });
    if (now === undefined) {
      this.close();
      throw new Fault('source-unavailable', 'The database file is not there');
    }
    if (this.session && same(now, this.seen)) return this.session;
    const { session, seen } = this;
    this.seen = now;
    this.since = performance.now();
    // Written through SQLite, the connection sees it; overwritten by other means, its cache would be of another file.
    if (session && now.ino === seen?.ino && now.dev === seen.dev && !session.current()) return session;
    this.close();
    this.session = new Session(Connection.open(this.path), this.slice);
    return this.session;
  }

  /** The session when the file has not been touched for a while: what it knows holds if the file is `unchanged` afterwards. */
  settled(): Session | undefined {
    return this.session && !this.session.writeAhead && performance.now() - this.since > settles
      ? this.session
      : undefined;
  }

  unchanged(): boolean {
    return same(statSync(this.path, { throwIfNoEntry: false }), this.seen);
  }

  close(): void {
    this.session?.connection.close();
    this.session = undefined;
  }
}

function same(a: Stats | undefined, b: Stats | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.ino === b.ino &&
    a.dev === b.dev &&
    a.mtimeMs === b.mtimeMs &&
    a.size === b.size
  );
}
