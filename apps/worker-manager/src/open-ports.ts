import { EC2Client } from '@aws-sdk/client-ec2';
import { DynamoAccess, DynamoWorkerRegister } from '@swe/adapter-aws/dynamodb';
import { Ec2Compute } from '@swe/adapter-aws/ec2';
import { TerminalChat } from '@swe/adapter-local/terminal-chat';
import { routeChat, routeDirectory } from '@swe/application/agent';
import { handleRepoEvent } from '@swe/application/ingress';
import { tracedCompute, tracedStore } from '@swe/application/tracing';
import type { ManagerPorts } from '@swe/application/worker-manager';
import type { workerManagerConfig } from '@swe/config/worker-manager';
import { isFault } from '@swe/domain';
import type { Clock, Logger, Random, Tracer } from '@swe/domain';
import { clientSettings } from '@swe/wiring/aws-client';
import { openAwsStore } from '@swe/wiring/aws-store';
import { chatRulesOf } from '@swe/wiring/chat-rules';
import { openGithubBy } from '@swe/wiring/github';
import { githubSettingsOf } from '@swe/wiring/github-settings';
import { secretReader } from '@swe/wiring/secret';
import { openSlack } from '@swe/wiring/slack';
import { twinHome } from '@swe/wiring/twin-home';
import type { z } from 'zod';

interface Host {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly tracer: Tracer | undefined;
}

/** A place without room is answered with status 500, which the SDK would try again before the next place is tried. */
const EC2_ATTEMPTS = 2;

export function openPorts(
  config: z.infer<typeof workerManagerConfig>,
  { tracer, ...host }: Host,
): ManagerPorts {
  const { clock, random, logger } = host;
  const { table, journal, outbox, ledger, blobs, ...opened } = openAwsStore({
    region: config.AWS_REGION,
    tableName: config.SWE_TABLE_NAME,
    bucketName: config.SWE_BUCKET_NAME,
    hasOwnS3: (config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL) !== undefined,
    clock,
    random,
  });
  const readSecret = secretReader({ region: config.AWS_REGION }, clock);
  const store = tracer === undefined ? opened.store : tracedStore(opened.store, tracer);
  const ec2 = new Ec2Compute({
    client: new EC2Client({ ...clientSettings({ region: config.AWS_REGION }), maxAttempts: EC2_ATTEMPTS }),
    register: new DynamoWorkerRegister(table),
    clock,
    logger,
    environment: config.SWE_ENV,
    template: { name: config.SWE_LAUNCH_TEMPLATE_NAME, version: config.SWE_LAUNCH_TEMPLATE_VERSION },
    instanceTypes: config.SWE_INSTANCE_TYPES,
    subnetIds: config.SWE_SUBNET_IDS,
    spot: config.SWE_SPOT === 'true',
    findImage: () => findImage(readSecret, config.SWE_WORKER_IMAGE_PARAMETER),
  });
  const compute = tracer === undefined ? ec2 : tracedCompute(ec2, store, tracer);
  const twin = config.SWE_TWIN_HOME;
  const token = { value: config.SLACK_BOT_TOKEN, parameter: config.SLACK_BOT_TOKEN_PARAMETER };
  const slack = openSlack({
    token: () => readSecret(token),
    apiUrl: config.SLACK_API_URL,
    clock,
    logger,
  });
  const github = openGithubBy(githubSettingsOf(config), readSecret, clock);
  const terminal =
    twin === undefined
      ? {}
      : { terminal: new TerminalChat({ folder: twinHome(twin).threads, clock, random }) };
  // Whoever is at a session looks into its inbox by themselves before long.
  const bus = { publish: async () => undefined };
  const ingress = { store, ledger, access: new DynamoAccess(table), bus, clock, logger };
  const rules = chatRulesOf(config);
  return {
    ...{ store, journal, outbox, ledger, blobs, compute, ...host },
    chat: routeChat({ slack: slack.chat, github: github.chat, ...terminal }, logger),
    directory: routeDirectory({ slack: slack.directory, github: github.directory(logger) }),
    missed: {
      serves: github.serves,
      events: github.hostEvents,
      handle: (event) => handleRepoEvent(ingress, rules, event),
    },
  };
}

/** The newest image of a machine; none has been made yet, or none is to be: undefined. */
async function findImage(
  read: ReturnType<typeof secretReader>,
  parameter: string | undefined,
): Promise<string | undefined> {
  if (parameter === undefined) return undefined;
  try {
    return await read({ value: undefined, parameter });
  } catch (error) {
    if (isFault(error, 'missing')) return undefined;
    throw error;
  }
}
