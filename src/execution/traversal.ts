import { Fault, type Issue } from '../errors/fault.js';
import type { Links } from '../identity/links.js';
import type { Chain, Query } from '../query/query.js';
import type { Call } from '../source/adapter.js';
import type { GuardedSource } from './guarded-source.js';

/** What one request shares among its streams: its call, its budget, the sources that failed it, and what it has to say. */
export interface Traversal {
  readonly query: Query;
  readonly call: Call;
  readonly baseUrl: string;
  readonly sources: ReadonlyMap<string, GuardedSource>;
  readonly budget: Budget;
  readonly failed: Map<string, Fault>;
  readonly issues: Issue[];
  readonly links: Links;
  /**
   * Those of some ids for which a chain holds: of the resources referred to, that satisfy its conditions (`to`); of resources of
   * the searched type, that are referred to by one that does (`from`).
   */
  readonly probe: (chain: Chain, ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Rows that may still be handed to decoding. */
export class Budget {
  constructor(private left: number) {}

  get remaining(): number {
    return this.left;
  }

  /** False when there is none left. */
  take(rows = 1): boolean {
    if (this.left < rows) return false;
    this.left -= rows;
    return true;
  }
}

/** Runs what asks a source; when it fails, the source is given up for this request, and undefined is the answer. */
export async function attempt<T>(
  traversal: Pick<Traversal, 'failed'>,
  source: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  if (traversal.failed.has(source)) return undefined;
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Fault && error.code !== 'cancelled') {
      traversal.failed.set(source, error);
      return undefined;
    }
    throw error;
  }
}

/** One more row for what is included; when the budget is spent, the page says once that some are left out. */
export function affords({ budget, issues }: Traversal): boolean {
  if (budget.take()) return true;
  const place = { expression: 'http._include' };
  const said = issues.some(({ code, place: at }) => code === 'too-costly' && at.expression === place.expression);
  const message = 'More rows would have to be looked at than one request may; some included resources are left out.';
  if (!said) issues.push({ severity: 'warning', code: 'too-costly', message, place });
  return false;
}
