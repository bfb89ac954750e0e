import {
  DescribeInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { DeleteObjectsCommand, ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';

const LONGEST_END_SECONDS = 10 * 60;

/** By which workers and the machines that build their image are told: `infra/src/agent/worker-image.ts` */
const TAGS = ['swe:environment', 'swe:image'];

/** Ends every machine of an environment, and waits until they have gone: their network can't be deleted before. */
export async function endMachines(ec2: EC2Client, environment: string): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const tag of TAGS) ended.push(...(await endTagged(ec2, tag, environment)));
  return ended;
}

async function endTagged(ec2: EC2Client, tag: string, environment: string): Promise<readonly string[]> {
  const Filters = [
    { Name: `tag:${tag}`, Values: [environment] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'] },
  ];
  const ended: string[] = [];
  for (;;) {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    const InstanceIds = Reservations.flatMap(({ Instances = [] }) =>
      Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
    );
    if (InstanceIds.length === 0) return ended;
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await waitUntilInstanceTerminated({ client: ec2, maxWaitTime: LONGEST_END_SECONDS }, { InstanceIds });
    ended.push(...InstanceIds);
  }
}

/** Deletes all that is in the bucket of an environment: only an empty one can be deleted. Undefined when there is none. */
export async function emptyBucket(
  s3: S3Client,
  environment: string,
  region: string,
): Promise<string | undefined> {
  const ours = new RegExp(`^swe-${environment}-\\d{12}-${region}$`);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.map(({ Name = '' }) => Name).find((name) => ours.test(name));
  if (Bucket === undefined) return undefined;
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length === 0) return Bucket;
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const [error] = Errors;
    if (error !== undefined) throw new Error(`${error.Key} could not be deleted: ${error.Code}`);
  }
}
