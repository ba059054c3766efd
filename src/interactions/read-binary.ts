import type { Binary } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import { permitRead } from '../access/restrict.js';
import type { Fetched } from '../download/download.js';
import { Fault } from '../errors/fault.js';
import { binaryJson } from './binary-json.js';
import type { ContentAnswer, FhirRequest } from './fhir-request.js';
import type { Dependencies } from './interaction.js';
import { idPattern } from './read.js';
import { RequestOptions } from './request-options.js';

/**
 * FHIR read of a Binary: its bytes as they are, fetched from where its source says that they lie, or, where FHIR JSON is asked for
 * in so many words, the resource with the bytes in it. https://hl7.org/fhir/R4/binary.html
 */
export async function readBinary(
  request: FhirRequest,
  caller: Caller,
  { engine, download, now }: Dependencies,
): Promise<ContentAnswer> {
  const { type, id, bytes: asked, handling, parameters } = request;
  if (handling !== 'lenient' && parameters.some(([, value]) => value !== '')) {
    throw new Fault('unknown-parameter', 'A read of a Binary takes _format and _pretty only.', {
      expression: 'http.query',
    });
  }
  const permitted = permitRead(type, id, caller);
  const found = idPattern.test(id) ? await engine.read(permitted, new RequestOptions(request, now())) : undefined;
  if (!found?.content) throw new Fault('not-found', 'There is no Binary of that id.');
  const { signal } = request;
  const fetched = await download({ ...found.content, range: asked?.range, ifRange: asked?.ifRange, signal });
  return { content: asked ? file(id, fetched) : binaryJson(found.resource as Binary, fetched) };
}

function file(name: string, { contentType, part, ...rest }: Fetched): ContentAnswer['content'] {
  return { ...rest, type: contentType, file: { name, part } };
}
