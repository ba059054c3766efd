import type { Call, LiveTable } from '../source/adapter.js';
import type { GuardedSource } from './guarded-source.js';

/** How long a schema counts as the live one, in milliseconds. */
const fresh = 60_000;

/** The live schemas of the sources whose columns hold values of their declared types alone. */
export interface LiveSchemas {
  of(source: string, call: Call): Promise<readonly LiveTable[] | undefined>;
}

export function liveSchemas(sources: ReadonlyMap<string, GuardedSource>): LiveSchemas {
  const known = new Map<string, { readonly tables: readonly LiveTable[]; readonly until: number }>();
  return {
    async of(name, call) {
      const source = sources.get(name);
      if (!source?.adapter.capabilities.typed) return undefined;
      const found = known.get(name);
      if (found && performance.now() < found.until) return found.tables;
      const tables = await source.describe(call);
      known.set(name, { tables, until: performance.now() + fresh });
      return tables;
    },
  };
}
