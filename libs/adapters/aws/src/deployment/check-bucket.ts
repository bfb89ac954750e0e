import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { Fault } from '@swe/domain';
import { z } from 'zod';
import { asked } from './asked';

const redirected = z.object({ $metadata: z.object({ httpStatusCode: z.literal(301) }) });

/** That a bucket is there and can be reached: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export async function checkBucket(client: S3Client, Bucket: string, signal: AbortSignal): Promise<string> {
  const call = client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
  try {
    await asked(call, `there is no bucket ${Bucket}, deploy it again: npx nx run-many -t deploy`);
    return Bucket;
  } catch (error) {
    if (!redirected.safeParse(error).success) throw error;
    throw new Fault('invalid', `bucket ${Bucket} is in another region: correct AWS_REGION`, { cause: error });
  }
}
