import { expect, it } from '@jest/globals';
import type { SignedRequest } from './sigv4';
import { verifySigV4 } from './verify-sigv4';
import type { SignatureRules, Signer } from './verify-sigv4';

/**
 * `get-vanilla` and `post-vanilla` of AWS's Signature Version 4 test suite, with its published
 * example key: https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
 */
const signer: Signer = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const rules: SignatureRules = {
  region: 'us-east-1',
  service: 'service',
  nowMs: Date.UTC(2015, 7, 30, 12, 36),
  signers: [signer],
};
const credential = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request';

function signed(method: string, signature: string, headers: Record<string, string> = {}): SignedRequest {
  const all = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z', ...headers };
  const names = Object.keys(all).toSorted().join(';');
  const authorization = `${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { method, path: '/', body: '', headers: { ...all, authorization } };
}

const vanilla = signed('GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');

it.each([
  ['get-vanilla', vanilla],
  ['post-vanilla', signed('POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b')],
])('the documented example %s is verified', (_, request) => {
  expect(verifySigV4(request, rules)).toBe(signer);
});

function withHeaders(headers: Record<string, string | undefined>): SignedRequest {
  const all = Object.entries({ ...vanilla.headers, ...headers });
  return {
    ...vanilla,
    headers: Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}
const authorization = vanilla.headers['authorization']!;

it.each<[string, SignedRequest, Partial<SignatureRules>, string]>([
  ['no signature', withHeaders({ authorization: undefined }), {}, 'MissingAuthenticationTokenException'],
  ['another scheme', withHeaders({ authorization: 'Bearer x' }), {}, 'IncompleteSignature'],
  ['no time', withHeaders({ 'x-amz-date': undefined }), {}, 'IncompleteSignature'],
  [
    'the host left out',
    withHeaders({ authorization: authorization.replace('host;', '') }),
    {},
    'IncompleteSignature',
  ],
  ['a signed header left out', withHeaders({ host: undefined }), {}, 'IncompleteSignature'],
  ['an unsigned token', withHeaders({ 'x-amz-security-token': 't' }), {}, 'IncompleteSignature'],
  ['an unknown key', vanilla, { signers: [] }, 'UnrecognizedClientException'],
  ['no token', vanilla, { signers: [{ ...signer, sessionToken: 't' }] }, 'UnrecognizedClientException'],
  ['an old token', vanilla, { signers: [{ ...signer, expiresMs: rules.nowMs }] }, 'ExpiredTokenException'],
  ['another region', vanilla, { region: 'eu-west-1' }, 'BadRequestException'],
  ['another service', vanilla, { service: 'appsync' }, 'BadRequestException'],
  ['another secret', vanilla, { signers: [{ ...signer, secretAccessKey: 'x' }] }, 'BadRequestException'],
  ['another body', { ...vanilla, body: '{}' }, {}, 'BadRequestException'],
  ['another path', { ...vanilla, path: '/event' }, {}, 'BadRequestException'],
  ['another host', withHeaders({ host: 'example.com' }), {}, 'BadRequestException'],
])('%s is refused', (_, request, changes, errorType) => {
  expect(verifySigV4(request, { ...rules, ...changes })).toMatchObject({ errorType });
});

it.each([
  [5, undefined],
  [-5, undefined],
  [6, 'Signature expired: 20150830T123600Z is now earlier than 20150830T123700Z (20150830T124200Z - 5 min.)'],
  [
    -6,
    'Signature not yet current: 20150830T123600Z is still later than 20150830T123500Z (20150830T123000Z + 5 min.)',
  ],
])('a signature %d minutes old: %s', (minutes, message) => {
  const verdict = verifySigV4(vanilla, { ...rules, nowMs: rules.nowMs + minutes * 60_000 });
  expect(verdict).toEqual(message === undefined ? signer : expect.objectContaining({ message }));
});
