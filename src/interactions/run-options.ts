import type { RunOptions } from '../execution/engine.js';
import type { FhirRequest } from './fhir-request.js';

/** How the engine is to run a request. The signal is asked for only when the engine asks: an answer that never waits needs none. */
export function runOptions(request: FhirRequest, now: Date): RunOptions {
  return {
    get signal() {
      return request.signal;
    },
    strict: request.handling === 'strict',
    now,
  };
}
