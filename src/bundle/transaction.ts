import { Fault } from '../errors/fault.js';
import { refuseTwice } from './entry-identity.js';
import { type LinkTarget, linksTo } from './entry-links.js';
import { inOrder } from './entry-order.js';
import type { FaultyEntry } from './request-bundle.js';
import type { RequestEntry } from './request-entry.js';

/**
 * The entries of a transaction in the order in which they are carried out: each resource after those of its phase that it links
 * to, so that their ids are known. In a ring of links one is written before what it links to.
 * @throws {Fault} `invalid-body`: two entries about one resource
 */
export function planTransaction(entries: readonly RequestEntry[], baseUrl: string): readonly RequestEntry[] {
  refuseTwice(entries);
  const byUrl = byFullUrl(entries);
  const fullUrls = new Set(byUrl.keys());
  return inOrder(entries, (entry) => [...linksOf(entry, baseUrl, fullUrls)].map((url) => byUrl.get(url)!));
}

/**
 * What the fullUrls of a transaction mean before anything is written: an update by id says it itself. Those of creates and of
 * conditional interactions are added as they are known.
 */
export function knownTargets(entries: readonly RequestEntry[]): Map<string, LinkTarget> {
  const targets = new Map<string, LinkTarget>();
  for (const [fullUrl, entry] of byFullUrl(entries))
    if ((entry.kind === 'update' || entry.kind === 'patch') && entry.target.id !== '')
      targets.set(fullUrl, { type: entry.target.type, id: entry.target.id });
  return targets;
}

/**
 * The entries of a batch, those that link to what another one creates as faulty ones: "References within a Bundle.entry.resource to
 * another Bundle.entry.resource that is being created within the batch are considered to be non-conformant."
 */
export function withoutLinksBetween(
  entries: readonly (RequestEntry | FaultyEntry)[],
  baseUrl: string,
): readonly (RequestEntry | FaultyEntry)[] {
  const created = new Set<string>();
  for (const entry of entries)
    if ('kind' in entry && entry.kind === 'create' && entry.fullUrl !== undefined) created.add(entry.fullUrl);
  return entries.map((entry) => {
    if (!('kind' in entry)) return entry;
    const others = [...linksOf(entry, baseUrl, created)].filter((url) => url !== entry.fullUrl);
    if (others.length === 0) return entry;
    const why = 'The resource links to one that another entry of the batch creates; a transaction may do that.';
    return { index: entry.index, fault: new Fault('unprocessable', why, { expression: `${entry.at}.resource` }) };
  });
}

/** Those of the fullUrls that an entry's resource links to; the Parameters of a patch may, in their values. */
function linksOf(entry: RequestEntry, baseUrl: string, fullUrls: ReadonlySet<string>): ReadonlySet<string> {
  if (!('resource' in entry) || !entry.resource) return new Set();
  return linksTo(entry.resource, { fullUrl: entry.fullUrl, at: `${entry.at}.resource`, baseUrl }, fullUrls);
}

function byFullUrl(entries: readonly RequestEntry[]): ReadonlyMap<string, RequestEntry> {
  const named = entries.filter(({ kind }) => kind === 'create' || kind === 'update' || kind === 'patch');
  return new Map(named.flatMap((entry) => (entry.fullUrl === undefined ? [] : [[entry.fullUrl, entry] as const])));
}
