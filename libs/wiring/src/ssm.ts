import { SSMClient } from '@aws-sdk/client-ssm';
import { SsmSecrets } from '@swe/adapter-aws/ssm';
import type { Clock, Secrets } from '@swe/domain';
import { clientSettings } from './aws-client';
import type { AwsAccess } from './aws-client';

/**
 * Parameters of SSM, each kept for a minute unless it is said how long. In a file of its own: a package that is imported
 * dynamically comes along whole.
 */
export function openSsm(access: AwsAccess, clock: Clock, maxAgeMs?: number): Secrets {
  const client = new SSMClient(clientSettings(access));
  return new SsmSecrets({ client, clock, ...(maxAgeMs !== undefined && { maxAgeMs }) });
}
