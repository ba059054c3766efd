import ipaddr from 'ipaddr.js';

/** Testing of networks (RFC 2544), which ipaddr.js counts among the others. */
const benchmarks = ipaddr.IPv4.parseCIDR('198.18.0.0/15');
/** All that is routed of IPv6 (https://www.iana.org/assignments/ipv6-address-space). */
const global = ipaddr.IPv6.parseCIDR('2000::/3');

/** Is the address one of the public Internet: neither of this machine, nor of a network of its own, nor reserved (RFC 6890)? */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4'
    ? !(address as ipaddr.IPv4).match(benchmarks)
    : (address as ipaddr.IPv6).match(global);
}
