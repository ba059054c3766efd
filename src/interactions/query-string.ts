import { Fault } from '../errors/fault.js';
import type { Pair } from './fhir-request.js';

/**
 * The pairs of a query or a form (https://url.spec.whatwg.org/#urlencoded-parsing) in their order, repeats kept.
 * @throws {Fault} `invalid-value` where a `%` is not followed by the hex digits of UTF-8
 */
export function parsePairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    pairs.push(at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]);
  }
  return pairs;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Fault('invalid-value', 'A % in the query is not followed by the hex digits of UTF-8.', {
      expression: 'http.query',
    });
  }
}
