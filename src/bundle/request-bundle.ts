import { Fault } from '../errors/fault.js';
import { isObject, type RequestEntry, readEntry } from './request-entry.js';

/** An entry that cannot be carried out, and why: in a batch it fails alone. */
export interface FaultyEntry {
  readonly index: number;
  readonly fault: Fault;
}

export type RequestBundle =
  | { readonly type: 'transaction'; readonly entries: readonly RequestEntry[] }
  | { readonly type: 'batch'; readonly entries: readonly (RequestEntry | FaultyEntry)[] };

/**
 * The requests of a Bundle that is sent to the base (https://hl7.org/fhir/R4/http.html#transaction), in the order of their entries.
 * @param baseUrl this server's, without a slash at its end
 * @throws {Fault} `invalid-body` for what is no such Bundle; for a transaction also whatever is wrong with its first entry that is
 */
export function readRequestBundle(body: unknown, baseUrl: string): RequestBundle {
  const invalid = (expression: string, why: string) => new Fault('invalid-body', why, { expression });
  if (!isObject(body) || body.resourceType !== 'Bundle') throw invalid('Bundle', 'The body is not a Bundle.');
  const { type, entry = [] } = body;
  if (type !== 'batch' && type !== 'transaction')
    throw invalid('Bundle.type', 'Only a Bundle of type batch or transaction is taken here.');
  if (!Array.isArray(entry)) throw invalid('Bundle.entry', 'The entries are not a list.');
  const seen = new Set<unknown>();
  const read = (each: unknown, index: number): RequestEntry => {
    const found = readEntry(each, index, baseUrl);
    // Invariant bdl-7: a fullUrl is that of one entry.
    if (found.fullUrl !== undefined && seen.has(found.fullUrl))
      throw invalid(`${found.at}.fullUrl`, 'Another entry has the same fullUrl.');
    seen.add(found.fullUrl);
    return found;
  };
  if (type === 'transaction') return { type, entries: entry.map(read) };
  return {
    type,
    entries: entry.map((each, index) => {
      try {
        return read(each, index);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { index, fault: error };
      }
    }),
  };
}
