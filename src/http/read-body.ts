import express, { type Request, type Response } from 'express';
import { Fault } from '../errors/fault.js';
import { decimal } from '../fhir/decimal.js';
import type { Body } from '../interactions/fhir-request.js';
import type { Interaction } from '../interactions/interaction.js';
import { parseExact } from '../source/exact-json.js';
import { isForeign, isJson } from './negotiate.js';

const form = 'application/x-www-form-urlencoded';
const jsonPatch = 'application/json-patch+json';

/** What came with a request: the text of a form, or JSON. */
export interface Received {
  readonly form: string;
  readonly body?: Body;
}

const nothing: Received = { form: '' };

/**
 * Reads what is sent with an interaction; of a search by POST nothing may be.
 * @throws {Fault} `unsupported-media-type`, `too-large`, `invalid-body`, `cancelled`
 */
export function createBodyReader(
  bodyBytes: number,
): (request: Request, response: Response, body: Interaction['body']) => Promise<Received> {
  const text = express.text({ type: () => true, limit: bodyBytes, inflate: false, defaultCharset: 'utf-8' });
  const read = (request: Request, response: Response) =>
    new Promise<string>((resolve, reject) => {
      text(request, response, (error?: unknown) =>
        error === undefined ? resolve(String(request.body ?? '')) : reject(bodyFault(error, bodyBytes)),
      );
    });
  return async (request, response, body) => {
    if (body === undefined) return nothing;
    const { headers } = request;
    const empty = headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
    if (empty) {
      if (body === 'form' || body === 'operation') return nothing;
      throw new Fault('invalid-body', 'There is nothing in the body of the request.');
    }
    const contentType = headers['content-type'] ?? '';
    const media = contentType.split(';')[0]!.trim().toLowerCase();
    if (!taken[body](media) || isForeign(contentType)) throw unsupported(body);
    const sent = await read(request, response);
    if (body === 'form') return { form: sent };
    return { form: '', body: { json: parsed(sent), form: media === jsonPatch ? 'json-patch' : 'fhir' } };
  };
}

const taken: Readonly<Record<NonNullable<Interaction['body']>, (media: string) => boolean>> = {
  form: (media) => media === form,
  resource: isJson,
  operation: isJson,
  patch: (media) => media === jsonPatch || isJson(media),
};

const words = {
  form: `A search by POST sends ${form} in UTF-8.`,
  resource: 'A resource is sent as application/fhir+json of FHIR 4.0, in UTF-8.',
  operation: 'A resource, or Parameters, are sent as application/fhir+json of FHIR 4.0, in UTF-8.',
  patch: `A patch is sent as ${jsonPatch}, or as Parameters in application/fhir+json of FHIR 4.0, in UTF-8.`,
} as const;

function unsupported(body: keyof typeof words): Fault {
  return new Fault('unsupported-media-type', words[body], { expression: 'http.Content-Type' });
}

function parsed(text: string): unknown {
  try {
    const json = parseExact(text.replace(/^\uFEFF/, ''), decimal);
    if (isDeeper(json, deepest)) throw new RangeError('nested too deep');
    return json;
  } catch (cause) {
    throw new Fault('invalid-body', 'The body is not sound JSON.', {}, { cause });
  }
}

/** R4 nests a few dozen levels; a deeper body is there to exhaust the stack of whoever reads it. */
const deepest = 100;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}

/** body-parser names what went wrong in `type` (https://github.com/expressjs/body-parser#errors). */
function bodyFault(error: unknown, bodyBytes: number): Fault {
  const { type } = error as { readonly type?: unknown };
  if (type === 'entity.too.large') return new Fault('too-large', `The body is longer than ${bodyBytes} bytes.`);
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new Fault('unsupported-media-type', 'The body is taken in UTF-8 and without a content coding.', {
      expression: 'http.Content-Encoding',
    });
  }
  if (type === 'request.aborted') return new Fault('cancelled', 'The request was given up.');
  return new Fault('invalid-body', 'The body cannot be read.', {}, { cause: error });
}
