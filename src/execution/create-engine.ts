import { local } from '../access/caller.js';
import { redact } from '../access/redact.js';
import { type PermittedRead, permitRead } from '../access/restrict.js';
import { Fault, type Issue } from '../errors/fault.js';
import { type Links, noLinks } from '../identity/links.js';
import type { StoredIds } from '../identity/stored-ids.js';
import { refuseAmbiguity } from '../mapping/ambiguity.js';
import type { CompiledMapping } from '../mapping/compile.js';
import { compileMapping } from '../mapping/compile.js';
import { refuseJoinsWithoutKey } from '../mapping/keyless.js';
import type { MappingFolder } from '../mapping/load-folder.js';
import { refuseNamesInIds, refuseUnstorable } from '../mapping/names-in-ids.js';
import { refuseSharedColumns } from '../mapping/write/ownership.js';
import { plan } from '../plan/plan.js';
import { withoutPushdown } from '../plan/without-pushdown.js';
import type { Adapter } from '../source/adapter.js';
import { numbering } from '../source/numbered.js';
import type { Relation } from '../source/relation.js';
import type { Row } from '../source/row.js';
import type { SourceMeter } from '../telemetry/source-meter.js';
import { capabilitiesOf } from './capabilities.js';
import { createCursorSeal } from './cursor.js';
import type { Engine, Found, RunOptions } from './engine.js';
import { explain } from './explain.js';
import { type GuardedSource, guardSource } from './guarded-source.js';
import { liveSchemas } from './live-schemas.js';
import { withJoins } from './plan-chains.js';
import { createReadiness } from './readiness.js';
import { referring } from './referring.js';
import { RequestCall } from './request-call.js';
import { type SearchSetting, search } from './search.js';
import type { WriteLog } from './write/log.js';
import { offered } from './write/offered.js';
import { isWritable } from './write/row.js';
import { settle } from './write/settle.js';
import { write } from './write/write.js';

export interface EngineSource {
  readonly name: string;
  readonly adapter: Adapter;
  readonly mappings: MappingFolder;
  readonly required: boolean;
  readonly timeZone: string;
  readonly timeoutMs: number;
  readonly limits: { readonly concurrency: number };
  /** May it be written? Default: no. */
  readonly write?: boolean;
}

/** What writing needs beside the sources. */
export interface Writer {
  /** The source that resources of a type are created in, where they do not say. */
  readonly creates: Readonly<Record<string, string>>;
  readonly log: WriteLog;
  readonly now: () => Date;
  readonly uuid: () => string;
}

export interface EngineSetting {
  readonly sources: readonly EngineSource[];
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly limits: {
    readonly rows: number;
    readonly deadlineMs: number;
    /** The most ids that a chain becomes a list of; beyond them it is probed. */
    readonly chainIds?: number;
  };
  readonly cursorKey: Buffer;
  readonly randomBytes: (length: number) => Buffer;
  /** Needed where a mapping says `idStore`. */
  readonly ids?: StoredIds;
  /** Who is whom; without it, nobody is anybody else. */
  readonly links?: Links;
  /** Off: sources only hand over their rows, and everything is decided here. The answers are the same. Default: on. */
  readonly pushdown?: boolean;
  /** Without it, nothing is written. */
  readonly writer?: Writer;
  /** Where what a source does is counted; without it, nowhere. */
  readonly meter?: (source: string) => SourceMeter;
}

/** The federation over live sources: everything is compiled here, once. */
export function createEngine({
  sources,
  baseUrl,
  limits,
  cursorKey,
  randomBytes,
  ids,
  links = noLinks,
  pushdown = true,
  writer,
  meter,
}: EngineSetting): Engine {
  const guarded = new Map<string, GuardedSource>();
  const planned = sources.map((source) => {
    const { name, timeoutMs, limits: own } = source;
    const adapter = withKeys(source);
    const guard = { name, adapter, timeoutMs, concurrency: own.concurrency, ...(meter && { meter: meter(name) }) };
    guarded.set(name, guardSource(guard));
    const mappings = compileSource(source, baseUrl, ids, links);
    refuseUnwinding(source, mappings);
    const whole = { name, narrow: adapter.narrow.bind(adapter), mappings };
    return pushdown ? whole : withoutPushdown(whole);
  });
  const schemas = liveSchemas(guarded);
  const setting: SearchSetting = {
    sources: planned,
    guarded,
    required: new Set(sources.filter(({ required }) => required).map(({ name }) => name)),
    seal: createCursorSeal(cursorKey, randomBytes),
    schemas,
    links,
    baseUrl,
    rows: limits.rows,
    deadlineMs: limits.deadlineMs,
    chainIds: limits.chainIds,
  };
  const writings = new Map(
    sources.flatMap(({ name, write: may, adapter }) =>
      writer && may && adapter.writing ? [[name, adapter.writing] as const] : [],
    ),
  );
  const written = new Set(writings.keys());
  const all = planned
    .flatMap(({ mappings }) => mappings)
    .map((mapping) => (written.has(mapping.source) ? offered(mapping, writings.get(mapping.source)!) : mapping));
  const writing = writer && {
    ...writer,
    guarded,
    sources: written,
    mappings: all.filter(isWritable).filter(({ source }) => written.has(source)),
    deadlineMs: limits.deadlineMs,
    running: new Set<number>(),
  };
  const atOnce = (source: string) => writings.get(source)?.atOnce === true;
  const bySource = new Map(planned.map(({ name, mappings }) => [name, mappings]));
  return {
    types: capabilitiesOf(all, written),
    read: (read, options) => kept(readOne(read, options, bySource, setting), ids),
    search: (query, options) => kept(search(query, options, setting), ids),
    write: (changes, options) =>
      writing
        ? kept(write(changes, options, writing), ids)
        : Promise.reject(new Fault('read-only', 'Nothing is written here.')),
    referring: ({ type, caller }, id, options) =>
      kept(referring(type, id, caller, all, guarded, new RequestCall(options, limits.deadlineMs)), ids),
    settle: async () =>
      writing ? settle({ ...writing, atOnce }, (type, id) => currentVersion(type, id, bySource, setting)) : 0,
    explain: async (query) => {
      const call = { signal: new AbortController().signal, deadline: performance.now() + limits.deadlineMs };
      const first = plan(query, planned);
      const joined =
        query.chains.length === 0 ? planned : await withJoins(first, planned, schemas, { call, failed: new Map() });
      return explain(joined === planned ? first : plan(query, joined), joined, guarded);
    },
    links,
    keySpaces: keySpacesOf(all),
    unreachable: createReadiness(planned, setting),
    startedAt: (cursor) => setting.seal.startedAt(cursor),
    close: async () => {
      await Promise.all(sources.map(({ adapter }) => adapter.close()));
    },
  };
}

/** A database of which a table has no key gives its rows one. */
export function withKeys({ adapter, mappings }: Pick<EngineSource, 'adapter' | 'mappings'>): Adapter {
  const keyless = mappings.mappings.some(
    ({ definition: { id } }) => id.relation.kind === 'table' && id.relation.numbered,
  );
  return keyless ? numbering(adapter) : adapter;
}

/** The types that keys of each key space may stand for. */
function keySpacesOf(mappings: readonly CompiledMapping[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { type, space } of mappings.flatMap(({ keySpaces }) => keySpaces))
    found.set(space, (found.get(space) ?? new Set()).add(type));
  return found;
}

/** An id leaves when it is kept, and not before: who has it can ask for it. */
async function kept<T>(answer: Promise<T>, ids: StoredIds | undefined): Promise<T> {
  if (!ids) return answer;
  const given = await answer;
  ids.keep();
  return given;
}

/** @throws {Fault} `mapping` when a mapping cannot be compiled, two could make one id, or an id would tell a name. */
export function compileSource(
  { name, timeZone, mappings }: Pick<EngineSource, 'name' | 'timeZone' | 'mappings'>,
  baseUrl: string,
  ids?: StoredIds,
  links?: Links,
): readonly CompiledMapping[] {
  const conceptMap = (url: string) => {
    const found = mappings.conceptMaps.get(url);
    if (!found) throw new Fault('mapping', `Source ${name} names the ConceptMap ${url}, which is nowhere defined.`);
    return found;
  };
  refuseAmbiguity(mappings.mappings);
  refuseNamesInIds(mappings.mappings);
  refuseUnstorable(mappings.mappings, name, ids);
  const setting = { source: name, timeZone, baseUrl, conceptMap, ...(ids && { ids }), ...(links && { links }) };
  const compiled = mappings.mappings.map((mapping) => compileMapping(mapping, setting));
  refuseJoinsWithoutKey(compiled);
  refuseSharedColumns(compiled);
  return compiled;
}

/** Another kind of database would take the whole document for one row. */
function refuseUnwinding({ name, adapter }: EngineSource, mappings: readonly CompiledMapping[]): void {
  const unwinding = adapter.capabilities.unwinds ? undefined : mappings.find(unwinds);
  if (!unwinding) return;
  const message = `Mapping ${unwinding.name} reads elements of arrays as rows, which the database of source ${name} cannot give.`;
  throw new Fault('mapping', message, { source: name });
}

function unwinds({ relation, output }: CompiledMapping): boolean {
  const related = output.flatMap((one): readonly Relation[] => (one.kind === 'column' ? [] : [one.relation]));
  return [relation, ...related].some(isUnwound);
}

function isUnwound(relation: Relation): boolean {
  if (relation.kind === 'distinct') return relation.of.some(({ table }) => isUnwound(table));
  return relation.kind === 'table' && relation.unwind !== undefined;
}

async function rowOf(
  mapping: CompiledMapping,
  id: string,
  source: GuardedSource,
  call: RequestCall,
): Promise<readonly Row[]> {
  for (const key of mapping.keysOf(id)) {
    const { rows } = await source.get(mapping.relation, mapping.output, key, call);
    if (rows.length > 0) return rows;
  }
  return [];
}

/** The version that a resource has; undefined when there is none. */
async function currentVersion(
  type: string,
  id: string,
  bySource: ReadonlyMap<string, readonly CompiledMapping[]>,
  setting: SearchSetting,
): Promise<string | undefined> {
  const options = { signal: new AbortController().signal, strict: true, now: new Date(0) };
  try {
    const { resource } = await readOne(permitRead(type, id, local), options, bySource, setting);
    return resource.meta?.versionId;
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return undefined;
    throw error;
  }
}

async function readOne(
  { type, id, caller }: PermittedRead,
  options: RunOptions,
  bySource: ReadonlyMap<string, readonly CompiledMapping[]>,
  { guarded, deadlineMs }: SearchSetting,
): Promise<Found> {
  const end = id.indexOf('.');
  for (const mapping of bySource.get(end < 0 ? id : id.slice(0, end)) ?? []) {
    if (mapping.type !== type) continue;
    const rows = await rowOf(mapping, id, guarded.get(mapping.source)!, new RequestCall(options, deadlineMs));
    if (rows.length === 0) continue;
    const lost: string[] = [];
    const resource = mapping.read(rows[0]!, ({ path }) => lost.push(path));
    if (lost.length > 0 && (!resource || mapping.undecodable === 'refuse')) {
      throw new Fault('undecodable', `${type}/${id} cannot be served: ${lost.join(', ')} cannot be decoded.`, {
        source: mapping.source,
      });
    }
    const seen = resource && redact(resource, caller);
    if (!seen) continue;
    guarded.get(mapping.source)!.meter.returned(1);
    const issues = lost.map(
      (path): Issue => ({
        severity: 'warning',
        code: 'undecodable',
        message: `${path} cannot be decoded and is left out.`,
        place: { source: mapping.source, expression: path },
      }),
    );
    const address = mapping.content?.(rows[0]!);
    return { resource: seen, issues, ...(address !== undefined && { content: { source: mapping.source, address } }) };
  }
  throw new Fault('not-found', `There is no ${type}/${id}.`);
}
