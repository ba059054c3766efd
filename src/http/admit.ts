import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config/loopback.js';
import { Fault } from '../errors/fault.js';

/**
 * Who may ask, until there is sign-in: programs that name this server by a loopback name or its public base, and no web page.
 * A page that was lured to resolve its own name to this address (DNS rebinding) sends its own name as Host; a page of another
 * origin sends Origin. Both are refused, and no CORS header is ever sent.
 */
export function createAdmission(baseUrl: string, urlBytes: number): (request: IncomingMessage) => void {
  const own = new URL(baseUrl);
  return ({ headers, url = '' }) => {
    if (url.length > urlBytes)
      throw new Fault('url-too-long', `The URL is longer than ${urlBytes} bytes; search by POST to _search.`);
    const { host = '', origin } = headers;
    if (host !== own.host && !isLoopback(host.replace(/:\d+$/, ''))) {
      throw new Fault('forbidden', 'This server does not answer to that host name.', { expression: 'http.Host' });
    }
    if (origin !== undefined && origin !== own.origin && origin !== `http://${host}`) {
      throw new Fault('forbidden', 'Web pages may not read this server.', { expression: 'http.Origin' });
    }
  };
}
