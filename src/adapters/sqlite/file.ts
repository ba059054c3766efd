import { Fault } from '../../errors/fault.js';
import { Connection } from './driver.js';
import { Session } from './session.js';
import { look, type Sight, sameFiles, sameStats, settles, untouched } from './sight.js';

/** As many as SQLite attaches: https://www.sqlite.org/limits.html#max_attached */
const mostFiles = 10;

/**
 * A database file, or a folder of them read as one database, that may be away, come back or be replaced at any time.
 *
 * Of several files, a read transaction holds each from the moment at which its version is first asked, which is one after another
 * within microseconds when the transaction begins: each file is seen as of one moment, and all of them as of nearly the same. What
 * is not promised is that a change which another program makes to two files, be it in one transaction of its own, is seen in both
 * or in neither. A file that is locked keeps the others waiting, because SQLite reads the schema of all before any statement.
 */
export class DatabaseFile {
  private session: Session | undefined;
  private seen: Sight | undefined;
  private since = 0;
  /** The file of a folder in which a table was last, by the lower case of the table's name. */
  private readonly homes = new Map<string, string>();

  constructor(
    private readonly path: string,
    private readonly slice: number,
    private readonly writable = false,
  ) {}

  /**
   * The session of what lies there now. Throws Fault `source-unavailable`, `source-corrupt`, `source-busy`, or `source-schema`
   * when there are more files than SQLite reads together.
   */
  open(): Session {
    const now = look(this.path, this.seen);
    const { session, seen } = this;
    if (session && untouched(now, seen)) {
      this.seen = now;
      return session;
    }
    if (now.files.length === 0) {
      this.close();
      throw new Fault(
        'source-unavailable',
        now.folder ? 'The folder holds no database file' : 'The database file is not there',
      );
    }
    this.seen = now;
    this.since = performance.now();
    // Written through SQLite, the connection sees it; overwritten by other means, its cache would be of another file.
    if (session && seen && sameFiles(now, seen) && !overwritten(session, now, seen)) {
      if (now.files.length > 1) session.forgetReadings();
      return session;
    }
    this.close();
    if (now.files.length > mostFiles)
      throw new Fault(
        'source-schema',
        `The folder holds ${now.files.length} database files; SQLite reads at most ${mostFiles} together`,
      );
    this.session = new Session(Connection.open(now.files, this.writable), this.slice, this.lost(now));
    return this.session;
  }

  /** Call when the session has just written: what its file is like now is its own doing, which its connection knows. */
  written(): void {
    const now = look(this.path, this.seen);
    if (sameFiles(now, this.seen)) this.seen = now;
  }

  /** The session when nothing has been touched for a while: what it knows holds if all is `unchanged` afterwards. */
  settled(): Session | undefined {
    return this.session && !this.session.writeAhead && this.session.refreshed - this.since > settles
      ? this.session
      : undefined;
  }

  unchanged(): boolean {
    return untouched(look(this.path, this.seen), this.seen);
  }

  close(): void {
    const { session } = this;
    if (!session) return;
    for (const [table, file] of session.homes()) this.homes.set(table, file);
    session.connection.close();
    this.session = undefined;
  }

  /** The tables of files that were in the folder and have gone. */
  private lost({ files }: Sight): ReadonlyMap<string, string> {
    for (const [table, home] of this.homes) if (files.some(({ name }) => name === home)) this.homes.delete(table);
    return new Map(this.homes);
  }
}

/** Has a file been touched of which SQLite sees no change? */
function overwritten(session: Session, now: Sight, seen: Sight): boolean {
  return now.files.some(({ stats }, i) => !sameStats(stats, seen.files[i]!.stats) && session.current(i));
}
