import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { generate as generateHisA } from './his-a/generate.js';
import { generate as generateHisB } from './his-b/generate.js';
import { generate as generateHisC } from './his-c/generate.js';
import { generate as generateHisD } from './his-d/generate.js';
import type { Hospital } from './hospital.js';
import { MOST_ROWS } from './keys.js';
import { Population, type Sizes, SOURCES, type Source, sizesFor } from './population.js';
import { Truth } from './truth.js';

export interface Request {
  /** The same seed, an integer from 0 to 2^32 - 1, gives the same bytes. */
  readonly seed: number;
  /** Patient records over all four hospitals; staff and bills follow from it. */
  readonly patients: number;
  /** The folder to write to; made when absent. */
  readonly out: string;
  /** Called now and then with the rows written so far, of all rows. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly source: Source }) => void;
}

export interface Summary {
  readonly sources: Readonly<Record<Source, Sizes>>;
  /** Files in the order of writing, relative to `out`, with their size; the truth file is the last. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

export const TRUTH_FILE = 'truth.ndjson';

const HOSPITALS: Readonly<Record<Source, { readonly generate: Hospital; readonly lettered: boolean }>> = {
  'his-a': { generate: generateHisA, lettered: true },
  'his-b': { generate: generateHisB, lettered: true },
  'his-c': { generate: generateHisC, lettered: false },
  'his-d': { generate: generateHisD, lettered: false },
};
const ROWS_BETWEEN_REPORTS = 2_000;
const SEEDS = 2 ** 32;

/**
 * Writes the four hospital systems and the truth about who is who. The same seed and number give the same bytes; memory does
 * not grow with the number. Files appear under their names only when all are complete, the truth file last, so that a
 * truth file means a complete set. A RangeError says which argument is out of range.
 */
export async function generate({ seed, patients, out, onProgress }: Request): Promise<Summary> {
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS)
    throw new RangeError('seed: an integer from 0 to 4294967295');
  const sizes = sizesFor(patients);
  if (!Number.isInteger(patients) || patients < 1 || sizes['his-a'].finance > MOST_ROWS) {
    throw new RangeError('patients: a positive integer, at most 790000000');
  }
  const total = SOURCES.reduce((sum, name) => sum + rows(sizes[name]), 0);
  const partial = join(out, '.partial');
  rmSync(partial, { recursive: true, force: true });
  const paths: string[] = [];
  const file = (path: string) => {
    paths.push(path);
    const target = join(partial, path);
    mkdirSync(dirname(target), { recursive: true });
    return target;
  };

  const truth = new Truth(join(partial, TRUTH_FILE));
  let done = 0;
  for (const source of SOURCES) {
    const hospital = HOSPITALS[source];
    const population = new Population(seed, source, sizes, hospital.lettered);
    for (const _ of hospital.generate({ population, truth, file: (name) => file(join(source, name)) })) {
      if (++done % ROWS_BETWEEN_REPORTS === 0) {
        onProgress?.({ done, total, source });
        await setImmediate();
      }
    }
  }
  truth.close();
  onProgress?.({ done, total, source: SOURCES[SOURCES.length - 1]! });
  return { sources: sizes, files: publish(partial, out, [...paths, TRUTH_FILE]) };
}

function rows({ patients, staff, finance }: Sizes): number {
  return patients + staff + finance;
}

/** Moves the complete files to their names; what an earlier run left there is replaced. */
function publish(partial: string, out: string, paths: readonly string[]): Summary['files'] {
  rmSync(join(out, TRUTH_FILE), { force: true });
  const files = paths.map((path) => {
    const target = join(out, path);
    mkdirSync(dirname(target), { recursive: true });
    // A journal of the database that stood here would be replayed into the new one.
    for (const suffix of ['-journal', '-wal', '-shm']) rmSync(target + suffix, { force: true });
    renameSync(join(partial, path), target);
    return { path, bytes: statSync(target).size };
  });
  rmSync(partial, { recursive: true, force: true });
  return files;
}
