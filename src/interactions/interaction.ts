import type { CapabilityStatement, Resource } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import type { Download } from '../download/download.js';
import type { Fault } from '../errors/fault.js';
import type { Engine, TypeCapability } from '../execution/engine.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Turns } from './turns.js';

/** What an interaction may use. Time is handed in. */
export interface Dependencies {
  readonly engine: Engine;
  /** Public base URL, without a slash at its end. */
  readonly baseUrl: string;
  readonly count: { readonly default: number; readonly max: number };
  readonly now: () => Date;
  /** @throws {Fault} `invalid-resource`: it breaks the rules of R4. */
  readonly refuseInvalid: (resource: Resource) => void;
  /** The HTTP status of a failure, for what is one of several. */
  readonly statusOf: (fault: Fault) => number;
  /** Conditional writes of one type are made one after another. */
  readonly turns: Turns;
  /** Fetches the bytes of a Binary from where they lie. */
  readonly download: Download;
  /** The statement of what this server does, and the version of its content. */
  readonly capabilities: () => { readonly statement: CapabilityStatement; readonly version: string };
}

/** One FHIR interaction (https://hl7.org/fhir/R4/http.html): its name, where it is reached, what it does. */
export interface Interaction {
  readonly name:
    | 'capabilities'
    | 'read'
    | 'read-binary'
    | 'vread'
    | 'search-type'
    | 'create'
    | 'update'
    | 'patch'
    | 'delete'
    | 'transaction'
    | 'validate';
  /** Its code in https://hl7.org/fhir/R4/valueset-type-restful-interaction.html, where the name is another. */
  readonly code?: 'read';
  readonly level: 'system' | 'type' | 'instance';
  /** The one type that it is of; it then stands in the place of every interaction that is of no type. */
  readonly type?: string;
  /** Canonical URL of its definition, where it is an operation (https://hl7.org/fhir/R4/operations.html). */
  readonly operation?: string;
  /** What is sent with it: a resource, a patch of one, the form of a search, or what an operation takes, if anything. Absent: nothing. */
  readonly body?: 'resource' | 'patch' | 'form' | 'operation';
  /** Is it offered of a type? Absent: of every one. */
  readonly offered?: (type: TypeCapability) => boolean;
  /** Its answer may be something else than FHIR. */
  readonly bytes?: true;
  /** Below the base URL, `:type` and `:id` standing for a segment. HEAD is served wherever GET is. */
  readonly routes: readonly Route[];
  readonly run: (request: FhirRequest, caller: Caller, dependencies: Dependencies) => Promise<FhirResponse>;
}

/** What is offered of a type. */
export function interactionsOf<I extends Pick<Interaction, 'level' | 'type' | 'offered'>>(
  capability: TypeCapability,
  interactions: readonly I[],
): readonly I[] {
  const own = interactions.filter((each) => each.type === capability.type);
  const some = own.length > 0 ? own : interactions.filter((each) => each.level !== 'system' && each.type === undefined);
  return some.filter(({ offered }) => !offered || offered(capability));
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
}
