import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Fault } from '../errors/fault.js';
import { isPublicAddress } from './public-address.js';

export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** The addresses of a host name. Fails where it has none. */
export type Resolve = (host: string) => Promise<readonly HostAddress[]>;

export const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true });

/** An address that is written as one is never looked up, and is checked here. Throws a Fault `forbidden`. */
export function checkLiteral({ hostname }: URL, source: string): void {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw unreachable(source);
}

/**
 * Looks a host up for a connection, which then goes to an address that was checked: a second look, which a name might answer
 * otherwise (DNS rebinding), is not taken. One address that is not public makes the host one of a private network; `anywhere`: it
 * may be one.
 */
export function checkedLookup(resolve: Resolve, source: string, anywhere: boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found;
        if (!first) done(new Error('The name has no address.'), '');
        else if (!anywhere && !found.every(({ address }) => isPublicAddress(address))) done(unreachable(source), '');
        else if (options.all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    );
  };
}

function unreachable(source: string): Fault {
  return new Fault('forbidden', `The content lies in a network where source ${source} is not fetched from.`, {
    source,
  });
}
