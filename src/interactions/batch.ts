import type { Caller } from '../access/caller.js';
import type { FaultyEntry, RequestBundle } from '../bundle/request-bundle.js';
import type { RequestEntry } from '../bundle/request-entry.js';
import type { EntryAnswer } from '../bundle/response-bundle.js';
import { withoutLinksBetween } from '../bundle/transaction.js';
import { Fault } from '../errors/fault.js';
import { outcomeOf, publicFault } from '../errors/outcome.js';
import { capabilities } from './capabilities.js';
import { create } from './create.js';
import { remove } from './delete.js';
import type { FhirRequest, FhirResponse, Pair } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { patch } from './patch.js';
import { parsePairs } from './query-string.js';
import { read } from './read.js';
import { searchType } from './search-type.js';
import { update } from './update.js';
import { vread } from './vread.js';

/** The entries of a batch, each as if it were sent alone, in their order (https://hl7.org/fhir/R4/http.html#transaction). */
export async function batch(
  { entries }: Extract<RequestBundle, { type: 'batch' }>,
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
): Promise<readonly EntryAnswer[]> {
  const answers: EntryAnswer[] = [];
  for (const entry of withoutLinksBetween(entries, dependencies.baseUrl))
    answers.push(await answerEntry(entry, request, caller, dependencies));
  return answers;
}

/** What one entry of a batch, or a read of a transaction, comes to; a failure is one of the entry alone. */
export async function answerEntry(
  entry: RequestEntry | FaultyEntry,
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
): Promise<EntryAnswer> {
  try {
    if (!('kind' in entry)) throw entry.fault;
    const asked = new EntryRequest(entry, request);
    if (asked.type !== '' && !dependencies.engine.types.has(asked.type))
      throw new Fault('unknown-type', 'This server has no resource type of that name.', {
        expression: `${entry.at}.request.url`,
      });
    return answerOf(await runs(entry, asked)(asked, caller, dependencies), dependencies.baseUrl, entry);
  } catch (error) {
    return { status: dependencies.statusOf(publicFault(error)), outcome: outcomeOf(error) };
  }
}

type Run = (request: FhirRequest, caller: Caller, dependencies: Dependencies) => Promise<FhirResponse>;

const writes: Readonly<Record<'create' | 'update' | 'patch' | 'delete', Run>> = {
  create,
  update,
  patch,
  delete: remove,
};

function runs(entry: RequestEntry, { type, id, version }: EntryRequest): Run {
  if (entry.kind === 'operation')
    throw new Fault('unknown-path', 'No operation is offered in a Bundle.', { expression: `${entry.at}.request.url` });
  if (entry.kind !== 'read') return writes[entry.kind];
  if (version !== '') return vread;
  if (id !== '') return read;
  if (type !== '') return searchType;
  if (entry.url.path === 'metadata') return capabilities;
  throw new Fault('unknown-path', 'There is nothing at this url.', { expression: `${entry.at}.request.url` });
}

function answerOf(answer: FhirResponse, baseUrl: string, { kind }: RequestEntry): EntryAnswer {
  if ('content' in answer) throw new Fault('unknown-path', 'Bytes are not handed out in a Bundle.');
  const { status = 200, resource, version, lastModified, location } = answer;
  const told = resource?.resourceType === 'OperationOutcome' && kind !== 'read';
  return {
    status,
    version,
    lastModified,
    location,
    ...(told ? { outcome: resource } : { resource }),
    ...(resource?.id !== undefined && { fullUrl: `${baseUrl}/${resource.resourceType}/${resource.id}` }),
  };
}

/** An entry as a request of its own. */
class EntryRequest implements FhirRequest {
  readonly type: string;
  readonly id: string;
  readonly version: string;
  readonly parameters: readonly Pair[];
  readonly presentation: readonly Pair[] = [];
  readonly body: FhirRequest['body'];
  readonly bytes = undefined;

  constructor(
    private readonly entry: RequestEntry,
    private readonly request: FhirRequest,
  ) {
    const url =
      'url' in entry ? entry.url : { path: `${entry.target.type}/${entry.target.id}`, query: entry.target.query };
    const [type = '', id = '', history, version = ''] = url.path.split('/');
    this.type = type === 'metadata' ? '' : type;
    this.id = id;
    this.version = history === '_history' ? version : '';
    this.parameters = parsePairs(url.query);
    const sent = 'resource' in entry ? entry.resource : undefined;
    this.body = sent && { json: sent, form: 'entry' };
  }

  get handling(): FhirRequest['handling'] {
    return this.request.handling;
  }

  get returns(): FhirRequest['returns'] {
    return this.request.returns;
  }

  get conditions(): FhirRequest['conditions'] {
    return this.entry.conditions;
  }

  get stop(): FhirRequest['stop'] {
    return this.request.stop;
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }
}
