import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openMoto, useEmulator } from '@swe/testing/servers';
import { emptyBucket, endMachines } from './clear-environment';
import { storeObject } from './store-object';

const emulator = useEmulator(openMoto);
const REGION = 'eu-west-1';
const BUCKET = `swe-main-123456789012-${REGION}`;

let ec2: EC2Client;
let s3: S3Client;
beforeEach(() => {
  const { endpoint } = emulator;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ec2 = new EC2Client({ endpoint, region: REGION, credentials });
  s3 = new S3Client({ endpoint, region: REGION, credentials, forcePathStyle: true });
});
afterEach(() => {
  ec2.destroy();
  s3.destroy();
});

async function launch(environment: string, tag = 'swe:environment'): Promise<string> {
  const request = { ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 };
  const { Instances = [] } = await ec2.send(new RunInstancesCommand(request));
  const InstanceId = Instances[0]?.InstanceId ?? '';
  const Tags = [{ Key: tag, Value: environment }];
  await ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags }));
  return InstanceId;
}

it('ends the machines of the environment, and no other', async () => {
  // The second is making an image in the same network.
  const ours = [await launch('main'), await launch('main', 'swe:image')];
  const theirs = [await launch('canary'), await launch('canary', 'swe:image')];
  expect(await endMachines(ec2, 'main')).toEqual(ours);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: theirs }));
  const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
  expect(states).toEqual(['running', 'running']);
  expect(await endMachines(ec2, 'main')).toEqual([]);
});

it('empties the bucket of the environment, and no other; without one there is nothing to do', async () => {
  expect(await emptyBucket(s3, 'main', REGION)).toBeUndefined();
  const canary = BUCKET.replace('main', 'canary');
  const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
  for (const Bucket of [BUCKET, canary]) {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    for (const Key of ['sessions/s1/a', 'agent/b'])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  }
  expect(await emptyBucket(s3, 'main', REGION)).toBe(BUCKET);
  const left = async (Bucket: string) => (await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount;
  expect([await left(BUCKET), await left(canary)]).toEqual([0, 2]);
});

it('an object is put once', async () => {
  const archive = { key: 'agent/once.tar.gz', bytes: Buffer.from('daemon') };
  expect(await storeObject(s3, BUCKET, archive)).toBe(true);
  expect(await storeObject(s3, BUCKET, archive)).toBe(false);
});
