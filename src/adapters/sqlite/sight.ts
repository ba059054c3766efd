import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Milliseconds for which a file's time must have stood still: two writes within the clock of the file system have one time. */
export const settles = 100;

/** A database file as it lies there. */
export interface SeenFile {
  readonly path: string;
  /** Its name within the folder. */
  readonly name: string;
  readonly stats: Stats;
}

/** What lies at a location: one file, or those of a folder by name. */
export interface Sight {
  readonly files: readonly SeenFile[];
  readonly folder?: {
    readonly stats: Stats;
    /** When the folder was first seen with this time, and when it was last listed (`performance.now()`). */
    readonly since: number;
    readonly listed: number;
  };
}

const database = /\.(db|sqlite|sqlite3)$/i;
const nothing: Sight = { files: [] };

/** Looks at a location; a folder is listed again when it was touched, and until its time has stood still after that. */
export function look(path: string, before: Sight | undefined): Sight {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return nothing;
  if (!stats.isDirectory()) return { files: [{ path, name: basename(path), stats }] };
  const now = performance.now();
  const folder = before?.folder;
  const touched = !folder || !sameStats(folder.stats, stats);
  const since = touched ? now : folder.since;
  if (!touched && folder.listed - since > settles)
    return { files: seen(before!.files.map(({ name }) => name)), folder };
  return {
    files: seen(
      readdirSync(path)
        .filter((name) => database.test(name))
        .sort(),
    ),
    folder: { stats, since, listed: now },
  };

  function seen(names: readonly string[]): SeenFile[] {
    const files: SeenFile[] = [];
    for (const name of names) {
      const own = join(path, name);
      const found = statSync(own, { throwIfNoEntry: false });
      if (found?.isFile()) files.push({ path: own, name, stats: found });
    }
    return files;
  }
}

/** The same files, and none of them touched. */
export function untouched(a: Sight, b: Sight | undefined): boolean {
  if (b === undefined || a.files.length !== b.files.length) return false;
  for (let i = 0; i < a.files.length; i++) {
    const [one, other] = [a.files[i]!, b.files[i]!];
    if (one.path !== other.path || !sameStats(one.stats, other.stats)) return false;
  }
  return true;
}

/** The same files, perhaps written to. */
export function sameFiles(a: Sight, b: Sight | undefined): boolean {
  return (
    a.files.length === b?.files.length &&
    a.files.every(({ path, stats }, i) => {
      const other = b.files[i]!;
      return path === other.path && stats.ino === other.stats.ino && stats.dev === other.stats.dev;
    })
  );
}

export function sameStats(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.mtimeMs === b.mtimeMs && a.size === b.size;
}
