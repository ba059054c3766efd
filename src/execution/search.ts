import type { Resource } from '@medplum/fhirtypes';
import { redact } from '../access/redact.js';
import type { PermittedQuery } from '../access/restrict.js';
import { Fault, type Issue } from '../errors/fault.js';
import type { Links } from '../identity/links.js';
import { type Plan, plan } from '../plan/plan.js';
import type { PlannedSource } from '../plan/stream.js';
import type { Cursor, CursorSeal } from './cursor.js';
import type { Page, RunOptions } from './engine.js';
import type { GuardedSource } from './guarded-source.js';
import { include } from './include.js';
import type { LiveSchemas } from './live-schemas.js';
import { prober } from './other-end.js';
import { type Gathered, gather } from './page.js';
import { planChains, withJoins } from './plan-chains.js';
import { RequestCall } from './request-call.js';
import { total } from './total.js';
import { Budget, type Traversal } from './traversal.js';

export interface SearchSetting {
  readonly sources: readonly PlannedSource[];
  readonly guarded: ReadonlyMap<string, GuardedSource>;
  readonly required: ReadonlySet<string>;
  readonly seal: CursorSeal;
  readonly schemas: LiveSchemas;
  readonly links: Links;
  readonly baseUrl: string;
  readonly rows: number;
  readonly deadlineMs: number;
  readonly chainIds?: number | undefined;
}

/** Runs a search over all sources: plan, merge, include; every source that did not answer is named. */
export async function search(query: PermittedQuery, options: RunOptions, setting: SearchSetting): Promise<Page> {
  const first = plan(query, setting.sources);
  const cursor = query.cursor === undefined ? undefined : setting.seal.open(query.cursor, first);
  const traversal: Traversal = {
    query,
    call: new RequestCall(options, setting.deadlineMs),
    baseUrl: setting.baseUrl,
    sources: setting.guarded,
    budget: new Budget(setting.rows),
    failed: new Map(cursor?.excluded.map((source) => [source, excluded(source)])),
    issues: [],
    links: setting.links,
    probe: () => Promise.reject(new RangeError('the query has no chain')),
  };
  return query.chains.length === 0
    ? answer(first, first, cursor, traversal, options, setting)
    : answerChained(first, cursor, traversal, options, setting);
}

/** What stands at the other ends is found out first, as far as that makes the search itself narrower. */
async function answerChained(
  first: Plan,
  cursor: Cursor | undefined,
  traversal: Traversal,
  options: RunOptions,
  setting: SearchSetting,
): Promise<Page> {
  const { query } = first;
  const sources = await withJoins(first, setting.sources, setting.schemas, traversal);
  const planned = await planChains(query, sources, traversal, setting.chainIds);
  const probing = { ...traversal, probe: prober(query, sources, traversal) };
  return answer(planned, first, cursor, probing, options, setting);
}

async function answer(
  planned: Plan,
  first: Plan,
  cursor: Cursor | undefined,
  traversal: Traversal,
  options: RunOptions,
  setting: SearchSetting,
): Promise<Page> {
  const { query } = planned;
  for (const { source, residual, open } of planned.streams)
    setting.guarded.get(source)!.meter.planned(residual.length + open.length === 0);
  const counts = query.total !== 'none' || query.summary === 'count';
  const [gathered, counted] = counts
    ? await Promise.all([
        query.summary === 'count' ? nothing : gather(planned, traversal, cursor?.place),
        total(planned, { ...traversal, budget: new Budget(setting.rows) }),
      ])
    : [await gather(planned, traversal, cursor?.place)];
  refuseIfMissing(first, traversal, options, setting);
  const { matches, next } = paged(gathered, traversal);
  const includes = query.include.length + query.revinclude.length > 0;
  const included = includes ? await include(matches, query, setting.sources, traversal) : [];
  refuseIfNotWhole(traversal, options, setting);
  const see = (resources: readonly Resource[]) => resources.flatMap((resource) => redact(resource, query.caller) ?? []);
  const served = { matches: see(matches), included: see(included) };
  countReturned(served, setting);
  const position: Cursor | undefined = next && {
    place: next,
    excluded: [...traversal.failed.keys()],
    now: options.now.getTime(),
  };
  return {
    ...served,
    ...(counted !== undefined && traversal.failed.size === 0 && { total: counted }),
    issues: [...bounded(traversal.issues), ...[...traversal.failed.values()].map(missing)],
    ...(position && { next: setting.seal.seal(position, first) }),
  };
}

/** Every id begins with the name of its source. */
function countReturned({ matches, included }: Pick<Page, 'matches' | 'included'>, { guarded }: SearchSetting): void {
  const rows = new Map<string, number>();
  for (const resources of [matches, included]) {
    for (const { id } of resources) {
      const source = sourceOf(id!);
      rows.set(source, (rows.get(source) ?? 0) + 1);
    }
  }
  for (const [source, number] of rows) guarded.get(source)?.meter.returned(number);
}

function sourceOf(id: string): string {
  const end = id.indexOf('.');
  return end < 0 ? id : id.slice(0, end);
}

/** A page that the budget cut short says so; one that got nowhere is refused. */
function paged({ matches, next, cut }: Gathered, { issues }: Traversal): Gathered {
  if (!cut) return { matches, ...(next && { next }), cut };
  const message =
    'More rows would have to be looked at than one request may; the page is short, and the next link goes on.';
  if (!next)
    throw new Fault('too-costly', 'More rows would have to be looked at than one request may; ask more narrowly.');
  issues.push({ severity: 'information', code: 'too-costly', message, place: {} });
  return { matches, next, cut };
}

function refuseIfMissing({ streams }: Plan, traversal: Traversal, options: RunOptions, setting: SearchSetting): void {
  const { failed } = traversal;
  if (failed.size === 0) return;
  const asked = new Set(streams.map(({ source }) => source));
  const [first] = failed.values();
  const costly = [...failed.values()].find(({ code }) => code === 'too-costly');
  if (costly) throw costly;
  refuseIfNotWhole(traversal, options, setting);
  if ([...asked].every((source) => failed.has(source))) throw first!;
}

/** Also what is included may not be without a required source. */
function refuseIfNotWhole({ failed }: Traversal, { strict }: RunOptions, { required }: SearchSetting): void {
  const needed = [...failed].find(([source]) => strict || required.has(source));
  if (needed) throw needed[1];
}

const nothing: Gathered = { matches: [], cut: false };
const mostIssues = 50;

/** A page of dirty rows must not drown what it says of its sources. */
function bounded(issues: readonly Issue[]): readonly Issue[] {
  if (issues.length <= mostIssues) return issues;
  const rest = `${issues.length - mostIssues} more resources of this page have values that cannot be shown.`;
  return [...issues.slice(0, mostIssues), { severity: 'warning', code: 'undecodable', message: rest, place: {} }];
}

function excluded(source: string): Fault {
  return new Fault(
    'incomplete',
    `Source ${source} failed on an earlier page and is left out of this traversal; start the search again to include it.`,
    { source },
  );
}

function missing(fault: Fault): Issue {
  return { severity: 'warning', code: fault.code, message: fault.message, place: fault.place };
}
