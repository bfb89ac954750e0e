import { AppSyncEventBus } from '@swe/adapter-aws/appsync';
import { DynamoAccess, DynamoApiKeys } from '@swe/adapter-aws/dynamodb';
import { ingressApp } from '@swe/adapter-http/ingress';
import type { PostRoute } from '@swe/adapter-http/ingress';
import { handleGithubRequest, MAX_GITHUB_BODY_BYTES } from '@swe/adapter-github/requests';
import { handleSlackRequest, MAX_SLACK_BODY_BYTES } from '@swe/adapter-slack/requests';
import { handleChatEvent, handleRepoEvent } from '@swe/application/ingress';
import { tracedStore } from '@swe/application/tracing';
import { ingressConfig } from '@swe/config/ingress';
import { loadConfig, outputLogger, systemClock, systemRandom } from '@swe/runtime';
import { openAwsStore } from '@swe/wiring/aws-store';
import { chatRulesOf } from '@swe/wiring/chat-rules';
import { openGithubBy } from '@swe/wiring/github';
import { githubSettingsOf } from '@swe/wiring/github-settings';
import { openHttpApi } from '@swe/wiring/http-api';
import { secretReader } from '@swe/wiring/secret';
import { flushedBefore, openTracer } from '@swe/wiring/tracer';
import { handle } from 'hono/aws-lambda';
import type { DeployedConsole } from './deployed-console';

/** Browsers send it to this host alone, and by TLS: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes */
const COOKIE = '__Host-swe';

const config = loadConfig(ingressConfig, process.env);
const [clock, random, logger] = [systemClock, systemRandom, outputLogger()];
const region = config.AWS_REGION;
const tracer = await openTracer({
  endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  service: 'ingress',
  environment: config.SWE_ENV,
});
/** Slack waits for the answer. */
const FLUSH_MS = 200;

const { table, journal, outbox, ledger, credentials, ...opened } = openAwsStore({
  region,
  tableName: config.SWE_TABLE_NAME,
  bucketName: config.SWE_BUCKET_NAME,
  hasOwnS3: (config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL) !== undefined,
  clock,
  random,
});
const store = tracer === undefined ? opened.store : tracedStore(opened.store, tracer);
const [httpUrl, realtimeUrl] = [config.SWE_EVENTS_HTTP_URL, config.SWE_EVENTS_REALTIME_URL];
const bus = new AppSyncEventBus({ httpUrl, realtimeUrl, region, credentials, clock, random, logger });
const ports = { store, ledger, access: new DynamoAccess(table), bus, clock, logger };

const rules = chatRulesOf(config);
if (rules.admins === undefined) {
  const mend =
    'Everybody in the workspace may have the agent work. Set ADMIN_USER_ID_LIST to let in only whom you approve.';
  logger.warn('access.open', { mend });
}

const readSecret = secretReader({ region }, clock);
const signing = { value: config.SLACK_SIGNING_SECRET, parameter: config.SLACK_SIGNING_SECRET_PARAMETER };
const slack: PostRoute = {
  maxBodyBytes: MAX_SLACK_BODY_BYTES,
  handle: (request) =>
    handleSlackRequest(request, {
      signingSecret: () => readSecret(signing),
      handle: (event) => handleChatEvent(ports, rules, event),
      clock,
      logger,
    }),
};

const github = openGithubBy(githubSettingsOf(config), readSecret, clock);
const { GITHUB_LOGIN: ownLogin } = config;
const webhook = { value: config.GITHUB_WEBHOOK_SECRET, parameter: config.GITHUB_WEBHOOK_SECRET_PARAMETER };
const webhooks: PostRoute = {
  maxBodyBytes: MAX_GITHUB_BODY_BYTES,
  handle: (request) =>
    handleGithubRequest(request, {
      server: github.server,
      webhookSecret: () => readSecret(webhook),
      login: ownLogin === undefined ? github.login : async () => ownLogin,
      ...(config.GITHUB_LABEL !== undefined && { label: config.GITHUB_LABEL }),
      handle: (event) => handleRepoEvent(ports, rules, event),
      clock,
      logger,
    }),
};

const keys = new DynamoApiKeys(table);
// Responses of Lambda's behind an HTTP API can't stream.
const api = openHttpApi({ ...ports, journal, outbox, keys, random }, rules, {
  isBrief: true,
  cookie: COOKIE,
});

const { SWE_CONSOLE_PARAMETER: parameter } = config;
let loading: Promise<DeployedConsole> | undefined;
const page = async (request: Request): Promise<Response | undefined> => {
  if (parameter === undefined) return undefined;
  loading ??= import('./open-console').then(({ openConsole }) =>
    openConsole({
      region,
      parameter,
      readObjects: opened.readObjects,
      cookie: COOKIE,
      keys,
      clock,
      random,
      logger,
    }),
  );
  return (await loading).fetch(request);
};

/** Lambda's entry, behind an HTTP API. */
export const handler = flushedBefore(
  handle(
    ingressApp({
      posts: { '/slack/events': slack, '/github/webhooks': webhooks },
      below: api,
      rest: page,
      logger,
    }),
  ),
  tracer,
  FLUSH_MS,
);
