import { Fault } from '../../errors/fault.js';
import type { OpenIntent, WriteLog } from './log.js';

export interface SettleSetting {
  readonly log: WriteLog;
  readonly now: () => Date;
  readonly running: ReadonlySet<number>;
}

/**
 * Closes the entries of writes that nobody waits for any more: the process ended, or the source went away, before the source had told.
 * The source tells now, by the version that the resource has. One that has neither the version before nor the one after was changed
 * again since, and stays open for a person to see; so does one whose source is away. The number of those that are left.
 */
export async function settle(
  { log, now, running }: SettleSetting,
  versionOf: (type: string, id: string) => Promise<string | undefined>,
): Promise<number> {
  let left = 0;
  for (const intent of log.unfinished()) {
    if (running.has(intent.entry)) continue;
    const outcome = await outcomeOf(intent, versionOf);
    if (outcome) log.close(intent.entry, outcome, now());
    else left++;
  }
  return left;
}

async function outcomeOf(
  { interaction, type, id, before, after }: OpenIntent,
  versionOf: (type: string, id: string) => Promise<string | undefined>,
): Promise<'made' | 'undone' | undefined> {
  // What was not checked yet was not told to be kept either.
  if (id === undefined) return 'undone';
  let current: string | undefined;
  try {
    current = await versionOf(type, id);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
  if (interaction === 'delete') return current === undefined ? 'made' : current === before ? 'undone' : undefined;
  if (current === before) return 'undone';
  return current !== undefined && current === after ? 'made' : undefined;
}
