import { SSMClient } from '@aws-sdk/client-ssm';
import { SsmSecrets } from '@swe/adapter-aws/ssm';
import type { Clock, Secrets } from '@swe/domain';
import { clientSettings } from './aws-client';

/** A secret as an app is told of it. */
export interface SecretSource {
  readonly value: string | undefined;
  /** The SecureString parameter that holds it, where there is no value. */
  readonly parameter: string;
}

/** Reads secrets: as given, or from SSM, where their rotation is seen within a minute. */
export function secretReader(region: string, clock: Clock): (source: SecretSource) => Promise<string> {
  let secrets: Secrets | undefined;
  return async ({ value, parameter }) => {
    if (value !== undefined) return value;
    secrets ??= new SsmSecrets({ client: new SSMClient(clientSettings(region)), clock });
    return secrets.read(parameter);
  };
}
