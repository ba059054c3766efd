import type { RequestEntry } from './request-entry.js';

/** https://hl7.org/fhir/R4/http.html#trules: "a Bundle transaction SHALL be processed in this order", whatever that of its entries. */
const phases: Readonly<Record<RequestEntry['method'], number>> = {
  DELETE: 0,
  POST: 1,
  PUT: 2,
  PATCH: 2,
  GET: 3,
  HEAD: 3,
};

/**
 * The entries in the order in which a transaction is carried out; those of one phase so that each comes after those of the phase
 * that it refers to, and otherwise as they stand in the Bundle. Of a ring of references, one is cut.
 * @param refersTo the entries that an entry's resource links to
 */
export function inOrder(
  entries: readonly RequestEntry[],
  refersTo: (entry: RequestEntry) => readonly RequestEntry[] = () => [],
): readonly RequestEntry[] {
  const ordered = new Set<RequestEntry>();
  const begun = new Set<RequestEntry>();
  const visit = (from: RequestEntry) => {
    // A stack of its own: a chain of references may be as long as the Bundle.
    const open: { entry: RequestEntry; left: RequestEntry[] }[] = [];
    const enter = (entry: RequestEntry) => {
      if (begun.has(entry)) return;
      begun.add(entry);
      const left = refersTo(entry).filter((other) => phases[other.method] === phases[entry.method]);
      open.push({ entry, left: left.toReversed() });
    };
    enter(from);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const next = top.left.pop();
      if (next) enter(next);
      else ordered.add(open.pop()!.entry);
    }
  };
  for (const entry of entries.toSorted((a, b) => phases[a.method] - phases[b.method] || a.index - b.index))
    visit(entry);
  return [...ordered];
}
