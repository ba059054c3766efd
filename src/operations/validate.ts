import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import { permitRead, permitWrite } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import type { TypeCapability } from '../execution/engine.js';
import type { FhirRequest, FhirResponse } from '../interactions/fhir-request.js';
import type { Dependencies } from '../interactions/interaction.js';
import { idPattern } from '../interactions/read.js';
import { refuseReferred } from '../interactions/referring.js';
import { RequestOptions } from '../interactions/request-options.js';
import { validationOutcome } from '../validation/outcome.js';
import { validate as issuesOf } from '../validation/validate.js';
import type { ValidationIssue } from '../validation/validation-issue.js';
import { type Mode, readValidateRequest } from './validate-request.js';

/**
 * $validate: what is wrong with a resource, and whether it could be created, updated or deleted here. The answer is an
 * OperationOutcome wherever that could be found out. https://hl7.org/fhir/R4/resource-operation-validate.html
 * @throws {Fault} as `readValidateRequest`; `not-found`: the id of the path is none; what a source that may hold it says
 */
export async function validate(
  request: FhirRequest,
  caller: Caller,
  dependencies: Dependencies,
): Promise<FhirResponse> {
  const { type, id } = request;
  const { engine } = dependencies;
  if (id !== '' && !idPattern.test(id)) throw new Fault('not-found', `There is no ${type} of that id.`);
  const { resource, mode, profile } = readValidateRequest(request, request.body?.json);
  const profiles = profile === undefined ? [] : [profile];
  const issues: ValidationIssue[] = [];
  if (resource !== undefined && mode !== 'delete') {
    issues.push(...issuesOf(resource, { type, profiles }));
    if (id !== '' && (resource as Partial<Resource> | null)?.id !== id) issues.push(otherId(type));
  }
  if (mode === 'update' || mode === 'delete' || mode === 'profile') {
    const stored = await current(request, caller, dependencies);
    if (!stored && !(mode === 'update' && engine.types.get(type)?.writes.updateCreates)) issues.push(unknownId(type));
    else if (stored && mode === 'profile') issues.push(...issuesOf(stored, { type, profiles }));
  }
  if (mode === 'delete') issues.push(...(await referred(request, caller, dependencies)));
  if (mode !== undefined && !isOffered(mode, engine.types.get(type)!)) issues.push(notOffered(type, mode));
  return { resource: validationOutcome(issues) };
}

function isOffered(mode: Mode, { writes }: TypeCapability): boolean {
  if (mode === 'update') return writes.update || writes.updateCreates;
  return mode === 'profile' || writes[mode];
}

/** @throws {Fault} when a source that may hold it does not answer */
async function current(
  request: FhirRequest,
  caller: Caller,
  { engine, now }: Dependencies,
): Promise<Resource | undefined> {
  const { type, id } = request;
  const permitted = permitRead(type, id, caller);
  try {
    return (await engine.read(permitted, new RequestOptions(request, now()))).resource;
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** @throws {Fault} when a source that may hold what refers to it does not answer */
async function referred(request: FhirRequest, caller: Caller, dependencies: Dependencies): Promise<ValidationIssue[]> {
  const { type, id } = request;
  try {
    await refuseReferred(permitWrite(type, caller), id, request, dependencies);
    return [];
  } catch (fault) {
    if (fault instanceof Fault && fault.code === 'referenced') return [error('conflict', fault.message, type)];
    throw fault;
  }
}

/** https://hl7.org/fhir/R4/http.html#update: the id of the body is that of the URL. */
function otherId(type: string): ValidationIssue {
  return error('value', 'The id of the resource is not the one of the URL.', `${type}.id`);
}

function unknownId(type: string): ValidationIssue {
  return error('not-found', `There is no ${type} of the id of the URL.`, type);
}

function notOffered(type: string, mode: Mode): ValidationIssue {
  return error('not-supported', `This server does not ${mode} a ${type}.`, type);
}

function error(code: ValidationIssue['code'], message: string, expression: string): ValidationIssue {
  return { severity: 'error', code, message, expression };
}
