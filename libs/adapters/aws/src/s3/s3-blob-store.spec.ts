import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FaultKind } from '@swe/domain';
import { expectFault } from '@swe/testing/contracts';
import { S3BlobStore } from './s3-blob-store';

/** What S3 answers, in order, as https://docs.aws.amazon.com/AmazonS3/latest/API words it. */
type Answer = readonly [status: number, body: string];

let server: Server;
let client: S3Client;
let answers: Answer[];
let asked: string[];
let blobs: S3BlobStore;

beforeEach(async () => {
  [answers, asked] = [[], []];
  server = createServer(async (incoming, response) => {
    await Array.fromAsync(incoming);
    asked.push(`${incoming.method} ${incoming.url}`);
    const [status, body] = answers.shift() ?? [500, ''];
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  blobs = new S3BlobStore({ client, bucketName: 'swe' });
});
afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const listed: Answer = [
  200,
  `<ListBucketResult><Name>swe</Name><Prefix>sessions/s1/</Prefix><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>
    <Contents><Key>sessions/s1/a</Key></Contents><Contents><Key>sessions/s1/b</Key></Contents></ListBucketResult>`,
];
const error = (code: string) => `<Error><Code>${code}</Code><Message>words of the vendor</Message></Error>`;

it.each([
  ['AccessDenied', 'denied'],
  ['InternalError', 'transient'],
  ['SlowDown', 'throttled'],
] as const)(
  'a deletion that leaves an object for %s is %s, though the request succeeded',
  async (code, kind) => {
    const left = `<Error><Key>sessions/s1/b</Key><Code>${code}</Code><Message>why</Message></Error>`;
    answers = [listed, [200, `<DeleteResult>${left}</DeleteResult>`]];
    const fault = await expectFault(blobs.deleteSession('s1'), kind);
    expect(fault.message).toContain('sessions/s1/b');
  },
);

it('deleting goes on until nothing is listed', async () => {
  const empty = '<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>';
  answers = [listed, [200, '<DeleteResult/>'], listed, [200, '<DeleteResult/>'], [200, empty]];
  await blobs.deleteSession('s1');
  expect(answers).toEqual([]);
});

it.each([
  [403, 'AccessDenied', 'denied'],
  [403, 'SignatureDoesNotMatch', 'denied'],
  [404, 'NoSuchKey', 'missing'],
  [404, 'NoSuchBucket', 'denied'],
  [500, 'InternalError', 'transient'],
  [503, 'SlowDown', 'throttled'],
  [503, 'SomethingNew', 'transient'],
] as const)('%d %s is %s', async (status, code, kind) => {
  answers = [[status, error(code)]];
  await expectFault(blobs.get('s1', 'a'), kind);
  expect(asked).toEqual(['GET /swe/sessions/s1/a?x-id=GetObject']);
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const told = (status: number, code: string, message: string, more = ''): Answer => [
  status,
  `<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>4442587FB7D0A2F9</RequestId></Error>`,
];
const USER = 'User: arn:aws:sts::111122223333:assumed-role/swe-main-agent/i-0a1b2c3d';

it.each<[string, Answer, FaultKind, RegExp]>([
  [
    'a missing bucket',
    told(404, 'NoSuchBucket', 'The specified bucket does not exist', '<BucketName>swe</BucketName>'),
    'denied',
    /^NoSuchBucket: The specified bucket does not exist: there is no bucket swe, .*eu-west-1.*SWE_BUCKET_NAME/,
  ],
  [
    'a bucket of another region',
    told(
      301,
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      '<Endpoint>swe.s3-us-west-2.amazonaws.com</Endpoint><Bucket>swe</Bucket>',
    ),
    'denied',
    /bucket swe is not in eu-west-1, correct AWS_REGION/,
  ],
  [
    'a signature for another region',
    told(
      400,
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-west-2'",
      '<Region>us-west-2</Region>',
    ),
    'denied',
    /expecting 'us-west-2': bucket swe is not in eu-west-1/,
  ],
  [
    'a denied permission',
    told(
      403,
      'AccessDenied',
      `${USER} is not authorized to perform: s3:PutObject on resource: &quot;arn:aws:s3:::swe/sessions/s1/a&quot; because no identity-based policy allows the s3:PutObject action`,
    ),
    'denied',
    /: allow s3:PutObject in the policy of the role swe-main-agent$/,
  ],
  [
    'a denied permission of older wording',
    told(403, 'AccessDenied', 'Access Denied'),
    'denied',
    /^AccessDenied: Access Denied: allow it in the policy of the role that this program runs with$/,
  ],
  [
    'expired credentials',
    told(400, 'ExpiredToken', 'The provided token has expired.', '<Token-0>hunter2</Token-0>'),
    'transient',
    /^ExpiredToken: The provided token has expired: renew the credentials/,
  ],
  [
    'a wrong clock',
    told(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      '<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>',
    ),
    'transient',
    /clock is off by more than five minutes, synchronise it/,
  ],
  [
    'a wrong key',
    told(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      '<CanonicalRequest>PUT\nx-amz-security-token:hunter2</CanonicalRequest>',
    ),
    'denied',
    /check the secret access key/,
  ],
])('%s is told with what mends it, and without a token', async (_, answer, kind, message) => {
  const uses = [
    () => blobs.put('s1', 'a', Uint8Array.of(1)),
    () => blobs.get('s1', 'a'),
    () => blobs.list('s1', { limit: 1 }),
  ];
  for (const use of uses) {
    answers = [answer];
    const fault = await expectFault(use(), kind);
    expect(fault.message).toMatch(message);
    expect(inspect(fault, { depth: 10, showHidden: true })).not.toContain('hunter2');
  }
});

it('a session whose id is no plain name is nobody’s folder', async () => {
  for (const sessionId of ['', '..', 'a/../b']) {
    await expectFault(blobs.list(sessionId, { limit: 1 }), 'invalid');
    await expectFault(blobs.deleteSession(sessionId), 'invalid');
  }
  expect(asked).toEqual([]);
});
