import { type Stats, statSync } from 'node:fs';
import { Fault } from '../../errors/fault.js';
import { Connection } from './driver.js';
import { Session } from './session.js';

/** A database file that may be away, come back or be replaced at any time. */
export class DatabaseFile {
  private session: Session | undefined;
  private seen: Stats | undefined;

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
    if (this.session && this.seen && now.ino === this.seen.ino && now.dev === this.seen.dev) {
      if (now.mtimeMs === this.seen.mtimeMs && now.size === this.seen.size) return this.session;
      // Written through SQLite, the connection sees it; overwritten by other means, its cache would be of another file.
      const unseen = this.session.current();
      this.seen = now;
      if (!unseen) return this.session;
    }
    this.close();
    this.session = new Session(Connection.open(this.path), this.slice);
    this.seen = now;
    return this.session;
  }

  close(): void {
    this.session?.connection.close();
    this.session = undefined;
  }
}
