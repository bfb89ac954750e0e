import { createHash, randomUUID } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { allPages, blobStoreContract, expectFault, runContract } from '@swe/testing/contracts';
import { openFauxqs, useEmulator } from '@swe/testing/servers';
import { readObjects } from './read-objects';
import { S3BlobStore } from './s3-blob-store';

const emulator = useEmulator(openFauxqs);

function clientOf(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new S3Client({ endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
}

async function open() {
  const bucketName = `swe-${randomUUID()}`;
  const client = clientOf(emulator.endpoint);
  await client.send(new CreateBucketCommand({ Bucket: bucketName }));
  const blobs = new S3BlobStore({ client, bucketName });
  return { bucketName, client, blobs, close: async () => client.destroy() };
}

runContract('S3BlobStore', blobStoreContract, async () => {
  const { bucketName, client, blobs, close } = await open();
  const damage = async (sessionId: string, key: string) => {
    const object = { Bucket: bucketName, Key: `sessions/${sessionId}/${key}` };
    const { Body, Metadata } = await client.send(new GetObjectCommand(object));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    bytes[0]! ^= 1;
    await client.send(new PutObjectCommand({ ...object, Body: bytes, Metadata }));
  };
  return { subject: { blobs, damage }, close };
});

it('an object without a hash of ours is `invalid`', async () => {
  const { bucketName, client, blobs, close } = await open();
  const object = { Bucket: bucketName, Key: 'sessions/s1/a' };
  await client.send(new PutObjectCommand({ ...object, Body: 'not ours' }));
  await expectFault(blobs.get('s1', 'a'), 'invalid');
  await close();
});

it('megabytes come back as they were put', async () => {
  const { blobs, close } = await open();
  const bytes = Uint8Array.from({ length: 9_000_000 }, (_, i) => (i * 31 + (i >> 8)) % 256);
  expect(await blobs.put('s1', 'large', bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(Buffer.compare(await blobs.get('s1', 'large'), bytes)).toBe(0);
  await close();
});

it('more blobs than a request lists or deletes are listed and deleted', async () => {
  const { blobs, close } = await open();
  const keys = Array.from({ length: 1_100 }, (_, i) => `a/${String(i).padStart(4, '0')}`);
  for (let i = 0; i < keys.length; i += 50) {
    await Promise.all(keys.slice(i, i + 50).map((key) => blobs.put('s1', key, Uint8Array.of(1))));
  }
  const first = await blobs.list('s1', { limit: 5_000 });
  const rest = await blobs.list('s1', { limit: 5_000, after: first.next ?? '' });
  expect([...first.items, ...rest.items]).toEqual(keys);
  expect(rest.next).toBeUndefined();
  await blobs.deleteSession('s1');
  expect(await allPages((page) => blobs.list('s1', page))).toEqual([]);
  await close();
});

it('a bucket that does not exist is named', async () => {
  const client = clientOf(emulator.endpoint);
  const blobs = new S3BlobStore({ client, bucketName: 'swe-nowhere' });
  const uses = [
    () => blobs.put('s1', 'a', Uint8Array.of(1)),
    () => blobs.get('s1', 'a'),
    () => blobs.list('s1', { limit: 1 }),
    () => blobs.deleteSession('s1'),
  ];
  for (const use of uses) expect((await expectFault(use(), 'denied')).message).toContain('swe-nowhere');
  client.destroy();
});

it('the objects below a prefix are read by what follows it, and a bucket that is missing is told', async () => {
  const { bucketName, client, close } = await open();
  for (const Key of ['console/1/index.html', 'console/1/assets/a.js', 'console/2/index.html', 'console']) {
    await client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body: Key }));
  }
  const read = await readObjects(client, bucketName, 'console/1/');
  const texts = [...read].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]);
  expect(texts.toSorted()).toEqual([
    ['assets/a.js', 'console/1/assets/a.js'],
    ['index.html', 'console/1/index.html'],
  ]);
  expect((await readObjects(client, bucketName, 'console/3/')).size).toBe(0);
  await expectFault(readObjects(client, `${bucketName}-none`, 'console/1/'), 'denied');
  await close();
});
