import { SSMClient } from '@aws-sdk/client-ssm';
import { SsmSecrets } from '@swe/adapter-aws/ssm';
import type { Clock, Secrets } from '@swe/domain';
import { clientSettings } from './aws-client';
import type { AwsAccess } from './aws-client';

/** Secrets of SSM. In a file of its own: a package that is imported dynamically comes along whole. */
export function openSsm(access: AwsAccess, clock: Clock): Secrets {
  return new SsmSecrets({ client: new SSMClient(clientSettings(access)), clock });
}
