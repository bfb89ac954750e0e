import type { AwsCall } from './aws-call';
import type { XmlValue } from './ec2-xml';

/** An error answer of a service. */
export class AwsRefusal extends Error {
  constructor(
    readonly code: string,
    message = `words of the vendor about ${code}`,
    readonly status = 400,
  ) {
    super(message);
  }
}

export interface AwsStack {
  status: string;
  reason?: string;
  outputs: Readonly<Record<string, string>>;
}

export interface AwsParameter {
  type: 'String' | 'SecureString';
  value: string;
}

export interface AwsFunction {
  state: 'Active' | 'Failed' | 'Inactive' | 'Pending';
  lastUpdateStatus: 'Successful' | 'Failed' | 'InProgress';
  reason?: string;
  variables: Record<string, string>;
}

export interface AwsMapping {
  readonly functionName: string;
  sourceArn: string;
  state: string;
  reason?: string;
  lastResult: string;
}

export interface AwsTable {
  status: string;
  /** Each with its partition and its sort key. */
  indexes: Record<string, readonly [hash: string, range: string]>;
  streamView: 'NEW_IMAGE' | 'KEYS_ONLY' | undefined;
  hasBackups: boolean;
}

export interface AwsRule {
  state: 'ENABLED' | 'DISABLED';
  readonly schedule: string;
}

export const streamArnOf = (table: string): string =>
  `arn:aws:dynamodb:eu-west-1:111122223333:table/${table}/stream/2026-11-01T00:00:00.000`;

/** What of an account its services describe, to be changed while they run. */
export class AwsAccount {
  readonly id = '111122223333';
  readonly stacks = new Map<string, AwsStack>();
  readonly parameters = new Map<string, AwsParameter>();
  readonly functions = new Map<string, AwsFunction>();
  readonly mappings: AwsMapping[] = [];
  readonly rules = new Map<string, AwsRule>();
  /** How many messages are in each queue. */
  readonly queues = new Map<string, number>();
  readonly tables = new Map<string, AwsTable>();
  readonly buckets = new Set<string>();

  /** Of services that answer with XML, without what is around it. */
  readonly #forms: Readonly<Record<string, (input: AwsCall['input']) => Readonly<Record<string, XmlValue>>>> =
    {
      /** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
      'sts GetCallerIdentity': () => ({
        Arn: `arn:aws:iam::${this.id}:user/ada`,
        UserId: 'AIDACKCEVSQ6C2EXAMPLE',
        Account: this.id,
      }),
      /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
      'cloudformation DescribeStacks': ({ StackName }) => {
        const name = String(StackName);
        const stack = this.stacks.get(name);
        if (stack === undefined) {
          throw new AwsRefusal('ValidationError', `Stack with id ${name} does not exist`);
        }
        return {
          Stacks: [
            {
              StackName: name,
              StackId: `arn:aws:cloudformation:eu-west-1:${this.id}:stack/${name}/aaf549a0`,
              CreationTime: '2026-11-01T00:00:00Z',
              StackStatus: stack.status,
              StackStatusReason: stack.reason,
              Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({
                OutputKey,
                OutputValue,
              })),
            },
          ],
        };
      },
    };

  readonly #objects: Readonly<Record<string, (input: AwsCall['input']) => object>> = {
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
    'ssm GetParameter': ({ Name }) => {
      const { type, value } = found(this.parameters, Name, 'ParameterNotFound');
      return { Parameter: { Name, Type: type, Value: value, Version: 1, DataType: 'text' } };
    },
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
    'ssm PutParameter': ({ Name, Value, Type, Overwrite }) => {
      if (Overwrite !== true && this.parameters.has(String(Name)))
        throw new AwsRefusal('ParameterAlreadyExists');
      const type = Type === 'SecureString' ? 'SecureString' : 'String';
      if ((this.parameters.get(String(Name))?.type ?? type) !== type) {
        throw new AwsRefusal('HierarchyTypeMismatchException');
      }
      this.parameters.set(String(Name), { type, value: String(Value) });
      return { Tier: 'Standard', Version: 1 };
    },
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html */
    'ssm DeleteParameter': ({ Name }) => {
      found(this.parameters, Name, 'ParameterNotFound');
      this.parameters.delete(String(Name));
      return {};
    },
    /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html */
    'events DescribeRule': ({ Name }) => {
      const { state, schedule } = found(this.rules, Name, 'ResourceNotFoundException');
      return { Name, State: state, ScheduleExpression: schedule, EventBusName: 'default' };
    },
    /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
    'sqs GetQueueUrl': ({ QueueName }) => {
      found(this.queues, QueueName, 'com.amazonaws.sqs#QueueDoesNotExist');
      return { QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${this.id}/${QueueName}` };
    },
    /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
    'sqs GetQueueAttributes': ({ QueueUrl }) => {
      const name = String(QueueUrl).replace(/^.*\//, '');
      const count = found(this.queues, name, 'com.amazonaws.sqs#QueueDoesNotExist');
      return { Attributes: { ApproximateNumberOfMessages: String(count) } };
    },
    /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
    'dynamodb DescribeTable': ({ TableName }) => {
      const { status, indexes, streamView } = found(this.tables, TableName, 'ResourceNotFoundException');
      return {
        Table: {
          TableName,
          TableStatus: status,
          KeySchema: keys(['pk', 'sk']),
          ItemCount: 42,
          GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, names]) => ({
            IndexName,
            IndexStatus: 'ACTIVE',
            KeySchema: keys(names),
          })),
          ...(streamView !== undefined && {
            StreamSpecification: { StreamEnabled: true, StreamViewType: streamView },
            LatestStreamArn: streamArnOf(String(TableName)),
          }),
        },
      };
    },
    /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html */
    'dynamodb DescribeContinuousBackups': ({ TableName }) => {
      const { hasBackups } = found(this.tables, TableName, 'ResourceNotFoundException');
      const PointInTimeRecoveryStatus = hasBackups ? 'ENABLED' : 'DISABLED';
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
        },
      };
    },
    /** An empty table: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html */
    'dynamodb GetItem': () => ({}),
    /** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
    'lambda GET /2015-03-31/event-source-mappings': ({ FunctionName }) => ({
      EventSourceMappings: this.mappings
        .filter(({ functionName }) => functionName === FunctionName)
        .map(({ sourceArn, state, reason, lastResult }) => ({
          UUID: '14e0db71-xmpl-4eb5-b481-8945cf9d10c2',
          EventSourceArn: sourceArn,
          State: state,
          StateTransitionReason: reason ?? 'User action',
          LastProcessingResult: lastResult,
        })),
    }),
  };

  /** The body of an answer: XML's parts, or what is sent as JSON. Throws `AwsRefusal`. */
  answer({ service, action, input }: AwsCall): AwsAnswer {
    const form = this.#forms[`${service} ${action}`];
    if (form !== undefined) return { xml: form(input) };
    const object = this.#objects[`${service} ${action.replace(/\/$/, '')}`];
    if (object !== undefined) return { json: object(input) };
    const functionName = /^GET \/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(action)?.[1];
    if (service === 'lambda' && functionName !== undefined)
      return { json: this.#configuration(functionName) };
    const bucket = /^HEAD \/([^/]+)\/?$/.exec(action)?.[1];
    if (service === 's3' && bucket !== undefined) {
      if (!this.buckets.has(bucket)) throw new AwsRefusal('NotFound', '', 404);
      return { json: {} };
    }
    throw new AwsRefusal('InvalidAction', `${service} ${action} is not spoken here`);
  }

  /** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
  #configuration(FunctionName: string): object {
    const found = this.functions.get(FunctionName);
    if (found === undefined) throw new AwsRefusal('ResourceNotFoundException', undefined, 404);
    const { state, lastUpdateStatus, reason, variables } = found;
    return {
      FunctionName,
      State: state,
      StateReason: reason,
      LastUpdateStatus: lastUpdateStatus,
      LastUpdateStatusReason: reason,
      Environment: { Variables: variables },
    };
  }
}

export type AwsAnswer = { readonly xml: Readonly<Record<string, XmlValue>> } | { readonly json: object };

function found<T>(all: ReadonlyMap<string, T>, name: unknown, code: string): T {
  const one = all.get(String(name));
  if (one === undefined) throw new AwsRefusal(code);
  return one;
}

function keys([hash, range]: readonly [string, string]) {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}
