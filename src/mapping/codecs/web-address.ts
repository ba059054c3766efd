import { exactly, never } from '../bracket.js';
import type { Codec } from '../codec.js';
import { text } from './text.js';

/**
 * A text as the address of something on the public web (FHIR url), which a client may follow: `https`, a host name with a dot, no
 * user and no password in it, no address of a network. Anything else (`file:`, `javascript:`, `http://10.0.0.5/`, words) is
 * undecodable and reported; it is never handed on.
 */
export const webAddress: Codec<string> = {
  kind: 'normalising',
  as: 'text',
  type: 'url',
  decode: (value) => (isPublic(value as string) ? (value as string) : undefined),
  encode: text.encode,
  preimage: (test, of) => {
    switch (test.test) {
      case 'present':
        return { lo: never.lo, hi: { op: 'present', of } };
      case 'equals':
        return isPublic(test.text) ? exactly({ op: 'compare', of, test: 'eq', value: test.text }) : never;
      case 'prefix':
      case 'contains': {
        const { hi } = text.preimage(test, of);
        return { lo: never.lo, hi };
      }
      default:
        return never;
    }
  },
  order: () => undefined,
};

/** Names that only a network of its own knows (RFC 6761, RFC 6762, RFC 8375). */
const ownNetwork = /(?:^|\.)(?:localhost|local|internal|intranet|lan|corp|home|home\.arpa|test|invalid|onion)\.?$/;

function isPublic(address: string): boolean {
  // R4 datatypes.html#uri: no white space. Control characters and backslashes would be read in different ways.
  if (!/^https:\/\/[^\s\\]+$/i.test(address) || !URL.canParse(address)) return false;
  const { hostname, username, password } = new URL(address);
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.startsWith('[');
  return username === '' && password === '' && !isAddress && /[^.]\.[^.]/.test(hostname) && !ownNetwork.test(hostname);
}
