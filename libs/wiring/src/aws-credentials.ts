import { STSClient } from '@aws-sdk/client-sts';
import { sessionCredentials } from '@swe/adapter-aws/sts';
import type { Clock } from '@swe/domain';
import { clientSettings } from './aws-client';
import type { AwsCredentials } from './aws-client';

export interface SessionRole {
  readonly region: string;
  readonly sessionId: string;
  /** Absent: there is none, and the session is served with what the SDK finds. */
  readonly roleArn: string | undefined;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** The credentials that a session's daemon narrows itself to, where there is a role for it. */
export function openSessionCredentials({
  region,
  roleArn,
  ...role
}: SessionRole): AwsCredentials | undefined {
  if (roleArn === undefined) return undefined;
  return sessionCredentials({ ...role, roleArn, client: new STSClient(clientSettings({ region })) });
}
