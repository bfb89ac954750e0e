import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Ec2Refusal } from './ec2-world';
import { openLoopbackEc2 } from './loopback-ec2';
import type { LoopbackEc2 } from './loopback-ec2';

let ec2: LoopbackEc2;
beforeEach(async () => {
  ec2 = await openLoopbackEc2();
});
afterEach(() => ec2.close());

async function call(parameters: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ Version: '2016-11-15', ...parameters });
  const response = await fetch(ec2.endpoint, { method: 'POST', body });
  return { status: response.status, xml: await response.text() };
}

const run = { Action: 'RunInstances', MinCount: '1', MaxCount: '1', ClientToken: 't', SubnetId: 'subnet-1' };
const tag = { 'TagSpecification.1.ResourceType': 'instance', 'TagSpecification.1.Tag.1.Key': 'a' };

it('answers as https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html shows', async () => {
  await call({ ...run, ...tag, 'TagSpecification.1.Tag.1.Value': 'b & c' });
  const { status, xml } = await call({
    Action: 'DescribeInstances',
    'Filter.1.Name': 'tag:a',
    'Filter.1.Value.1': 'b & c',
  });
  expect(status).toBe(200);
  expect(xml).toContain('<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">');
  expect(xml).toMatch(
    /<reservationSet><item><reservationId>r-\w+<\/reservationId><instancesSet><item><instanceId>i-/,
  );
  expect(xml).toContain('<instanceState><code>16</code><name>running</name></instanceState>');
  expect(xml).toContain('<tagSet><item><key>a</key><value>b &amp; c</value></item></tagSet>');
  expect(xml).not.toContain('nextToken');
});

it('refuses as https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html shows', async () => {
  const { status, xml } = await call({ Action: 'StopInstances', 'InstanceId.1': 'i-1' });
  expect(status).toBe(400);
  expect(xml).toMatch(
    /<Response><Errors><Error><Code>InvalidInstanceID.NotFound<\/Code><Message>.+<\/Message>/,
  );
  ec2.before = () => new Ec2Refusal('InsufficientInstanceCapacity', 'no room', 500);
  expect(await call(run)).toMatchObject({
    status: 500,
    xml: expect.stringContaining('InsufficientInstanceCapacity'),
  });
});

it('a token stands for one instance, in each place, with the same parameters only', async () => {
  const ids = async (parameters: Readonly<Record<string, string>>) =>
    /i-\w+|Idempotent\w+/.exec((await call(parameters)).xml)?.[0];
  const first = await ids(run);
  expect(await ids(run)).toBe(first);
  expect(await ids({ ...run, InstanceType: 'm6i.large' })).toBe('IdempotentParameterMismatch');
  expect(await ids({ ...run, SubnetId: 'subnet-2' })).not.toBe(first);
  await call({ Action: 'TerminateInstances', 'InstanceId.1': first! });
  expect(await ids(run)).toBe('IdempotentInstanceTerminated');
});

it('a page may hold less than it lists', async () => {
  for (let i = 0; i < 6; i += 1) ec2.world.add({ tags: i === 5 ? { a: 'b' } : {} });
  const page = {
    Action: 'DescribeInstances',
    MaxResults: '5',
    'Filter.1.Name': 'tag:a',
    'Filter.1.Value.1': 'b',
  };
  const first = await call(page);
  expect(first.xml).toContain('<reservationSet></reservationSet><nextToken>5</nextToken>');
  expect((await call({ ...page, NextToken: '5' })).xml).toContain('<key>a</key>');
});

it('states take their time when they are to', async () => {
  ec2.world.isSlow = true;
  const { instanceId } = ec2.world.add({ state: 'running' });
  const stop = { Action: 'StopInstances', 'InstanceId.1': instanceId };
  const start = { Action: 'StartInstances', 'InstanceId.1': instanceId };
  expect((await call(stop)).xml).toContain('<code>64</code><name>stopping</name>');
  expect((await call(start)).xml).toContain('IncorrectInstanceState');
  ec2.world.settle();
  expect((await call(start)).xml).toContain('<previousState><code>80</code><name>stopped</name>');
});
