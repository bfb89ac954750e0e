import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { createTableInput, DynamoSessionStore, DynamoTable } from '@swe/adapter-aws/dynamodb';
import { S3BlobStore } from '@swe/adapter-aws/s3';
import {
  BOT,
  openDynamoDbLocal,
  openFauxqs,
  openFrontingServer,
  openLoopbackAppSyncEvents,
  openLoopbackBedrock,
  openLoopbackImds,
  openLoopbackSlack,
  openLoopbackSts,
  TEAM,
} from '@swe/testing/servers';
import type { LoopbackScript } from '@swe/testing/servers';
import type { Reached } from './system-machine';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const REGION = 'eu-west-1';
const NAME = 'swe-machine';
const SIGNER = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'loopback' };
const CHANNEL = 'C0FARES';
const ADA = 'U0ADA';

const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number) => sleep(ms),
};
const random = { fraction: () => Math.random(), id: () => randomUUID() };

export type MachineCloud = Awaited<ReturnType<typeof openMachineCloud>>;

/** What one machine's daemon speaks to, with a session whose first message waits for it. */
export async function openMachineCloud(folder: string, model: LoopbackScript) {
  const [dynamo, s3, events, bedrock, slack, sts] = await Promise.all([
    openDynamoDbLocal(),
    openFauxqs(),
    openLoopbackAppSyncEvents({ region: REGION, signers: [SIGNER] }),
    openLoopbackBedrock(model),
    openLoopbackSlack(),
    openLoopbackSts(SIGNER),
  ]);
  const settings = { region: REGION, credentials: SIGNER };
  const client = new DynamoDBClient({ ...settings, endpoint: dynamo.endpoint });
  await client.send(new CreateTableCommand(createTableInput(NAME)));
  const s3Client = new S3Client({ ...settings, endpoint: s3.endpoint, forcePathStyle: true });
  await s3Client.send(new CreateBucketCommand({ Bucket: NAME }));
  const table = new DynamoTable({ client, tableName: NAME, clock, random });
  const store = new DynamoSessionStore(table, new S3BlobStore({ client: s3Client, bucketName: NAME }));

  slack.world.addChannel(CHANNEL, 'fares');
  slack.world.addPerson(ADA, 'Ada');
  const { post } = slack.people.say({ by: ADA, channel: CHANNEL, text: `<@${BOT.userId}> look`, files: [] });
  const thread = `slack:${TEAM.id}/${CHANNEL}/${post.ts}`;
  const { sessionId } = await store.receive({
    messageKey: thread,
    origin: thread,
    requester: `slack:${TEAM.id}/${ADA}`,
    addressed: true,
    body: { kind: 'text', text: 'Look around.' },
    receivedAtMs: Date.now(),
  });
  const { revision } = (await store.load(sessionId))!;
  await store.change(sessionId, revision, { generation: 1 });
  const imds = await openLoopbackImds(() => ({ 'swe:session': sessionId, 'swe:generation': '1' }));

  const archive = packArchive(folder);
  const archiveKey = `agent/${createHash('sha256').update(archive).digest('hex')}.tar.gz`;
  // As large as it is, fauxqs takes it from nobody.
  const bucket = await openFrontingServer(s3.endpoint, ({ method, url }) =>
    method === 'GET' && url === `/${NAME}/${archiveKey}`
      ? { status: 200, contentType: 'application/gzip', body: archive }
      : undefined,
  );

  const portOf = (url: string): number => Number(new URL(url).port);
  const metadata = ['169.254.169.254', 'fd00:ec2::254'].map((address) => ({ address, port: 80 }));
  const urls = [
    dynamo.endpoint,
    bucket.endpoint,
    events.httpUrl,
    events.realtimeUrl,
    bedrock.url,
    slack.apiUrl,
  ];
  return {
    /** What the daemon is told, as an environment's stack would. */
    env: {
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_S3: bucket.endpoint,
      AWS_ENDPOINT_URL_STS: sts.endpoint,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
      SWE_ENV: 'machine',
      SWE_TABLE_NAME: NAME,
      SWE_BUCKET_NAME: NAME,
      SWE_SESSION_ROLE_ARN: 'arn:aws:iam::111122223333:role/swe-machine-agent-session',
      SWE_EVENTS_HTTP_URL: events.httpUrl,
      SWE_EVENTS_REALTIME_URL: events.realtimeUrl,
      SWE_MODEL: 'bedrock/anthropic.claude-sonnet-5-5',
      // Not every machine that runs these tests can shut processes in.
      SWE_SANDBOX: 'preferred',
      SWE_AGENT_ARCHIVE: archiveKey,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_API_URL: slack.apiUrl,
    } as Readonly<Record<string, string>>,
    reached: [
      ...[...new Set([...urls, sts.endpoint].map(portOf))].map((port) => ({ port })),
      { port: portOf(imds.endpoint), at: metadata },
    ] satisfies readonly Reached[],
    get taken() {
      return sts.taken;
    },
    said: (): readonly string[] =>
      slack.world.posts.flatMap(({ user, text }) => (user === BOT.userId ? [text] : [])),
    async close(): Promise<void> {
      client.destroy();
      s3Client.destroy();
      await Promise.all(
        [dynamo, s3, bucket, events, bedrock, slack, sts, imds].map((server) => server.close()),
      );
    },
  };
}

/** What a deployment makes of what was built. */
function packArchive(folder: string): Buffer {
  const file = join(folder, 'archive');
  const script = `
    import { writeFileSync } from 'node:fs';
    import { agentArchive } from './tools/deploy/agent-archive.ts';
    writeFileSync(process.argv[1], agentArchive(process.arch === 'arm64' ? 'arm64' : 'x86_64').bytes);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script, file];
  const env = { ...process.env, TSX_TSCONFIG_PATH: 'tools/tsconfig.json' };
  execFileSync(process.execPath, args, { cwd: ROOT, env });
  return readFileSync(file);
}
