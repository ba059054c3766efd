import express, { type Request, type Response } from 'express';
import { Fault } from '../errors/fault.js';
import { isForeign } from './negotiate.js';

const form = 'application/x-www-form-urlencoded';

/**
 * Reads the form of a POST search as text; '' when there is no body.
 * @throws {Fault} `unsupported-media-type`, `too-large`, `invalid-body`, `cancelled`
 */
export function createFormReader(bodyBytes: number): (request: Request, response: Response) => Promise<string> {
  const text = express.text({ type: form, limit: bodyBytes, inflate: false, defaultCharset: 'utf-8' });
  return (request, response) => {
    const { headers } = request;
    const empty = headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
    if (empty) return Promise.resolve('');
    const contentType = headers['content-type'] ?? '';
    if (contentType.split(';')[0]!.trim().toLowerCase() !== form || isForeign(contentType)) {
      throw new Fault('unsupported-media-type', `A search by POST sends ${form} in UTF-8.`, {
        expression: 'http.Content-Type',
      });
    }
    return new Promise((resolve, reject) => {
      text(request, response, (error?: unknown) =>
        error === undefined ? resolve(String(request.body ?? '')) : reject(bodyFault(error, bodyBytes)),
      );
    });
  };
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
