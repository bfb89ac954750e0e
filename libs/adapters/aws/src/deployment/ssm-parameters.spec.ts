import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { AwsRefusal, openLoopbackAws } from '@swe/testing/servers';
import type { LoopbackAws } from '@swe/testing/servers';
import { SsmParameters } from './ssm-parameters';

const { signal } = new AbortController();

let aws: LoopbackAws;
let client: SSMClient;
let parameters: SsmParameters;
beforeEach(async () => {
  aws = await openLoopbackAws();
  client = new SSMClient({
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  parameters = new SsmParameters(client);
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});

it('finds what was created, and nothing before', async () => {
  expect(await parameters.find('/a', signal)).toBeUndefined();
  await parameters.create('/a', 'one');
  expect(await parameters.find('/a', signal)).toEqual({ value: 'one', isSecret: true });
});

it('creates nothing in place of what is there', async () => {
  await parameters.create('/a', 'one');
  await expectFault(parameters.create('/a', 'two'), 'conflict');
  expect(aws.account.parameters.get('/a')).toEqual({ type: 'SecureString', value: 'one' });
});

it.each(['SecureString', 'String'] as const)('replaces a %s by a SecureString', async (type) => {
  aws.account.parameters.set('/a', { type, value: 'one' });
  await parameters.replace('/a', 'two');
  expect(aws.account.parameters.get('/a')).toEqual({ type: 'SecureString', value: 'two' });
});

it('keeps what lies in clear when it may not delete it', async () => {
  aws.account.parameters.set('/a', { type: 'String', value: 'one' });
  aws.before = ({ action }) =>
    action === 'DeleteParameter' ? new AwsRefusal('AccessDeniedException') : undefined;
  await expectFault(parameters.replace('/a', 'two'), 'denied');
  expect(aws.account.parameters.get('/a')?.value).toBe('one');
});

it('does not take a refusal for a parameter that is missing', async () => {
  aws.before = () => new AwsRefusal('AccessDeniedException');
  await expectFault(parameters.find('/a', signal), 'denied');
});
