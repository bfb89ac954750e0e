import { describe, expect, it } from '@jest/globals';
import { reachedSources } from './reached-sources';
import { resolve } from './resolve';
import { propertiesOf, STACKS, templateOf } from './variants';
import type { StackName } from './variants';

/** What a command of the SDK's needs, where that is not the action of its name. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  BatchGetCommand: ['dynamodb:BatchGetItem'],
  GetCommand: ['dynamodb:GetItem'],
  QueryCommand: ['dynamodb:Query'],
  TransactWriteCommand: [
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ],
  AssumeRoleCommand: ['sts:AssumeRole', 'sts:TagSession'],
  ConverseStreamCommand: ['bedrock:InvokeModelWithResponseStream'],
  DeleteObjectsCommand: ['s3:DeleteObject'],
  ListObjectsV2Command: ['s3:ListBucket'],
};
const SERVICES: Readonly<Record<string, string>> = {
  'client-dynamodb': 'dynamodb',
  'lib-dynamodb': 'dynamodb',
  'client-ec2': 'ec2',
  'client-s3': 's3',
  'client-ssm': 'ssm',
  'client-sts': 'sts',
  'client-bedrock-runtime': 'bedrock',
  'client-cloudwatch-logs': 'logs',
};
/** Requests that are made without the SDK. */
const BY_HAND: Readonly<Record<string, readonly string[]>> = {
  'libs/adapters/aws/src/appsync/publish-event.ts': ['appsync:EventPublish'],
  'libs/adapters/aws/src/appsync/realtime-connection.ts': ['appsync:EventConnect', 'appsync:EventSubscribe'],
};

/** The actions that a program's sources can ask for. */
function askedFor(entry: string): ReadonlySet<string> {
  const sources = [...reachedSources(entry)];
  return new Set(sources.flatMap(([path, source]) => [...(BY_HAND[path] ?? []), ...commandsOf(source)]));
}

function commandsOf(source: string): readonly string[] {
  const packages = [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/([\w-]+)'/g)];
  return packages.flatMap(([, names = '', name = '']) => {
    const commands = names.match(/\b\w+Command\b/g) ?? [];
    return commands.flatMap((command) => {
      if (!source.includes(`new ${command}(`)) return [];
      const service = SERVICES[name];
      if (service === undefined) throw new Error(`which actions ${name} has is not known here`);
      return ACTIONS[command] ?? [`${service}:${command.replace(/Command$/, '')}`];
    });
  });
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const statementsOf = (stack: StackName): readonly Statement[] =>
  propertiesOf(templateOf(stack), 'AWS::IAM::Policy').flatMap(
    ({ PolicyDocument }) => (PolicyDocument as { Statement: readonly Statement[] }).Statement,
  );
const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

const LOG = { 'logs:CreateLogStream': 'Lambda itself', 'logs:PutLogEvents': 'Lambda itself' };

describe.each([
  {
    stack: 'Ingress',
    entry: 'apps/ingress/src/main.ts',
    notAllowed: {
      's3:DeleteObject': 'nothing of the ingress deletes blobs',
      'appsync:EventConnect': 'it publishes, and hears nothing',
      'appsync:EventSubscribe': 'it publishes, and hears nothing',
    },
    besides: LOG,
  },
  {
    stack: 'WorkerManager',
    entry: 'apps/worker-manager/src/main.ts',
    notAllowed: { 's3:DeleteObject': 'nothing of the manager deletes blobs' },
    besides: {
      ...LOG,
      'dynamodb:DescribeStream': 'what maps the stream to the function',
      'dynamodb:GetRecords': 'what maps the stream to the function',
      'dynamodb:GetShardIterator': 'what maps the stream to the function',
      'dynamodb:ListStreams': 'what maps the stream to the function',
      'sqs:SendMessage': 'what maps the stream to the function',
      'iam:PassRole': 'RunInstances, for the role of the template',
    },
  },
  {
    stack: 'Agent',
    entry: 'apps/agent/src/main.ts',
    notAllowed: { 'appsync:EventPublish': 'it hears, and publishes nothing' },
    besides: {},
  },
] as const)('what the app of $stack may do', ({ stack, entry, notAllowed, besides }) => {
  it('is what its code asks for, and what asks for more is refused knowingly', () => {
    const allowed = new Set(statementsOf(stack).flatMap(actionsOf));
    const refused: readonly string[] = Object.keys(notAllowed);
    const asked = [...askedFor(entry)].filter((action) => !refused.includes(action));
    expect([...allowed].toSorted()).toEqual([...asked, ...Object.keys(besides)].toSorted());
    // An exception that is none any more goes.
    expect([...askedFor(entry)]).toEqual(expect.arrayContaining([...refused]));
  });
});

const shown = (resource: unknown): string =>
  JSON.stringify(resource)
    .replace(/\{"Ref":"AWS::(\w+)"\}/g, '"<$1>"')
    .replace(/^\{"Fn::Join":\["",\[(.*)\]\]\}$/, '$1')
    .replace(/","|"/g, '');

it('wildcards are these, and none is new', () => {
  const found = STACKS.flatMap((stack) =>
    statementsOf(stack).flatMap((statement) =>
      [statement.Resource].flat().flatMap((resource) => {
        if (!JSON.stringify(resource).includes('*')) return [];
        const limit = statement.Condition === undefined ? '' : ` if ${JSON.stringify(statement.Condition)}`;
        return [`${actionsOf(statement).join(', ')} on ${shown(resource)}${limit}`];
      }),
    ),
  );
  expect([...new Set(found)].toSorted()).toMatchSnapshot();
});

it('no action is a pattern, and only what knows no resources is allowed on all', () => {
  const statements = STACKS.flatMap(statementsOf);
  expect(statements.flatMap(actionsOf).filter((action) => action.includes('*'))).toEqual([]);
  const onAll = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
  expect(onAll.flatMap(actionsOf)).toEqual(['ec2:DescribeInstances']);
});

it('only what makes images has policies of AWS’s making, which grow without a word', () => {
  const roles = STACKS.flatMap((stack) => propertiesOf(templateOf(stack), 'AWS::IAM::Role'));
  expect(roles).toHaveLength(6);
  const policies = roles.flatMap(({ RoleName, ManagedPolicyArns = [] }) =>
    (ManagedPolicyArns as readonly unknown[]).map((arn) => `${RoleName}: ${resolve(arn)}`),
  );
  expect(policies).toEqual([
    'swe-main-image: arn:aws:iam::aws:policy/EC2InstanceProfileForImageBuilder',
    'swe-main-image: arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
    'swe-main-worker-images: arn:aws:iam::aws:policy/service-role/EC2ImageBuilderLifecycleExecutionPolicy',
  ]);
});
