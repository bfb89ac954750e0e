import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { AwsRefusal } from './aws-account';
import { openLoopbackAws } from './loopback-aws';
import type { LoopbackAws } from './loopback-aws';

let aws: LoopbackAws;
beforeEach(async () => {
  aws = await openLoopbackAws();
});
afterEach(() => aws.close());

const signed = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

async function form(service: string, parameters: Readonly<Record<string, string>>) {
  const body = new URLSearchParams(parameters);
  const response = await fetch(aws.endpoint, { method: 'POST', headers: signed(service), body });
  return { status: response.status, xml: await response.text() };
}

async function json(service: string, target: string, input: object) {
  const headers = { ...signed(service), 'x-amz-target': target };
  const response = await fetch(aws.endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  return { status: response.status, body: await response.json() };
}

async function rest(service: string, method: string, path: string) {
  const response = await fetch(`${aws.endpoint}${path}`, { method, headers: signed(service) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

it('https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html', async () => {
  const { status, xml } = await form('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' });
  expect(status).toBe(200);
  expect(xml).toMatch(
    /<GetCallerIdentityResponse .*<GetCallerIdentityResult>\s*<Arn>arn:aws:iam::\d{12}:user\/\w+<\/Arn>/,
  );
  expect(xml).toMatch(/<UserId>\w+<\/UserId><Account>\d{12}<\/Account><\/GetCallerIdentityResult>/);
  expect(xml).toMatch(/<ResponseMetadata><RequestId>[\w-]+<\/RequestId><\/ResponseMetadata>/);
});

it('https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html', async () => {
  const ask = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: 'MyStack' };
  const { status, xml } = await form('cloudformation', ask);
  expect(status).toBe(400);
  expect(xml).toMatch(
    /<Error><Type>Sender<\/Type><Code>ValidationError<\/Code><Message>Stack with id MyStack/,
  );
  aws.account.stacks.set('MyStack', {
    status: 'CREATE_COMPLETE',
    outputs: { StartPage: 'http://a.example/' },
  });
  expect((await form('cloudformation', ask)).xml).toMatch(
    /<DescribeStacksResult><Stacks><member><StackName>MyStack<\/StackName>.*<StackStatus>CREATE_COMPLETE<\/StackStatus><Outputs><member><OutputKey>StartPage<\/OutputKey><OutputValue>/,
  );
});

it('https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html', async () => {
  const put = { Name: '/a', Value: 'one', Type: 'SecureString' };
  expect(await json('ssm', 'AmazonSSM.GetParameter', { Name: '/a' })).toMatchObject({
    status: 400,
    body: { __type: 'ParameterNotFound' },
  });
  expect((await json('ssm', 'AmazonSSM.PutParameter', put)).body).toMatchObject({ Tier: 'Standard' });
  expect((await json('ssm', 'AmazonSSM.PutParameter', put)).body).toMatchObject({
    __type: 'ParameterAlreadyExists',
  });
  await json('ssm', 'AmazonSSM.PutParameter', { ...put, Value: 'two', Overwrite: true });
  expect((await json('ssm', 'AmazonSSM.GetParameter', { Name: '/a' })).body).toMatchObject({
    Parameter: { Name: '/a', Type: 'SecureString', Value: 'two' },
  });
  const inClear = { ...put, Type: 'String', Overwrite: true };
  expect((await json('ssm', 'AmazonSSM.PutParameter', inClear)).body).toMatchObject({
    __type: 'HierarchyTypeMismatchException',
  });
  expect((await json('ssm', 'AmazonSSM.DeleteParameter', { Name: '/a' })).status).toBe(200);
  expect((await json('ssm', 'AmazonSSM.PutParameter', inClear)).status).toBe(200);
});

it('https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html', async () => {
  const path = '/2015-03-31/functions/my-function/configuration';
  expect((await rest('lambda', 'GET', path)).status).toBe(404);
  aws.account.functions.set('my-function', {
    state: 'Active',
    lastUpdateStatus: 'Successful',
    variables: { A: 'b' },
  });
  expect((await rest('lambda', 'GET', path)).body).toEqual({
    FunctionName: 'my-function',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Environment: { Variables: { A: 'b' } },
  });
});

it('https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html', async () => {
  const mapping = {
    functionName: 'my-function',
    sourceArn: 'arn:aws:dynamodb:stream',
    state: 'Enabled',
    lastResult: 'OK',
  };
  aws.account.mappings.push(mapping);
  const ask = (name: string) =>
    rest('lambda', 'GET', `/2015-03-31/event-source-mappings/?FunctionName=${name}`);
  expect((await ask('other')).body).toEqual({ EventSourceMappings: [] });
  expect((await ask('my-function')).body.EventSourceMappings).toEqual([
    expect.objectContaining({
      EventSourceArn: 'arn:aws:dynamodb:stream',
      State: 'Enabled',
      LastProcessingResult: 'OK',
    }),
  ]);
});

it('https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html', async () => {
  expect((await json('events', 'AWSEvents.DescribeRule', { Name: 'r' })).body).toMatchObject({
    __type: 'ResourceNotFoundException',
  });
  aws.account.rules.set('r', { state: 'ENABLED', schedule: 'rate(1 minute)' });
  expect((await json('events', 'AWSEvents.DescribeRule', { Name: 'r' })).body).toMatchObject({
    Name: 'r',
    State: 'ENABLED',
    ScheduleExpression: 'rate(1 minute)',
  });
});

it('https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-api-responses.html', async () => {
  expect((await json('sqs', 'AmazonSQS.GetQueueUrl', { QueueName: 'q' })).body).toMatchObject({
    __type: 'com.amazonaws.sqs#QueueDoesNotExist',
  });
  aws.account.queues.set('q', 3);
  const { body } = await json('sqs', 'AmazonSQS.GetQueueUrl', { QueueName: 'q' });
  expect(body).toEqual({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/q' });
  expect((await json('sqs', 'AmazonSQS.GetQueueAttributes', body as object)).body).toEqual({
    Attributes: { ApproximateNumberOfMessages: '3' },
  });
});

it('https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html', async () => {
  const table = { status: 'ACTIVE', indexes: {}, streamView: undefined, hasBackups: true };
  aws.account.tables.set('t', table);
  const ask = (action: string) => json('dynamodb', `DynamoDB_20120810.${action}`, { TableName: 't' });
  expect((await ask('DescribeContinuousBackups')).body).toMatchObject({
    ContinuousBackupsDescription: {
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    },
  });
  expect((await ask('DescribeTable')).body).toMatchObject({
    Table: {
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, expect.anything()],
    },
  });
});

it('https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html', async () => {
  expect(await rest('s3', 'HEAD', '/my-bucket/')).toEqual({ status: 404, body: undefined });
  aws.account.buckets.add('my-bucket');
  expect((await rest('s3', 'HEAD', '/my-bucket/')).status).toBe(200);
});

it('refuses what it is told to refuse, and keeps every call', async () => {
  aws.before = ({ service }) =>
    service === 'sts' ? new AwsRefusal('ExpiredToken', 'The security token is expired', 403) : undefined;
  const { status, xml } = await form('sts', { Action: 'GetCallerIdentity' });
  expect([status, xml]).toEqual([403, expect.stringContaining('<Code>ExpiredToken</Code>')]);
  expect(aws.calls).toEqual([{ service: 'sts', action: 'GetCallerIdentity', input: {} }]);
});
