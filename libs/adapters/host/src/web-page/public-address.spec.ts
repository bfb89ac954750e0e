import { describe, expect, it } from '@jest/globals';
import { isPublicAddress } from './public-address';

describe('a public address', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '140.82.112.3',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '2001:4860:4860::8888',
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
    ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
    [
      'private',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      'fc00::1',
      'fd00:ec2::254',
      'fec0::1',
    ],
    ['link-local', '169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
    ['carrier-grade NAT', '100.64.0.1', '100.127.255.255'],
    ['multicast or broadcast', '224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
    [
      'reserved',
      '240.0.0.1',
      '192.0.0.1',
      '192.0.2.1',
      '198.18.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '2001:db8::1',
    ],
    [
      'IPv4 in IPv6',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:8.8.8.8',
      '::127.0.0.1',
      '::ffff:0:10.0.0.1',
    ],
    ['a translator', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1'],
    ['to be discarded', '100::1'],
    ['no address', '', 'localhost', '1.2.3.4.5', '8.8.8.8 '],
  ])('is none that is %s', (_name, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});
