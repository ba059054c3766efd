import { Fault } from '../errors/fault.js';
import type { Query } from '../query/query.js';
import type { Caller } from './caller.js';

declare const permitted: unique symbol;

/** A query that a caller may run as it stands. Only `restrict` makes one, and the planner takes nothing else. */
export type PermittedQuery = Query & { readonly caller: Caller; readonly [permitted]: true };

/** Permission to read one resource. Only `permitRead` makes one. */
export interface PermittedRead {
  readonly type: string;
  readonly id: string;
  readonly caller: Caller;
  readonly [permitted]: true;
}

/** The query with what the caller may see: refuses a type, and drops nothing silently. */
export function restrict(query: Query, caller: Caller): PermittedQuery {
  for (const type of [
    query.type,
    ...query.chains.map((chain) => chain.type),
    ...query.include.map((i) => i.target ?? i.source),
    ...query.revinclude.map((i) => i.source),
  ]) {
    refuse(type, caller);
  }
  return { ...query, caller } as PermittedQuery;
}

export function permitRead(type: string, id: string, caller: Caller): PermittedRead {
  refuse(type, caller);
  return { type, id, caller } as PermittedRead;
}

/** Permission to change resources of a type. Only `permitWrite` gives one. */
export interface PermittedWrite {
  readonly type: string;
  readonly caller: Caller;
  readonly [permitted]: true;
}

/** Who writes sees what is there already: a write is also a read. */
export function permitWrite(type: string, caller: Caller): PermittedWrite {
  refuse(type, caller);
  if (!caller.mayWrite(type)) throw new Fault('forbidden', `${caller.name} may not write ${type}.`);
  return { type, caller } as PermittedWrite;
}

function refuse(type: string, caller: Caller): void {
  if (!caller.mayRead(type)) throw new Fault('forbidden', `${caller.name} may not read ${type}.`);
}
