import { expect, it } from '@jest/globals';
import { isUnreached } from './unreached-policy';

it.each<[string, readonly string[], readonly string[], boolean]>([
  ['a port that is closed', ['Error', 'ECONNREFUSED'], ['connect'], true],
  ['a network that is down', ['Error', 'ENETUNREACH'], [], true],
  ['a host that is down', ['Error', 'EHOSTUNREACH'], [], true],
  ['a name that nobody knows', ['Error', 'ENOTFOUND'], ['getaddrinfo'], true],
  ['nobody who takes the connection', ['TimeoutError', 'ETIMEDOUT'], ['connect'], true],
  ['the same, as fetch says it', ['TypeError', 'ConnectTimeoutError', 'UND_ERR_CONNECT_TIMEOUT'], [], true],
  ['a certificate that is not trusted', ['TypeError', 'SELF_SIGNED_CERT_IN_CHAIN'], [], true],
  ['a connection that times out', ['TimeoutError', 'ETIMEDOUT'], ['read'], false],
  ['one whose host is gone since', ['Error', 'EHOSTUNREACH'], ['write'], false],
  ['one that is cut off', ['Error', 'ECONNRESET'], ['read'], false],
  ['anything else', ['Error'], [], false],
])('of %s it is known whether the request was sent', (_name, names, syscalls, unreached) => {
  expect(isUnreached({ names, syscalls })).toBe(unreached);
});
