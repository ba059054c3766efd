import type { Caller } from '../access/caller.js';
import { Fault } from '../errors/fault.js';
import type { FhirRequest, FhirResponse } from './fhir-request.js';
import type { Dependencies } from './interaction.js';

/**
 * FHIR capabilities: what this server does. https://hl7.org/fhir/R4/http.html#capabilities
 * A server may answer `mode=normative` with the whole statement.
 * @throws {Fault} `invalid-value` for `mode=terminology`, `unknown-parameter`
 */
export async function capabilities(
  { parameters, handling }: FhirRequest,
  _caller: Caller,
  dependencies: Dependencies,
): Promise<FhirResponse> {
  for (const [name, value] of parameters) {
    if (name !== 'mode') {
      if (handling === 'lenient') continue;
      throw new Fault('unknown-parameter', 'metadata takes mode, _format and _pretty only.', {
        expression: 'http.query',
      });
    }
    if (value === 'terminology') {
      throw new Fault('invalid-value', 'This server has no terminology service, and so no TerminologyCapabilities.', {
        expression: 'http.mode',
      });
    }
    if (value !== 'full' && value !== 'normative') {
      throw new Fault('invalid-value', 'mode is one of full, normative.', { expression: 'http.mode' });
    }
  }
  const { statement, version } = dependencies.capabilities();
  return { resource: statement, version };
}
