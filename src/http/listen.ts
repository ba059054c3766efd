import { createServer, type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Fault } from '../errors/fault.js';
import { outcomeOf } from '../errors/outcome.js';
import { fhirJson } from './negotiate.js';

/** What the headers beside the URL may take: Node's own default for all. */
const headerBytes = 16_384;

export interface Listening {
  readonly port: number;
  /** Serves requests from now on; those that came before wait for it. */
  serve(app: RequestListener): void;
  /** Takes no more requests, lets the running ones end, and after `graceMs` cuts what is left. */
  stop(graceMs: number): Promise<void>;
}

/** Takes the port before the application exists, because links need to know it. Throws a Fault `configuration` when it is taken. */
export async function listen(host: string, port: number, urlBytes: number): Promise<Listening> {
  let stopping = false;
  let serve: (app: RequestListener) => void = () => {};
  const ready = new Promise<RequestListener>((resolve) => {
    serve = resolve;
  });
  const server = createServer({ maxHeaderSize: urlBytes + headerBytes, requestTimeout: 30_000 });
  const early = async (request: IncomingMessage, response: ServerResponse) => (await ready)(request, response);
  server.on('request', early).on('clientError', refuse);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Fault('configuration', `Port ${port} of ${host} cannot be listened on.`, {}, { cause })),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    serve(app) {
      server.off('request', early).on('request', (request, response) => {
        // A kept connection would hold the server open after its answer.
        if (stopping) response.setHeader('Connection', 'close');
        app(request, response);
      });
      serve(app);
    },
    stop(graceMs) {
      stopping = true;
      return new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
      });
    },
  };
}

/** What Node could not read as HTTP never reaches the application, and gets an OperationOutcome all the same. */
function refuse(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, fault] = unreadable(error.code);
  const body = JSON.stringify(outcomeOf(fault));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...(status === 405 ? ['Allow: GET, HEAD, POST'] : []),
    `Content-Type: ${fhirJson}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function unreadable(code: string | undefined): [status: number, fault: Fault] {
  switch (code) {
    case 'HPE_INVALID_METHOD':
      return [405, new Fault('method-not-allowed', 'That method is not known.')];
    case 'HPE_HEADER_OVERFLOW':
      return [431, new Fault('too-large', 'The request line and headers are too long.')];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, new Fault('cancelled', 'The request did not arrive in time.')];
    default:
      return [400, new Fault('invalid-body', 'The request is not HTTP.')];
  }
}
