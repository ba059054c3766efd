import { Fault } from '../errors/fault.js';
import type { RequestEntry } from './request-entry.js';

/**
 * What an entry changes: `Patient/1`, or the criteria by which it is found (`Patient?identifier=a`), those of a conditional create
 * among them. Undefined for one that changes nothing that is there, and for an operation, of which it is not known.
 */
export function identityOf(entry: RequestEntry): string | undefined {
  switch (entry.kind) {
    case 'create': {
      const { ifNoneExist } = entry.conditions;
      return ifNoneExist === undefined ? undefined : `${entry.target.type}?${ifNoneExist}`;
    }
    case 'update':
    case 'patch':
    case 'delete': {
      const { type, id, query } = entry.target;
      return id === '' ? `${type}?${query}` : `${type}/${id}`;
    }
    case 'operation':
    case 'read':
      return undefined;
  }
}

/**
 * "If any resource identities (including resolved identities from conditional update/delete) overlap, the transaction SHALL fail."
 * @param identity of each entry; asked a second time once the criteria are known to mean certain resources
 * @throws {Fault} `invalid-body`, naming the later entry
 */
export function refuseTwice(
  entries: readonly RequestEntry[],
  identity: (entry: RequestEntry) => string | undefined = identityOf,
): void {
  const first = new Map<string, RequestEntry>();
  for (const entry of entries) {
    const key = identity(entry);
    if (key === undefined) continue;
    const other = first.get(key);
    if (other)
      throw new Fault('invalid-body', `The entry is about the same resource as ${other.at}.`, {
        expression: `${entry.at}.request.url`,
      });
    first.set(key, entry);
  }
}
