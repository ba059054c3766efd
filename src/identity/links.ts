/**
 * One end of a link: the id of a resource (`space` empty), or a key of a key space, which is what a source that has no resource of
 * its own for somebody knows them by (the system of an identifier, in logical references).
 */
export interface LinkEnd {
  readonly type: string;
  readonly space: string;
  readonly key: string;
}

/** Where links are kept. */
export interface LinkRecords {
  /** Changes whenever another process changes them. */
  version(): number;
  /** The types that have any link, and the sources of ids that are linked with others; '' for none. */
  linked(): readonly { readonly type: string; readonly source: string }[];
  /** Everything that is linked with an end, itself among it; nothing when it has no link. */
  groupOf(end: LinkEnd): readonly Omit<LinkEnd, 'type'>[];
}

/** Who is whom in several sources, as the link table says it; symmetric and transitive. */
export interface Links {
  /** The sources of which resources of a type are linked with other resources. */
  sourcesOf(type: string): ReadonlySet<string>;
  /** The ids of the resource and of those that it is linked with, its own first. */
  idsOf(type: string, id: string): readonly string[];
  /** How many keys of each key space it is linked with. */
  spacesOf(type: string, id: string): ReadonlyMap<string, number>;
  /** The id that a key of a key space refers to: of several, the first in code point order. */
  idFor(type: string, space: string, key: string): string | undefined;
  /** The keys of a key space that refer to an id. */
  keysFor(type: string, space: string, id: string): readonly string[];
}

type Group = readonly Omit<LinkEnd, 'type'>[];

const mostRemembered = 10_000;

/**
 * What is asked is remembered until the links change, which another process may do at any time: that is looked for once in each turn
 * of the event loop, so that the rows of a page are read by the same links.
 */
export function createLinks(records: LinkRecords): Links {
  let version = Number.NaN;
  let sources = new Map<string, Set<string>>();
  let groups = new Map<string, Group>();
  let looked = false;
  const current = () => {
    if (looked) return;
    looked = true;
    queueMicrotask(() => {
      looked = false;
    });
    const now = records.version();
    if (now === version) return;
    version = now;
    groups = new Map();
    sources = new Map();
    for (const { type, source } of records.linked()) {
      const known = sources.get(type) ?? new Set();
      sources.set(type, source === '' ? known : known.add(source));
    }
  };
  const groupOf = (type: string, space: string, key: string): Group => {
    current();
    if (!sources.has(type)) return [];
    const name = JSON.stringify([type, space, key]);
    let group = groups.get(name);
    if (group === undefined) {
      group = records.groupOf({ type, space, key });
      if (groups.size >= mostRemembered) groups.clear();
      groups.set(name, group);
    }
    return group;
  };
  const idsIn = (group: Group) => group.flatMap(({ space, key }) => (space === '' ? [key] : [])).sort(byCodePoint);
  return {
    sourcesOf(type) {
      current();
      return sources.get(type) ?? none;
    },
    idsOf: (type, id) => [id, ...idsIn(groupOf(type, '', id)).filter((other) => other !== id)],
    spacesOf(type, id) {
      const counts = new Map<string, number>();
      for (const { space } of groupOf(type, '', id)) if (space !== '') counts.set(space, (counts.get(space) ?? 0) + 1);
      return counts;
    },
    idFor: (type, space, key) => idsIn(groupOf(type, space, key))[0],
    keysFor(type, space, id) {
      const group = groupOf(type, '', id);
      return idsIn(group)[0] === id ? group.flatMap((one) => (one.space === space ? [one.key] : [])) : [];
    },
  };
}

const none: ReadonlySet<string> = new Set();

/** Ids are of ASCII alone. */
function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** Nobody is anybody else. */
export const noLinks: Links = {
  sourcesOf: () => none,
  idsOf: (_, id) => [id],
  spacesOf: () => new Map(),
  idFor: () => undefined,
  keysFor: () => [],
};
