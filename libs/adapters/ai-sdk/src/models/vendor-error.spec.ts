import { APICallError, LoadAPIKeyError } from '@ai-sdk/provider';
import { expect, it } from '@jest/globals';
import { isUncharged, readVendorError } from './vendor-error';

const failed = (fields: object): Error => Object.assign(new Error('failed'), fields);
/** As the SDK gives on what `fetch` throws. */
const notSent = (cause: Error): Error =>
  new APICallError({ message: 'Cannot connect to API', cause, url: 'https://x.test', requestBodyValues: {} });

it.each<[string, unknown, boolean]>([
  ['that is refused', failed({ statusCode: 429 }), true],
  ['without a key', new LoadAPIKeyError({ message: 'API key is missing' }), true],
  ['to an address that is none', notSent(failed({ code: 'ERR_INVALID_URL' })), true],
  ['to nobody who answers', notSent(failed({ code: 'UND_ERR_CONNECT_TIMEOUT' })), true],
  ['without a network', notSent(failed({ code: 'ENETUNREACH', syscall: 'connect' })), true],
  [
    'to none of its addresses',
    notSent(failed({ code: 'ETIMEDOUT', errors: [failed({ code: 'ETIMEDOUT', syscall: 'connect' })] })),
    true,
  ],
  ['that is cut off', notSent(failed({ code: 'ECONNRESET', syscall: 'read' })), false],
  ['that times out', notSent(failed({ code: 'UND_ERR_HEADERS_TIMEOUT' })), false],
])('whether anybody pays for a call %s is known', (_name, error, uncharged) => {
  expect(isUncharged(readVendorError(error))).toBe(uncharged);
});
