import { toAwsFault } from '../aws-fault';

/** What S3 calls failures: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function toFault(error: unknown, bucketName: string): unknown {
  return toAwsFault(error, {
    AllAccessDisabled: 'denied',
    BadDigest: 'transient',
    EntityTooLarge: 'invalid',
    InvalidObjectState: 'invalid',
    KeyTooLongError: 'invalid',
    // Not `missing`: that would be taken for a blob that isn't there.
    NoSuchBucket: { kind: 'invalid', message: `there is no bucket ${bucketName}` },
    NoSuchKey: 'missing',
    OperationAborted: 'transient',
  });
}
