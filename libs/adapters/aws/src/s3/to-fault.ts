import { toAwsFault } from '../aws-fault';
import type { Advice } from '../aws-advice';

/** Which bucket was asked for, and where. */
export interface Asked {
  readonly bucketName: string;
  readonly region: string;
}

/**
 * What S3 calls failures: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. A bucket that cannot be
 * reached is neither `missing` nor `invalid`: that would be taken for a blob that is gone or damaged, and given up.
 */
export function toFault(error: unknown, { bucketName, region }: Asked): unknown {
  const elsewhere: Advice = {
    kind: 'denied',
    mend: `bucket ${bucketName} is not in ${region}, correct AWS_REGION or SWE_BUCKET_NAME`,
  };
  return toAwsFault(error, {
    AllAccessDisabled: 'denied',
    AuthorizationHeaderMalformed: elsewhere,
    BadDigest: 'transient',
    EntityTooLarge: 'invalid',
    InvalidObjectState: 'invalid',
    KeyTooLongError: 'invalid',
    NoSuchBucket: {
      kind: 'denied',
      mend: `there is no bucket ${bucketName}, deploy it in ${region}, or correct SWE_BUCKET_NAME`,
    },
    NoSuchKey: 'missing',
    OperationAborted: 'transient',
    PermanentRedirect: elsewhere,
  });
}
