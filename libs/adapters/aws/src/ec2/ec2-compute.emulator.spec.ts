import { randomUUID } from 'node:crypto';
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { expect, it } from '@jest/globals';
import { computeContract, expectFault, runContract } from '@swe/testing/contracts';
import { openMoto, useEmulator } from '@swe/testing/servers';
import { ec2ClientOf, ec2ComputeOf } from './ec2-fixture';

const emulator = useEmulator(openMoto);

/** An environment of its own in a region that all tests share. */
async function open(client: EC2Client) {
  const environment = randomUUID();
  const template = { name: `swe-${environment}`, version: '1' };
  await client.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: template.name,
      LaunchTemplateData: { ImageId: 'ami-12c6146b' },
    }),
  );
  const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({}));
  const subnetIds = Subnets.flatMap(({ SubnetId }) => SubnetId ?? []);
  const compute = ec2ComputeOf(client, { environment, template, subnetIds });

  const idsOf = async (sessionId: string, generation: number, states: string[]) => {
    const tags = { environment, session: sessionId, generation: String(generation) };
    const byTags = Object.entries(tags).map(([name, value]) => ({
      Name: `tag:swe:${name}`,
      Values: [value],
    }));
    const Filters = [...byTags, { Name: 'instance-state-name', Values: states }];
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) =>
      Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
    );
  };
  return { compute, idsOf };
}

runContract('Ec2Compute on moto', computeContract, async () => {
  const client = ec2ClientOf(emulator.endpoint);
  const { compute, idsOf } = await open(client);
  return {
    subject: {
      compute,
      acting: async (sessionId, generation) =>
        (await idsOf(sessionId, generation, ['pending', 'running'])).length,
      crash: async (sessionId, generation) => {
        const InstanceIds = await idsOf(sessionId, generation, ['running']);
        await client.send(new StopInstancesCommand({ InstanceIds }));
      },
      exhaust: () => exhaust(client),
    },
    close: async () => client.destroy(),
  };
});

it('a launch template that does not exist is named', async () => {
  const client = ec2ClientOf(emulator.endpoint);
  const compute = ec2ComputeOf(client, { template: { name: 'swe-nowhere', version: '1' } });
  expect((await expectFault(compute.ensure('s1', 1), 'invalid')).message).toContain('swe-nowhere');
  client.destroy();
});

/** Moto always has room: what EC2 says without it is put in the place of its answer. */
function exhaust(client: EC2Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName !== 'RunInstancesCommand') return next(args);
        throw Object.assign(new Error('no room'), { name: 'InsufficientInstanceCapacity' });
      },
    { step: 'deserialize', priority: 'low' },
  );
}
