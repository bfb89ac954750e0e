import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { toWebFault } from './to-web-fault';

const URL_OF_PAGE = 'https://example.test/';

describe('a failed request', () => {
  it.each([
    ['missing', 'ENOTFOUND'],
    ['transient', 'EAI_AGAIN'],
    ['transient', 'ECONNREFUSED'],
    ['transient', 'ECONNRESET'],
    ['transient', 'ETIMEDOUT'],
    ['denied', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['denied', 'CERT_HAS_EXPIRED'],
    ['denied', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['denied', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['invalid', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['invalid', 'HPE_INVALID_CONSTANT'],
    ['invalid', 'HPE_HEADER_OVERFLOW'],
    ['invalid', 'Z_DATA_ERROR'],
    ['transient', 'Z_BUF_ERROR'],
  ])('is %s for %s, and names the page', (kind, code) => {
    const cause = Object.assign(new Error('words'), { code });
    const fault = toWebFault(cause, URL_OF_PAGE);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ kind, cause, message: expect.stringContaining(URL_OF_PAGE) });
  });

  it('passes through when nobody knows it, and when it is a fault already', () => {
    for (const error of [new TypeError('bug'), new Fault('denied', 'no'), 'words', undefined]) {
      expect(toWebFault(error, URL_OF_PAGE)).toBe(error);
    }
  });
});
