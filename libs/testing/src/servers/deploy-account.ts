import { streamArnOf } from './aws-account';
import type { AwsAccount } from './aws-account';

export interface DeployOptions {
  readonly environment: string;
  /** Of the functions, beside where the table and the bucket are. */
  readonly variables: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the ingress answers. */
  readonly ingressUrl: string;
}

const ACTIVE = { state: 'Active', lastUpdateStatus: 'Successful' } as const;

/** Has an account describe a deployment as it is when it was just deployed, named as `infra` names it. */
export function deployAccount(
  account: AwsAccount,
  { environment, variables, parameters, ingressUrl }: DeployOptions,
): void {
  const name = (what: string): string => `swe-${environment}-${what}`;
  const table = `swe-${environment}`;
  const bucket = `swe-${environment}-${account.id}-eu-west-1`;
  const status = 'UPDATE_COMPLETE';
  for (const stack of ['core', 'console', 'agent', 'worker-manager'])
    account.stacks.set(name(stack), { status, outputs: {} });
  account.stacks.set(name('ingress'), {
    status,
    outputs: {
      SlackBoltEndpointUrl: `${ingressUrl}/slack/events`,
      GithubWebhookUrl: `${ingressUrl}/github/webhooks`,
      ApiUrl: ingressUrl,
    },
  });
  account.parameters.set('/cdk-bootstrap/hnb659fds/version', { type: 'String', value: '27' });
  for (const [parameter, value] of Object.entries(parameters)) {
    account.parameters.set(parameter, { type: 'SecureString', value });
  }
  const own = { ...variables, SWE_ENV: environment, SWE_TABLE_NAME: table, SWE_BUCKET_NAME: bucket };
  account.functions.set(name('ingress'), { ...ACTIVE, variables: { ...own } });
  account.functions.set(name('worker-manager'), {
    ...ACTIVE,
    variables: {
      ...own,
      SWE_LAUNCH_TEMPLATE_NAME: name('agent'),
      SWE_LAUNCH_TEMPLATE_VERSION: '3',
      SWE_INSTANCE_TYPES: 't4g.large,m7g.large',
      SWE_SUBNET_IDS: 'subnet-1,subnet-2',
      SWE_WORKER_IMAGE_PARAMETER: `/imagebuilder/swe-${environment}/worker-arm64`,
    },
  });
  account.tables.set(table, {
    status: 'ACTIVE',
    indexes: { due: ['dueShard', 'dueAtMs'], age: ['ageShard', 'age'] },
    streamView: 'NEW_IMAGE',
    hasBackups: true,
  });
  account.buckets.add(bucket);
  account.mappings.push({
    functionName: name('worker-manager'),
    sourceArn: streamArnOf(table),
    state: 'Enabled',
    lastResult: 'OK',
  });
  account.rules.set(name('worker-manager-sweep'), { state: 'ENABLED', schedule: 'rate(1 minute)' });
  account.queues.set(name('worker-manager-dead-letters'), 0);
}
