import type { SessionCredentials } from '@swe/adapter-aws/sts';

const CONNECT_MS = 5_000;

/** How long a service may take for what is asked of it, apart from large bodies. */
const REQUEST_MS = 30_000;

/** Without a byte in either direction. */
const SILENCE_MS = 60_000;

/** Where credentials come from that are renewed before they end. */
export type AwsCredentials = () => Promise<SessionCredentials>;

export interface AwsAccess {
  readonly region: string;
  /** Absent: from where the SDK looks for them. */
  readonly credentials?: AwsCredentials | undefined;
}

/**
 * How the clients of AWS's services are made: with `AWS_ENDPOINT_URL_<SERVICE>` from where the SDK looks for it, and no
 * request without an end, which is what the SDK makes by itself.
 */
export function clientSettings({ region, credentials }: AwsAccess, requestMs = REQUEST_MS) {
  return {
    region,
    ...(credentials && { credentials }),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
      socketTimeout: SILENCE_MS,
    },
  };
}
