import type { Caller } from '../access/caller.js';
import { permitWrite } from '../access/restrict.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { matching, tooMany } from './matching.js';
import { parsePairs } from './query-string.js';
import { RequestOptions } from './request-options.js';
import { sentResource } from './sent-resource.js';
import { writtenAnswer } from './written-answer.js';

/** FHIR create, and conditional create. https://hl7.org/fhir/R4/http.html#create, #ccreate */
export async function create(request: FhirRequest, caller: Caller, dependencies: Dependencies): Promise<FhirResponse> {
  const { engine, baseUrl, now, turns } = dependencies;
  const { type, conditions } = request;
  const permitted = permitWrite(type, caller);
  const resource = sentResource(request);
  dependencies.refuseInvalid(resource);
  const options = new RequestOptions(request, now());
  const made = async () => {
    const [written] = await engine.write([{ kind: 'create', permitted, resource: () => resource }], options);
    return writtenAnswer(written!, request, baseUrl);
  };
  if (conditions.ifNoneExist === undefined) return made();
  const { ifNoneExist } = conditions;
  // A type and `?` may stand before the criteria.
  const criteria = parsePairs(ifNoneExist.slice(ifNoneExist.indexOf('?') + 1));
  return turns.take(type, request.signal, async () => {
    const [match, another] = await matching(type, criteria, request, caller, dependencies);
    if (another) throw tooMany(type);
    if (!match) return made();
    // 200, and nothing is written.
    const there = { outcome: 'unchanged', type, id: match.id!, source: '', resource: match } as const;
    const location = `${baseUrl}/${type}/${match.id}/_history/${match.meta?.versionId}`;
    return { ...writtenAnswer(there, request, baseUrl), status: 200, location };
  });
}
