import { Fault } from '../errors/fault.js';
import type { FhirRequest } from '../interactions/fhir-request.js';

type Json = Readonly<Record<string, unknown>>;

/** https://hl7.org/fhir/R4/valueset-resource-validation-mode.html */
export const modes = ['create', 'update', 'delete', 'profile'] as const;
export type Mode = (typeof modes)[number];

/** What $validate is asked (https://hl7.org/fhir/R4/resource-operation-validate.html). */
export interface ValidateRequest {
  /** As it came; undefined where the one of the URL is meant. */
  readonly resource: unknown;
  readonly mode: Mode | undefined;
  readonly profile: string | undefined;
}

interface InBody {
  readonly resource?: unknown;
  readonly mode?: unknown;
  readonly profile?: unknown;
}

const names = ['resource', 'mode', 'profile'];

/**
 * Reads the body, a resource or Parameters that hold one, and the parameters of the URL.
 * @throws {Fault} `invalid-body`, `invalid-value`, `unknown-parameter`
 */
export function readValidateRequest(
  { type, id, parameters }: Pick<FhirRequest, 'type' | 'id' | 'parameters'>,
  body: unknown,
): ValidateRequest {
  for (const [name] of parameters)
    if (name !== 'mode' && name !== 'profile')
      throw new Fault('unknown-parameter', '$validate has mode and profile as parameters of its URL.', {
        expression: `http.${/^[\w$-]{1,64}$/.test(name) ? name : 'query'}`,
      });
  const inUrl = new Map(parameters);
  const wrapped = type !== 'Parameters' && isObject(body) && body.resourceType === 'Parameters';
  const inBody = wrapped ? parametersOf(body) : { resource: body };
  const { resource } = inBody;
  const mode = modeOf(single('mode', inBody.mode, inUrl.get('mode')), id);
  const profile = single('profile', inBody.profile, inUrl.get('profile'));
  if (mode === 'profile' && (resource !== undefined || profile === undefined))
    throw new Fault('invalid-body', 'The mode profile takes a profile, and no resource: the one of the URL is meant.');
  if (resource === undefined && mode !== 'delete' && mode !== 'profile')
    throw new Fault('invalid-body', '$validate takes a resource, or Parameters that hold one as resource.');
  return { resource, mode, profile };
}

function parametersOf(body: Json): InBody {
  const found: Record<string, unknown> = {};
  const list = body.parameter ?? [];
  if (!Array.isArray(list)) throw malformed();
  for (const parameter of list as readonly unknown[]) {
    if (!isObject(parameter) || typeof parameter.name !== 'string') throw malformed();
    const { name, resource, valueCode, valueUri, valueCanonical, valueString } = parameter;
    if (!names.includes(name) || name in found) throw malformed();
    found[name] = name === 'resource' ? resource : (valueCode ?? valueUri ?? valueCanonical ?? valueString);
    if (found[name] === undefined) throw malformed();
  }
  return found;
}

function single(name: string, inBody: unknown, inUrl: string | undefined): string | undefined {
  if (inBody !== undefined && typeof inBody !== 'string') throw malformed();
  if (inBody !== undefined && inUrl !== undefined && inBody !== inUrl)
    throw new Fault('invalid-value', `${name} is one thing in the URL and another in the body.`, {
      expression: `http.${name}`,
    });
  return inBody ?? inUrl;
}

/** A mode that is about a resource that is there is asked at its own URL. */
function modeOf(mode: string | undefined, id: string): Mode | undefined {
  if (mode === undefined) return undefined;
  const known = modes.find((each) => each === mode);
  if (!known) throw new Fault('invalid-value', `mode is one of ${modes.join(', ')}.`, { expression: 'http.mode' });
  if (id === '' && known !== 'create')
    throw new Fault('invalid-value', `The mode ${known} is asked at the URL of the resource: [type]/[id]/$validate.`, {
      expression: 'http.mode',
    });
  return known;
}

function malformed(): Fault {
  return new Fault('invalid-body', 'The Parameters of $validate are resource, mode and profile, each once.');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
