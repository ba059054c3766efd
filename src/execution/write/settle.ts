import { Fault } from '../../errors/fault.js';
import type { OpenIntent, WriteLog } from './log.js';

export interface SettleSetting {
  readonly log: WriteLog;
  readonly now: () => Date;
  readonly running: ReadonlySet<number>;
  /** Do a source's changes last as they are made? */
  readonly atOnce: (source: string) => boolean;
}

/**
 * Closes the entries of writes that nobody waits for any more: the process ended, or the source went away, before the source had told.
 * The source tells now, by the version that the resource has. One that has neither the version before nor the one after was changed
 * again since, and stays open for a person to see; so does one whose source is away. The number of those that are left.
 */
export async function settle(
  { log, now, running, atOnce }: SettleSetting,
  versionOf: (type: string, id: string) => Promise<string | undefined>,
): Promise<number> {
  let left = 0;
  for (const intent of log.unfinished()) {
    if (running.has(intent.entry)) continue;
    // What was not checked yet was not told to be kept either; a source that keeps at once may have it, under a key that nobody knows.
    const unnamed = intent.id === undefined;
    const outcome = unnamed ? (atOnce(intent.source) ? undefined : 'undone') : await outcomeOf(intent, versionOf);
    if (outcome) log.close([intent.entry], outcome, now());
    else left++;
  }
  return left;
}

async function outcomeOf(
  { interaction, type, id, before, after }: OpenIntent,
  versionOf: (type: string, id: string) => Promise<string | undefined>,
): Promise<'made' | 'undone' | undefined> {
  let current: string | undefined;
  try {
    current = await versionOf(type, id!);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
  if (interaction === 'delete') return current === undefined ? 'made' : current === before ? 'undone' : undefined;
  if (current === before) return 'undone';
  return current !== undefined && current === after ? 'made' : undefined;
}
