import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { Fault } from '@swe/domain';
import { asked } from './asked';

/** Where the CDK's bootstrap says which it is: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const VERSION = '/cdk-bootstrap/hnb659fds/version';

/** What a synthesised stack asks for (`requiresBootstrapStackVersion`). */
export const OLDEST_BOOTSTRAP = 6;

const MEND = 'run npx cdk bootstrap in infra/, once per account and region';

/** Which version of the CDK's bootstrap the account has in the region. Throws where it is none, or too old. */
export async function checkBootstrap(client: SSMClient, signal: AbortSignal): Promise<string> {
  const call = client.send(new GetParameterCommand({ Name: VERSION }), { abortSignal: signal });
  const { Parameter } = await asked(call, MEND);
  const version = Number(Parameter?.Value);
  if (version >= OLDEST_BOOTSTRAP) return `version ${version}`;
  throw new Fault(
    'invalid',
    `the bootstrap has version ${Parameter?.Value}, not ${OLDEST_BOOTSTRAP} or later: ${MEND}`,
  );
}
