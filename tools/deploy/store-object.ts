import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { AgentArchive } from './agent-archive';

/** Puts an archive into a bucket unless it is there: its key says what it is. True when it was put. */
export async function storeArchive(
  s3: S3Client,
  Bucket: string,
  { key: Key, bytes: Body }: AgentArchive,
): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return false;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotFound') throw error;
  }
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  return true;
}
