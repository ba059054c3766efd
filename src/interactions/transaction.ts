import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import { permitWrite } from '../access/restrict.js';
import { withConditionalReferences } from '../bundle/conditional-references.js';
import { identityOf, refuseTwice } from '../bundle/entry-identity.js';
import { withLinks } from '../bundle/entry-links.js';
import { readRequestBundle } from '../bundle/request-bundle.js';
import type { RequestEntry } from '../bundle/request-entry.js';
import { type EntryAnswer, responseBundle } from '../bundle/response-bundle.js';
import { knownTargets, planTransaction } from '../bundle/transaction.js';
import { Fault } from '../errors/fault.js';
import type { ResourceChange, Written } from '../execution/engine.js';
import { patchOfEntry } from '../patch/patch-of-entry.js';
import { answerEntry, batch } from './batch.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { matching, tooMany } from './matching.js';
import { absentAsked, versionAsked } from './precondition.js';
import { parsePairs } from './query-string.js';
import { refuseReferred } from './referring.js';
import { RequestOptions } from './request-options.js';
import { writtenAnswer } from './written-answer.js';

type WriteEntry = Extract<RequestEntry, { kind: 'create' | 'update' | 'patch' | 'delete' }>;

/**
 * FHIR batch and transaction. https://hl7.org/fhir/R4/http.html#transaction
 * A transaction is one native transaction of one source; what it reads, it reads when that is kept.
 */
export async function transaction(
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
): Promise<FhirResponse> {
  const bundle = readRequestBundle(request.body?.json, dependencies.baseUrl);
  if (bundle.type === 'batch')
    return { resource: responseBundle('batch', await batch(bundle, request, caller, dependencies)) };
  const entries = planTransaction(bundle.entries, dependencies.baseUrl);
  const writes = entries.filter((entry): entry is WriteEntry => 'target' in entry);
  const other = entries.find(({ kind }) => kind === 'operation');
  if (other)
    throw new Fault('unknown-path', 'No operation is offered in a transaction.', {
      expression: `${other.at}.request.url`,
    });
  const answers = new Map<number, EntryAnswer>();
  const types = [...new Set(writes.filter(isConditional).map(({ target }) => target.type))].sort();
  await inTurn(types, request, dependencies, () => write(writes, request, caller, dependencies, answers));
  for (const entry of entries)
    if (entry.kind === 'read') answers.set(entry.index, await answerEntry(entry, request, caller, dependencies));
  return {
    resource: responseBundle(
      'transaction',
      bundle.entries.map(({ index }) => answers.get(index)!),
    ),
  };
}

function isConditional({ target, conditions }: WriteEntry): boolean {
  return target.query !== '' || conditions.ifNoneExist !== undefined;
}

/** Takes the turns of all types, always in the same order. */
function inTurn(
  [type, ...others]: readonly string[],
  request: FhirRequest,
  dependencies: Dependencies,
  work: () => Promise<void>,
): Promise<void> {
  if (type === undefined) return work();
  return dependencies.turns.take(type, request.signal, () => inTurn(others, request, dependencies, work));
}

async function write(
  entries: readonly WriteEntry[],
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
  answers: Map<number, EntryAnswer>,
): Promise<void> {
  const { engine, baseUrl, now } = dependencies;
  const found = new Map<RequestEntry, string | undefined>();
  for (const entry of entries) found.set(entry, await named(entry, request, caller, dependencies));
  refuseTwice(entries, (entry) => {
    const id = found.get(entry);
    return id === undefined ? identityOf(entry) : `${(entry as WriteEntry).target.type}/${id}`;
  });
  const deleted = new Set(
    entries.filter(({ kind }) => kind === 'delete').map((entry) => `${entry.target.type}/${found.get(entry)}`),
  );
  const targets = knownTargets(entries);
  const changes: ResourceChange[] = [];
  for (const entry of entries) {
    const { type } = entry.target;
    const id = found.get(entry);
    const permitted = permitWrite(type, caller);
    const made = (written: Written) => {
      const version = written.resource?.meta?.versionId;
      if (entry.fullUrl !== undefined)
        targets.set(entry.fullUrl, { type, id: written.id, ...(version !== undefined && { version }) });
      answers.set(entry.index, asAnswer(written, request, baseUrl));
    };
    if (entry.kind === 'delete') {
      if (id === undefined) {
        answers.set(entry.index, { status: 204 });
        continue;
      }
      await refuseReferred(permitted, id, request, dependencies, deleted);
      changes.push({ kind: 'delete', permitted, id, made, ...versioned(entry) });
      continue;
    }
    if (entry.kind === 'create' && id !== undefined) {
      // Something meets `ifNoneExist`: 200, and nothing is written.
      if (entry.fullUrl !== undefined) targets.set(entry.fullUrl, { type, id });
      answers.set(entry.index, { status: 200, location: `${baseUrl}/${type}/${id}` });
      continue;
    }
    const place = { fullUrl: entry.fullUrl, at: `${entry.at}.resource`, baseUrl };
    const find = async ({ type: of, query }: { readonly type: string; readonly query: string }) =>
      (await matching(of, parsePairs(query), request, caller, dependencies)).map((one) => ({ type: of, id: one.id! }));
    const sent = await withConditionalReferences(entry.resource, place, find);
    const linked = <R extends Resource>(resource: R): R => withLinks(resource, place, targets);
    if (entry.kind === 'patch') {
      changes.push({
        kind: 'update',
        permitted,
        id: id!,
        existing: true,
        made,
        resource: (current) => valid(patchOfEntry(linked(sent), place.at)(current!), dependencies),
        ...versioned(entry),
      });
    } else if (id === undefined) {
      // The source is chosen before its turn comes, and is not asked for less than what it is then.
      changes.push({ kind: 'create', permitted, made, resource: () => valid(linked(sent), dependencies) });
    } else {
      changes.push({
        kind: 'update',
        permitted,
        id,
        made,
        resource: () => valid({ ...linked(sent), id }, dependencies),
        ...versioned(entry),
        ...(absentAsked(entry.conditions) && { absent: true }),
      });
    }
  }
  await engine.write(changes, new RequestOptions(request, now()));
}

/** The id that an entry is about; undefined where there is none yet, or none any more. */
async function named(
  entry: WriteEntry,
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
): Promise<string | undefined> {
  const { target, conditions, kind } = entry;
  const criteria = kind === 'create' ? conditions.ifNoneExist : target.query === '' ? undefined : target.query;
  if (criteria === undefined) return target.id === '' ? undefined : target.id;
  const [match, another] = await matching(target.type, parsePairs(criteria), request, caller, dependencies);
  if (another) throw tooMany(target.type);
  if (!match && kind === 'patch')
    throw new Fault('not-found', `No ${target.type} meets the criteria.`, { expression: `${entry.at}.request.url` });
  if (kind !== 'update') return match?.id;
  const { id } = entry.resource;
  if (match && id !== undefined && id !== match.id)
    throw new Fault('invalid-value', 'The resource that meets the criteria has another id than the one sent.', {
      expression: `${entry.at}.resource.id`,
    });
  return match?.id ?? id;
}

function versioned({ conditions }: WriteEntry): { readonly version?: string } {
  const version = versionAsked(conditions);
  return version === undefined ? {} : { version };
}

function valid(resource: Resource, { refuseInvalid }: Dependencies): Resource {
  refuseInvalid(resource);
  return resource;
}

function asAnswer(written: Written, request: FhirRequest, baseUrl: string): EntryAnswer {
  const { status = 200, resource, version, lastModified, location } = writtenAnswer(written, request, baseUrl);
  const { type, id } = written;
  return {
    status,
    version,
    lastModified,
    location,
    fullUrl: `${baseUrl}/${type}/${id}`,
    ...(resource?.resourceType === 'OperationOutcome' ? { outcome: resource } : { resource }),
  };
}
