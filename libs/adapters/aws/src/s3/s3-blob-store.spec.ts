import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
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
  [404, 'NoSuchBucket', 'invalid'],
  [500, 'InternalError', 'transient'],
  [503, 'SlowDown', 'throttled'],
  [503, 'SomethingNew', 'transient'],
] as const)('%d %s is %s', async (status, code, kind) => {
  answers = [[status, error(code)]];
  await expectFault(blobs.get('s1', 'a'), kind);
  expect(asked).toEqual(['GET /swe/sessions/s1/a?x-id=GetObject']);
});

it('a session whose id is no plain name is nobody’s folder', async () => {
  for (const sessionId of ['', '..', 'a/../b']) {
    await expectFault(blobs.list(sessionId, { limit: 1 }), 'invalid');
    await expectFault(blobs.deleteSession(sessionId), 'invalid');
  }
  expect(asked).toEqual([]);
});
