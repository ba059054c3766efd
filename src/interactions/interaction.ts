import type { CapabilityStatement } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import type { Engine } from '../execution/engine.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';

/** What an interaction may use. Time is handed in. */
export interface Dependencies {
  readonly engine: Engine;
  /** Public base URL, without a slash at its end. */
  readonly baseUrl: string;
  readonly count: { readonly default: number; readonly max: number };
  readonly now: () => Date;
  /** The statement of what this server does, and the version of its content. */
  readonly capabilities: () => { readonly statement: CapabilityStatement; readonly version: string };
}

/** One FHIR interaction (https://hl7.org/fhir/R4/http.html): its name, where it is reached, what it does. */
export interface Interaction {
  readonly name: 'capabilities' | 'read' | 'search-type';
  readonly level: 'system' | 'type' | 'instance';
  /** Below the base URL, `:type` and `:id` standing for a segment. HEAD is served wherever GET is. */
  readonly routes: readonly Route[];
  readonly run: (request: FhirRequest, caller: Caller, dependencies: Dependencies) => Promise<FhirResponse>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}
