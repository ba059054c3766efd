import type { Resource } from '@medplum/fhirtypes';
import type { PermittedQuery, PermittedRead, PermittedWrite } from '../access/restrict.js';
import type { Issue } from '../errors/fault.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import type { Links } from '../identity/links.js';
import type { NativeQuery, Stop } from '../source/adapter.js';

/** What interactions ask of the federation. `createEngine` (engine over sources and mappings) is the one implementation. */
export interface Engine {
  /** Throws Fault `not-found`, or the source's fault when the source that owns the id did not answer (never 404 then). */
  read(read: PermittedRead, options: RunOptions): Promise<Found>;
  /** Throws a Fault when nothing may be answered: a required source is down, all are, or `strict` and one is. */
  search(query: PermittedQuery, options: RunOptions): Promise<Page>;
  /**
   * Makes changes in one source, in one transaction of it, in their order: all of them, or none. Throws Fault `not-writable`,
   * `read-only`, `precondition`, `conflict`, `referenced`, `duplicate`, `constraint`, `in-doubt`, or the source's.
   */
  write(changes: readonly ResourceChange[], options: RunOptions): Promise<readonly Written[]>;
  /** Resources of every source that refer to one. Throws when a source that may hold some does not answer. */
  referring(permitted: PermittedWrite, id: string, options: RunOptions): Promise<readonly string[]>;
  /** Finds out how writes ended whose end is not known, and records it; how many are left. */
  settle(): Promise<number>;
  explain(query: PermittedQuery): Promise<Explanation>;
  /** The instant that `ap` prefixes are measured from on the page a cursor leads to: that of the first page. */
  startedAt(cursor: string): Date | undefined;
  /** What the mappings make possible, from the tables that drive it. */
  readonly types: ReadonlyMap<string, TypeCapability>;
  /** Who is whom in several sources, as a search is to be asked. */
  readonly links: Links;
  /** What sources know others' resources by: the system of an identifier, and the types that it stands for. */
  readonly keySpaces: ReadonlyMap<string, ReadonlySet<string>>;
  /** The names of required sources that do not answer, found out at most once a second. */
  unreachable(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What a read finds. */
export interface Found {
  readonly resource: Resource;
  readonly issues: readonly Issue[];
  /** Of a Binary: where its source says that the bytes lie. Nothing of it may be told. */
  readonly content?: { readonly source: string; readonly address: string };
}

/** One change of one resource. */
export type ResourceChange = CreateChange | UpdateChange | DeleteChange;

/** A change is asked what it wants when its turn comes: it may depend on what those before it came to. */
interface AnyChange {
  readonly permitted: PermittedWrite;
  /** What it came to, while nothing is lasting yet. */
  readonly made?: (written: Written) => void;
}

export interface CreateChange extends AnyChange {
  readonly kind: 'create';
  readonly resource: () => Resource;
}

export interface UpdateChange extends AnyChange {
  readonly kind: 'update';
  readonly id: string;
  /** What it is to be, given what it is; asked once it can no longer change. A create that names its id: there is nothing yet. */
  readonly resource: (current: Resource | undefined) => Resource;
  /** The version that it must have (`If-Match`). */
  readonly version?: string;
  /** It must not be there yet (`If-None-Match: *`). */
  readonly absent?: true;
  /** It is an update of what is there alone (a patch). */
  readonly existing?: true;
}

export interface DeleteChange extends AnyChange {
  readonly kind: 'delete';
  readonly id: string;
  readonly version?: string;
}

/** What a change came to. `absent`: there was nothing to delete. */
export interface Written {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'absent';
  readonly type: string;
  readonly id: string;
  readonly source: string;
  /** As it is now; absent once it is deleted. */
  readonly resource?: Resource;
}

export interface RunOptions {
  readonly signal: Stop;
  /** Refuse a partial answer (`Prefer: handling=strict`). */
  readonly strict: boolean;
  readonly now: Date;
}

export interface Page {
  readonly matches: readonly Resource[];
  readonly included: readonly Resource[];
  /** Matches over all pages, when it was asked for and is certain. */
  readonly total?: number;
  readonly issues: readonly Issue[];
  /** The sealed cursor of the next page; absent on the last. */
  readonly next?: string;
}

export interface Writes {
  readonly create: boolean;
  readonly update: boolean;
  readonly updateCreates: boolean;
  readonly delete: boolean;
}

export interface TypeCapability {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, SearchParameter>;
  /** Parameters that can be sorted by. */
  readonly sortable: ReadonlySet<string>;
  /** `Source:parameter` pairs for `_include`, and those of other types that point here for `_revinclude`. */
  readonly include: readonly string[];
  readonly revinclude: readonly string[];
  /** The types that references lead to, by search parameter. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** Profiles claimed in meta.profile. */
  readonly profiles: readonly string[];
  /** What may be written of it, in some source. */
  readonly writes: Writes;
  /** Whether resources of this type carry meta.versionId. */
  readonly versioned: boolean;
}

export interface Explanation {
  readonly sources: readonly SourceExplanation[];
  /** Mappings that cannot hold a match and are not asked, with the reason. */
  readonly pruned: readonly { readonly source: string; readonly mapping: string; readonly reason: string }[];
  /** What is asked at the other ends of the chains that a source does not follow itself. */
  readonly chains: readonly ChainExplanation[];
  readonly order: readonly string[];
}

/** A chain as it was asked (`patient.family=smith`), and the search for its other end. */
export interface ChainExplanation {
  readonly chain: string;
  readonly type: string;
  readonly sources: readonly SourceExplanation[];
  readonly pruned: Explanation['pruned'];
}

export interface SourceExplanation {
  readonly source: string;
  readonly mapping: string;
  readonly queries: readonly NativeQuery[];
  /** Why the source does not say what it would be asked natively. */
  readonly unanswered?: string;
  /** Conditions answered by the source, and those checked on each resource after it, as asked (`family=smith`). */
  readonly pushed: readonly string[];
  readonly residual: readonly { readonly condition: string; readonly reason: string }[];
  /**
   * Chains that the source does not decide alone. `source`: it does, and only what is doubtful is probed; `ids`: the other end is
   * asked first, and the source for its ids, or it is probed when they are too many; `probe`: the other end is asked for what the
   * source hands over.
   */
  readonly open: readonly {
    readonly chain: string;
    readonly by: 'source' | 'ids' | 'probe';
    readonly reason: string;
  }[];
  readonly orderGuaranteed: boolean;
  readonly limitGuaranteed: boolean;
  /** The mappings whose rows the same query brings, this one's among them, while they are few. */
  readonly together?: readonly string[];
}
