import type { IncomingMessage, OutgoingHttpHeader, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../errors/fault.js';
import type { ContentAnswer } from '../interactions/fhir-request.js';
import type { Exchange } from './exchange.js';
import { always, type Headers, isKnown } from './write-response.js';

/**
 * Writes bytes as they come, no faster than the client takes them; what is in memory of them is one piece. Where they end too early
 * the connection is cut, so that nobody takes a part for the whole. Returns the status.
 * @throws {Fault} as the bytes do, `cancelled` when the client goes away
 */
export async function writeContent(
  { method, headers: asked }: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  { content }: ContentAnswer,
): Promise<number> {
  const { type, length, tag, file, bytes, cancel } = content;
  const headers: Headers = [...always, exchange.id, 'Vary', 'Accept'];
  if (tag !== undefined) headers.push('ETag', tag);
  const ifNoneMatch = asked['if-none-match'];
  if (tag !== undefined && ifNoneMatch !== undefined && isKnown(tag, ifNoneMatch)) {
    cancel();
    response.writeHead(304, headers as OutgoingHttpHeader[]).end();
    return 304;
  }
  headers.push('Content-Type', type);
  if (length !== undefined) headers.push('Content-Length', length);
  if (file) {
    // Shown by no browser as a page of this server: https://hl7.org/fhir/R4/security.html#narrative
    headers.push('Accept-Ranges', 'bytes', 'Content-Disposition', `attachment; filename="${file.name}"`);
    if (file.part) headers.push('Content-Range', `bytes ${file.part.first}-${file.part.last}/${file.part.size}`);
  }
  const status = file?.part ? 206 : 200;
  response.writeHead(status, headers as OutgoingHttpHeader[]);
  if (method === 'HEAD') {
    cancel();
    response.end();
    return status;
  }
  try {
    await pipeline(bytes, response);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE')
      throw new Fault('cancelled', 'The client went away.', {}, { cause: error });
    throw error;
  }
  return status;
}
