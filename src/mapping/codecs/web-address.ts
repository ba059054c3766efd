import { textThat } from './text-that.js';

/** Names that only a network of its own knows (RFC 6761, RFC 6762, RFC 8375). */
const ownNetwork = /(?:^|\.)(?:localhost|local|internal|intranet|lan|corp|home|home\.arpa|test|invalid|onion)\.?$/;

/**
 * A text as the address of something on the public web (FHIR url), which a client may follow: `https`, a host name with a dot, no
 * user and no password in it, no address of a network. Anything else (`file:`, `javascript:`, `http://10.0.0.5/`, words) is
 * undecodable and reported; it is never handed on.
 */
export const webAddress = textThat('url', isPublic);

function isPublic(address: string): boolean {
  // R4 datatypes.html#uri: no white space. Control characters and backslashes would be read in different ways.
  if (!/^https:\/\/[^\s\\]+$/i.test(address) || !URL.canParse(address)) return false;
  const { hostname, username, password } = new URL(address);
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.startsWith('[');
  return username === '' && password === '' && !isAddress && /[^.]\.[^.]/.test(hostname) && !ownNetwork.test(hostname);
}
