import { S3Client } from '@aws-sdk/client-s3';
import {
  DynamoAccess,
  DynamoJournal,
  DynamoLedger,
  DynamoOutbox,
  DynamoSessionStore,
} from '@swe/adapter-aws/dynamodb';
import { readObjects, S3BlobStore } from '@swe/adapter-aws/s3';
import { clientSettings } from './aws-client';
import { openAwsTable } from './aws-table';
import type { AwsTableOptions } from './aws-table';

/** A working copy's checkpoint may be some hundred megabytes. */
const BLOB_MS = 10 * 60_000;

export interface AwsStoreOptions extends AwsTableOptions {
  readonly bucketName: string;
  /** Emulators and gateways that stand in for S3 know buckets by path only. */
  readonly hasOwnS3: boolean;
}

/** What is kept of sessions on AWS: a table, and a bucket for what is too large for it. */
export function openAwsStore({ bucketName, hasOwnS3, ...options }: AwsStoreOptions) {
  const { table, credentials } = openAwsTable(options);
  const client = new S3Client({ ...clientSettings(options, BLOB_MS), forcePathStyle: hasOwnS3 });
  const blobs = new S3BlobStore({ client, bucketName });
  return {
    /** As the SDK found them, also for what is no client of the SDK; they rotate. */
    credentials,
    table,
    blobs,
    /** What else lies in the bucket. */
    readObjects: (prefix: string) => readObjects(client, bucketName, prefix),
    store: new DynamoSessionStore(table, blobs),
    journal: new DynamoJournal(table, blobs),
    outbox: new DynamoOutbox(table, blobs),
    ledger: new DynamoLedger(table),
    access: new DynamoAccess(table),
  };
}
