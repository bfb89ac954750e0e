import type { Clock, Secrets } from '@swe/domain';
import type { AwsAccess } from './aws-client';

/** A secret as an app is told of it. */
export interface SecretSource {
  readonly value: string | undefined;
  /** The SecureString parameter that holds it, where there is no value. */
  readonly parameter: string;
}

/**
 * Reads secrets: as given, or from SSM, whose client is loaded for the first one. A rotation is seen within a minute.
 * `seen` is told each of them, for whoever looks for them where they must not be.
 */
export function secretReader(
  access: AwsAccess,
  clock: Clock,
  seen?: Set<string>,
): (source: SecretSource) => Promise<string> {
  let opened: Promise<Secrets> | undefined;
  return async ({ value, parameter }) => {
    if (value !== undefined) return value;
    opened ??= import('./ssm').then(({ openSsm }) => openSsm(access, clock));
    const secret = await (await opened).read(parameter);
    seen?.add(secret);
    return secret;
  };
}
