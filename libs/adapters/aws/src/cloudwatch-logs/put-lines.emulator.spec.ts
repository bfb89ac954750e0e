import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openMoto, useEmulator } from '@swe/testing/servers';
import { openLogStream } from './put-lines';

const emulator = useEmulator(openMoto);

let client: CloudWatchLogsClient;
let group: string;
beforeEach(async () => {
  client = new CloudWatchLogsClient({
    endpoint: emulator.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  group = `/swe/${randomUUID()}`;
  await client.send(new CreateLogGroupCommand({ logGroupName: group }));
});
afterEach(() => client.destroy());

it('puts lines into a stream of its own, which another process goes on with', async () => {
  const place = { group, stream: 's1/1' };
  // Older lines than two weeks are refused.
  const atMs = Date.now();
  const { signal } = new AbortController();
  for (const [later, event] of ['one', 'two'].entries()) {
    const put = await openLogStream(client, place, signal);
    await put([{ atMs: atMs + later, text: `{"event":"${event}"}` }], signal);
  }
  const { events = [] } = await client.send(
    new GetLogEventsCommand({ logGroupName: group, logStreamName: place.stream, startFromHead: true }),
  );
  expect(events.map(({ timestamp, message }) => [timestamp, message])).toEqual([
    [atMs, '{"event":"one"}'],
    [atMs + 1, '{"event":"two"}'],
  ]);
});

it('rejects where there is no such group', async () => {
  const opening = openLogStream(
    client,
    { group: '/swe/nowhere', stream: 's1/1' },
    new AbortController().signal,
  );
  await expect(opening).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
