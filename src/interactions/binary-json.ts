import type { Binary } from '@medplum/fhirtypes';
import type { Fetched } from '../download/download.js';
import type { ContentAnswer } from './fhir-request.js';

/**
 * A Binary as FHIR JSON, its bytes in it in base64 as they come (https://hl7.org/fhir/R4/binary.html). Its version would be that of
 * the bytes, which the row does not know.
 */
export function binaryJson(
  { meta: { versionId: _, ...meta } = {}, ...resource }: Binary,
  { contentType, length, tag, bytes, cancel }: Fetched,
): ContentAnswer['content'] {
  const { resourceType, id, ...rest } = resource;
  const whole = JSON.stringify({ resourceType, id, meta, ...rest, contentType, data: '' });
  const [before, after] = [whole.slice(0, -2), whole.slice(-2)];
  return {
    type: 'application/fhir+json; charset=utf-8',
    length: length === undefined ? undefined : Buffer.byteLength(whole) + 4 * Math.ceil(length / 3),
    // Another representation has another validator (RFC 9110 section 8.8.3.3).
    tag: tag?.replace(/"$/, '-json"'),
    bytes: around(before, base64(bytes), after),
    cancel,
  };
}

async function* around(before: string, content: AsyncIterable<Uint8Array>, after: string): AsyncGenerator<Uint8Array> {
  // Nothing is written before the first byte is there: what fails until then is told as a failure.
  let begun = false;
  for await (const part of content) {
    if (!begun) yield Buffer.from(before);
    begun = true;
    yield part;
  }
  if (!begun) yield Buffer.from(before);
  yield Buffer.from(after);
}

/** Three bytes become four letters, whatever the pieces they come in. */
async function* base64(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const piece of bytes) {
    const all = Buffer.concat([rest, piece]);
    const whole = all.length - (all.length % 3);
    rest = all.subarray(whole);
    if (whole > 0) yield Buffer.from(all.toString('base64', 0, whole));
  }
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'));
}
