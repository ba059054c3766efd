import type { FaultCode } from '../errors/fault.js';
import { sourceFaultCodes } from '../errors/fault.js';
import type { Components } from './components.js';
import type { JsonObject } from './json.js';

/** What any request may be refused for. */
export const refusals: readonly FaultCode[] = ['invalid-value', 'forbidden', 'not-acceptable', 'url-too-long'];

/** What may go wrong wherever sources are asked. */
export const working: readonly FaultCode[] = ['busy', ...sourceFaultCodes, 'cancelled', 'exception'];

export function common(components: Components): readonly JsonObject[] {
  return [
    query(
      components,
      '_format',
      { type: 'string', enum: ['json', 'application/fhir+json', 'application/json', 'text/json', ''] },
      'Decides over Accept; only JSON is written.',
    ),
    query(components, '_pretty', { type: 'string', enum: ['true', 'false', ''] }, 'Whether the JSON is indented.'),
    header(
      components,
      'Prefer',
      '"handling=lenient" passes over unknown parameters; "handling=strict" refuses partial answers.',
    ),
    header(components, 'X-Request-Id', 'Comes back where it has at most 64 of A-Z a-z 0-9 . _ -'),
  ];
}

export function conditional(components: Components): readonly JsonObject[] {
  return [
    header(components, 'If-None-Match', 'The ETag of the representation that the client has.'),
    header(components, 'If-Modified-Since', 'The Last-Modified of the representation that the client has.'),
  ];
}

export function query(
  components: Components,
  name: string,
  schema: JsonObject,
  description: string,
  component = name,
  or?: string,
): JsonObject {
  return components.refer('parameters', component, { name, in: 'query', description, schema }, or);
}

export function header(components: Components, name: string, description: string, component = name): JsonObject {
  return components.refer('parameters', component, { name, in: 'header', description, schema: { type: 'string' } });
}
