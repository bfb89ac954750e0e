import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address is one of the public internet: plain unicast by the registries of IANA
 * (https://www.iana.org/assignments/iana-ipv6-special-registry). Refused are all special ranges, and IPv6 addresses
 * that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) whatever it is: where a translator would take them is not
 * ours to know. False for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'unicast';
}
