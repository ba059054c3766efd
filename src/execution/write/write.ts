import { Fault } from '../../errors/fault.js';
import type { ResourceChange, RunOptions, Written } from '../engine.js';
import type { GuardedSource } from '../guarded-source.js';
import { RequestCall } from '../request-call.js';
import { type ChangeSetting, change } from './change.js';
import { chooseMapping, sourceSaid } from './choose.js';
import type { WriteLog } from './log.js';
import type { WritableMapping } from './row.js';

export interface WriteSetting {
  /** What may be written, of the sources that the configuration lets be written. */
  readonly mappings: readonly WritableMapping[];
  readonly sources: ReadonlySet<string>;
  readonly guarded: ReadonlyMap<string, GuardedSource>;
  readonly creates: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly log: WriteLog;
  readonly now: () => Date;
  readonly uuid: () => string;
  /** Entries of the log whose writes still run. */
  readonly running: Set<number>;
}

/** Makes changes in the one source that they are all of, in one transaction, and records them. */
export async function write(
  changes: readonly ResourceChange[],
  options: RunOptions,
  setting: WriteSetting,
): Promise<readonly Written[]> {
  if (changes.length === 0) return [];
  const sources = [...new Set(changes.flatMap((one) => sourceOf(one, setting) ?? []))];
  const [first] = changes;
  if (sources.length === 0 && first!.kind === 'create')
    sources.push(chooseMapping(first!.resource(), setting.mappings, setting.creates).mapping.source);
  if (sources.length > 1)
    throw new Fault(
      'unprocessable',
      `These changes are of several sources (${sources.sort().join(', ')}), which cannot be kept or undone together. Nothing was written.`,
    );
  const [source] = sources as [string];
  const { log, now, uuid, running } = setting;
  const mappings = setting.mappings.filter((mapping) => mapping.source === source);
  const one: ChangeSetting = { source, mappings, log, now, uuid, running, entries: [] };
  let written: readonly Written[];
  try {
    written = await setting.guarded
      .get(source)!
      .write(new RequestCall(options, setting.deadlineMs), async (transaction) => {
        // A source that could not make them together with others' is asked again.
        const again = one.entries.splice(0);
        log.close(again, 'undone', now());
        for (const entry of again) running.delete(entry);
        const done: Written[] = [];
        for (const each of changes) {
          const made = await change(each, transaction, one);
          each.made?.(made);
          done.push(made);
        }
        if (one.entries.length > 0) await log.lasting();
        return done;
      });
  } catch (error) {
    // What is in doubt stays open, until the source tells.
    if (!(error instanceof Fault && error.code === 'in-doubt')) log.close(one.entries, 'undone', now());
    throw error;
  } finally {
    for (const entry of one.entries) running.delete(entry);
  }
  log.close(one.entries, 'made', now());
  return written;
}

/** The source that a change is of; undefined of a create that several could take, or none. */
function sourceOf(one: ResourceChange, { mappings, sources, guarded, creates }: WriteSetting): string | undefined {
  if (one.kind === 'create') {
    const offered = mappings.filter(({ type, writer }) => type === one.permitted.type && writer.create !== undefined);
    const named = sourceSaid(one.resource(), creates[one.permitted.type]);
    const able = new Set(
      offered.map(({ source }) => source).filter((source) => named === undefined || source === named),
    );
    return able.size === 1 ? [...able][0] : undefined;
  }
  const { type } = one.permitted;
  const source = one.id.split('.')[0]!;
  if (!guarded.has(source)) {
    if (one.kind === 'update' && !one.existing)
      throw new Fault('read-only', `${type}/${one.id} is of no source here: an id begins with the name of its source.`);
    throw new Fault('not-found', `There is no ${type}/${one.id}.`);
  }
  if (!sources.has(source)) throw new Fault('read-only', `Source ${source} is not written.`, { source });
  return source;
}
