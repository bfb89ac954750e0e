import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { systemClock } from '@swe/runtime';
import { openMoto, useEmulator } from '@swe/testing/servers';
import { openLog } from './open-log';

const emulator = useEmulator(openMoto);
const MACHINE = { sessionId: 's1', generation: 2, region: 'eu-west-1' };

const before = { ...process.env };
let client: CloudWatchLogsClient;
let logGroup: string;
beforeEach(async () => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: emulator.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  client = new CloudWatchLogsClient({ region: MACHINE.region });
  logGroup = `/swe/${randomUUID()}`;
  await client.send(new CreateLogGroupCommand({ logGroupName: logGroup }));
});
afterEach(() => {
  client.destroy();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

it('what a machine logs, also last of all, is found where it outlives the machine', async () => {
  {
    await using log = openLog({ ...MACHINE, logGroup }, systemClock);
    log.logger.with({ sessionId: 's1' }).error('agent.failed', { reason: 'no disk' });
  }
  const { events = [] } = await client.send(
    new GetLogEventsCommand({ logGroupName: logGroup, logStreamName: 's1/2', startFromHead: true }),
  );
  expect(events.map(({ message = '' }) => JSON.parse(message))).toEqual([
    { level: 50, time: expect.any(Number), event: 'agent.failed', sessionId: 's1', reason: 'no disk' },
  ]);
});
