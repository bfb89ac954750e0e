import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';

/** What lies in a bucket under a key that says what it is. */
export interface KeyedObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** Puts an object into a bucket unless it is there. True when it was put. */
export async function storeObject(
  s3: S3Client,
  Bucket: string,
  { key: Key, bytes: Body }: KeyedObject,
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
