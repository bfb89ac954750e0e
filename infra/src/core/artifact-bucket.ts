import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { bucketName } from '../names';

/** What is too large for the table, and what comes with a machine. */
export function artifactBucket(scope: Construct, environment: string): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    bucketName: bucketName(environment),
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [
      { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      {
        // A session may be asked again at any time, so nothing of it expires.
        id: 'old',
        prefix: 'sessions/',
        transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }],
      },
    ],
    // Not emptied by a function of the stack, whose log would stay: `infra:destroy` does it.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(
    bucket,
    'S1',
    'Only roles of the environment reach it, and a log of each of their requests costs more than the objects.',
  );
  return bucket;
}
