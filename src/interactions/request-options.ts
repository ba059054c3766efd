import type { RunOptions } from '../execution/engine.js';
import type { FhirRequest } from './fhir-request.js';

/** How the engine is to run a request. */
export class RequestOptions implements RunOptions {
  readonly strict: boolean;

  constructor(
    private readonly request: FhirRequest,
    readonly now: Date,
  ) {
    this.strict = request.handling === 'strict';
  }

  get signal(): RunOptions['signal'] {
    return this.request.stop;
  }
}
