import type { Subset } from '../bundle/subset.js';
import { Fault } from '../errors/fault.js';
import type { FhirRequest } from './fhir-request.js';

const summaries: readonly string[] = ['true', 'text', 'data', 'false'] satisfies Subset['summary'][];

/**
 * `_summary` and `_elements` of a read (https://hl7.org/fhir/R4/search.html#summary: they work on read too).
 * @throws {Fault} `unknown-parameter` unless the client prefers lenient handling, `invalid-value`
 */
export function readSubset({ parameters, handling }: FhirRequest): Subset {
  let summary: Subset['summary'] = 'false';
  let elements: readonly string[] = [];
  for (const [name, value] of parameters) {
    // As a search does (https://hl7.org/fhir/R4/search.html#errors): a parameter without value says nothing.
    if (value === '') continue;
    if (name === '_summary') {
      if (!summaries.includes(value)) {
        throw new Fault('invalid-value', `_summary of a read is one of ${summaries.join(', ')}.`, {
          expression: 'http._summary',
        });
      }
      summary = value as Subset['summary'];
    } else if (name === '_elements') {
      elements = [...elements, ...value.split(',').filter((element) => element !== '')];
    } else if (handling !== 'lenient') {
      throw new Fault('unknown-parameter', 'A read takes _summary, _elements, _format and _pretty only.', {
        expression: 'http.query',
      });
    }
  }
  return { summary, elements };
}
