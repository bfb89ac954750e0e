import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient, paginateScan, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { createTableInput, DynamoSessionStore, DynamoTable } from '@swe/adapter-aws/dynamodb';
import { S3BlobStore } from '@swe/adapter-aws/s3';
import { openForge } from '@swe/adapter-local/forge';
import { isFault } from '@swe/domain';
import type { InboxItem, Session } from '@swe/domain';
import {
  openDynamoDbLocal,
  openFauxqs,
  openLoopbackAppSyncEvents,
  openLoopbackBedrock,
  openLoopbackEc2,
  openLoopbackSlack,
} from '@swe/testing/servers';
import { BOT, TEAM } from '@swe/testing/servers';
import type { LoopbackGithub, LoopbackScript, SlackPost, SlackTold } from '@swe/testing/servers';
import { openHttpApi } from './http-api';
import { Instances } from './instances';
import { startLambda } from './lambda-function';
import type { LambdaFunction } from './lambda-function';
import type { MachineUsers } from './machine-users';
import { mapStream } from './stream-mapping';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const REGION = 'eu-west-1';
export const CHANNEL = 'C0FARES';
export const ADA = 'U0ADA';
export const BOB = 'U0BOB';
const TABLE = 'swe-e2e';
const BUCKET = 'swe-e2e';
const SIGNER = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'loopback' };
/** The schedule's minute, on a machine where looking costs nothing. */
const SWEEP_MS = 1_000;

const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number, signal?: AbortSignal) =>
    sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
};
const random = { fraction: () => Math.random(), id: () => randomUUID() };

export interface CloudOptions {
  /** Everything that lies on disks. */
  readonly folder: string;
  readonly path: string;
  readonly model: LoopbackScript;
  /** A GitHub, whose webhooks come to the ingress; whoever opened it closes it. */
  readonly github?: CloudGithub;
  /** Of the agents, beside what every one gets; it may be made once it is known where the stores are. */
  readonly agentEnv?: AgentEnv | ((stores: CloudStores) => Promise<AgentEnv>);
  /** A collector of traces; without it nothing is traced. */
  readonly otlpEndpoint?: string;
  /** Of each instance; absent, this process's alone. */
  readonly users?: MachineUsers | undefined;
}

type AgentEnv = Readonly<Record<string, string>>;

/** Where the table and the bucket are. */
export interface CloudStores {
  readonly dynamodb: string;
  readonly s3: string;
  readonly tableName: string;
  readonly bucketName: string;
}

export interface CloudGithub {
  readonly server: LoopbackGithub;
  /** As whom the agent is there: by the token of an account of its own, or as an App with its key. */
  readonly access: { readonly token: string } | { readonly appId: string; readonly privateKey: string };
}

export interface CloudSaying {
  readonly by?: string;
  /** File ids. */
  readonly files?: readonly string[];
}

export type Cloud = Awaited<ReturnType<typeof openCloud>>;

/**
 * The product as it is deployed, on this machine: the ingress's bundle as a Lambda function behind an HTTP API, the worker
 * manager's as one that the table's stream and a schedule call, and the agent's as the daemon of each instance; Slack,
 * DynamoDB, S3, AppSync Events, EC2 and Bedrock are servers on loopback.
 */
export async function openCloud(options: CloudOptions) {
  const { folder, path, model, github, agentEnv = {}, otlpEndpoint, users } = options;
  const [dynamo, s3, events, ec2, bedrock, slack] = await Promise.all([
    openDynamoDbLocal(),
    openFauxqs(),
    openLoopbackAppSyncEvents({ region: REGION, signers: [SIGNER] }),
    openLoopbackEc2(),
    openLoopbackBedrock(model),
    openLoopbackSlack(),
  ]);
  const credentials = async () => SIGNER;
  const client = new DynamoDBClient({ endpoint: dynamo.endpoint, region: REGION, credentials });
  const stream = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } as const;
  await client.send(new CreateTableCommand({ ...createTableInput(TABLE), StreamSpecification: stream }));
  const s3Client = new S3Client({ endpoint: s3.endpoint, region: REGION, credentials, forcePathStyle: true });
  await s3Client.send(new CreateBucketCommand({ Bucket: BUCKET }));

  const stores = { dynamodb: dynamo.endpoint, s3: s3.endpoint, tableName: TABLE, bucketName: BUCKET };
  const twinHome = join(folder, 'twin');
  const forge = openForge({ folder: join(twinHome, 'forge'), env: { PATH: path, HOME: folder }, clock });
  const account = {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: SIGNER.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SIGNER.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
  };
  const common = {
    ...account,
    PATH: path,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_EC2: ec2.endpoint,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
    SWE_ENV: 'e2e',
    SWE_TABLE_NAME: TABLE,
    SWE_BUCKET_NAME: BUCKET,
    SWE_TWIN_HOME: twinHome,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    ...(github !== undefined && githubEnvironment(github)),
    ...(otlpEndpoint !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
  };
  const channels = {
    SWE_EVENTS_HTTP_URL: events.httpUrl,
    SWE_EVENTS_REALTIME_URL: events.realtimeUrl,
  };
  const ingressEnv = { ...common, ...channels, SLACK_SIGNING_SECRET: slack.signingSecret };
  const startIngress = (env: Readonly<Record<string, string>> = {}): Promise<LambdaFunction> =>
    startLambda(join(ROOT, 'dist/apps/ingress/index.mjs'), folder, { ...ingressEnv, ...env });
  const ingress = await startIngress();
  const api = await openHttpApi(ingress.invoke);
  slack.requestUrl = `${api.url}/slack/events`;
  if (github !== undefined) github.server.hooks.url = `${api.url}/github/webhooks`;
  const manager = await startLambda(join(ROOT, 'dist/apps/worker-manager/index.mjs'), folder, {
    ...common,
    SWE_LAUNCH_TEMPLATE_NAME: 'swe-e2e-worker',
    SWE_LAUNCH_TEMPLATE_VERSION: '1',
    SWE_INSTANCE_TYPES: 'm8g.large',
    SWE_SUBNET_IDS: 'subnet-1',
  });
  const instances = new Instances(ec2.world, {
    folder: join(folder, 'instances'),
    startAgent: join(ROOT, 'infra/worker/start-agent'),
    users,
    env: {
      ...common,
      ...channels,
      SWE_MODEL: 'bedrock/anthropic.claude-sonnet-5-5',
      // Not every machine that runs these tests can shut processes in.
      SWE_SANDBOX: 'preferred',
      SWE_NODE: process.execPath,
      SWE_AGENT: join(ROOT, 'dist/apps/agent/index.mjs'),
      ...(typeof agentEnv === 'function' ? await agentEnv(stores) : agentEnv),
    },
  });
  const mapping = mapStream(dynamo.endpoint, TABLE, manager.invoke);
  const schedule = new AbortController();
  const sweeping = (async () => {
    for (; !schedule.signal.aborted; await clock.sleep(SWEEP_MS, schedule.signal)) {
      await manager.invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event' }).catch(() => undefined);
    }
  })();

  const table = new DynamoTable({ client, tableName: TABLE, clock, random });
  const store = new DynamoSessionStore(table, new S3BlobStore({ client: s3Client, bucketName: BUCKET }));
  slack.world.addChannel(CHANNEL, 'fares');
  slack.world.addPerson(ADA, 'Ada');
  slack.world.addPerson(BOB, 'Bob');
  let threadTs: string | undefined;

  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let i = 0; i < 600; i += 1) {
      const found = await look();
      if (found !== undefined) return found;
      await sleep(200);
    }
    throw new Error(`${what} did not come about.\n${instances.log}\n${manager.log()}`);
  }

  return {
    forge,
    ec2,
    events,
    bedrock,
    instances,
    manager,
    slack,
    ingress,
    /** Another ingress beside it, whose environment differs in these. */
    startIngress,
    /** Where Slack's requests go. */
    url: slack.requestUrl,
    /** Where the HTTP API is. */
    apiUrl: `${api.url}/api/v1`,
    /** What whoever runs a deployment has in their shell, and the name of its table. */
    account,
    tableName: TABLE,
    /** A person speaks in the thread, or begins it: to the bot when `text` mentions it. */
    write(text: string, { by = ADA, files = [] }: CloudSaying = {}): SlackTold {
      const thread = threadTs === undefined ? {} : { threadTs };
      const said = slack.people.say({ by, channel: CHANNEL, text, files, ...thread });
      threadTs ??= said.post.ts;
      return said;
    },
    /** A person mentions the bot: first in a channel, then in the thread that it began. Gives the session's id. */
    async say(text: string, saying?: CloudSaying): Promise<string> {
      const { told } = this.write(`<@${BOT.userId}> ${text}`, saying);
      const attempts = await told;
      // A machine under load may miss Slack's three seconds; then Slack tells it again.
      if (attempts.some((each) => each.at(-1)?.status !== 200))
        throw new Error(JSON.stringify(attempts) + ingress.log());
      return (await store.findSession(`slack:${TEAM.id}/${CHANNEL}/${threadTs}`))?.id ?? '';
    },
    /** How many items there are in the table. */
    stored: async (): Promise<number> =>
      (await client.send(new ScanCommand({ TableName: TABLE, Select: 'COUNT' }))).Count ?? 0,
    /** All that the table and the bucket hold, byte for byte. */
    async contents(): Promise<readonly Buffer[]> {
      const found: Buffer[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName: TABLE })) {
        found.push(...Items.map((item) => Buffer.from(JSON.stringify(item))));
      }
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3Client }, { Bucket: BUCKET })) {
        for (const { Key } of Contents) {
          const { Body } = await s3Client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
          found.push(Buffer.from((await Body?.transformToByteArray()) ?? []));
        }
      }
      return found;
    },
    /** What the bot said in the thread. */
    said: (): readonly SlackPost[] =>
      slack.world.posts.filter(
        ({ user, threadTs: of }) => user === BOT.userId && of !== undefined && of === threadTs,
      ),
    /** The bot's reactions to the words that began the thread. */
    reactions: () => [...slack.world.reactionsTo({ channel: CHANNEL, ts: threadTs ?? '' }).keys()],
    /** The session of an origin, once it has one. */
    sessionOf: (origin: string): Promise<Session> =>
      until(`a session of ${origin}`, () => store.findSession(origin)),
    /** The messages of whichever session an origin has. */
    async inbox(origin: string): Promise<readonly InboxItem[]> {
      const session = await store.findSession(origin);
      return session === undefined ? [] : store.readInbox(session.id, 0);
    },
    session: async (id: string): Promise<Session> => (await store.load(id))!,
    /** Has it be time to ask the hosts what no delivery told of the session. */
    async makePollDue(id: string): Promise<void> {
      await until('a change', async () => {
        const { revision } = (await store.load(id))!;
        const change = store.change(id, revision, { pollAtMs: 0 });
        return change.catch((error: unknown) => {
          if (!isFault(error, 'conflict')) throw error;
          return undefined;
        });
      });
    },
    /** Waits until all messages of a session have an outcome, and gives the messages. */
    outcomes: (id: string): Promise<readonly InboxItem[]> =>
      until(`an outcome in ${id}`, async () => {
        const items = await store.readInbox(id, 0);
        return items.every(({ outcome }) => outcome !== undefined) ? items : undefined;
      }),
    until,
    async close() {
      schedule.abort();
      await sweeping;
      await mapping.close();
      await api.close();
      await ingress.close();
      await manager.close();
      await instances.close();
      forge.close();
      client.destroy();
      s3Client.destroy();
      await Promise.all([dynamo, s3, events, ec2, bedrock, slack].map((server) => server.close()));
    },
  };
}

/** The rest is the ingress's alone, which the others pass over. */
function githubEnvironment({ server, access }: CloudGithub): Readonly<Record<string, string>> {
  const { serverUrl, apiUrl, webhookSecret } = server;
  return {
    GITHUB_SERVER_URL: serverUrl,
    // Of an Enterprise Server's pages the address of its API follows.
    ...(apiUrl !== `${serverUrl}/api/v3` && { GITHUB_API_URL: apiUrl }),
    ...('token' in access
      ? { GITHUB_TOKEN: access.token }
      : { GITHUB_APP_ID: access.appId, GITHUB_APP_PRIVATE_KEY: access.privateKey }),
    GITHUB_WEBHOOK_SECRET: webhookSecret,
  };
}
