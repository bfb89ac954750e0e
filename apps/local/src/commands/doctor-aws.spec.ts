import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { handleGithubRequest } from '@swe/adapter-github/requests';
import { githubServer } from '@swe/adapter-github/server';
import { ingressApp } from '@swe/adapter-http/ingress';
import { openHttpServer } from '@swe/adapter-http/server';
import { SLACK_SCOPES } from '@swe/adapter-slack/manifest';
import { handleSlackRequest } from '@swe/adapter-slack/requests';
import { deploymentConfig } from '@swe/config/deployment';
import { loadConfig, systemClock, systemRandom } from '@swe/runtime';
import { silentLogger } from '@swe/testing/memory';
import {
  AwsRefusal,
  deployAccount,
  Ec2Refusal,
  openLoopbackAppSyncEvents,
  openLoopbackAws,
  openLoopbackBedrock,
  openLoopbackEc2,
  openLoopbackGithub,
  openLoopbackSlack,
  SlackRefusal,
} from '@swe/testing/servers';
import type { LoopbackTurn } from '@swe/testing/servers';
import { deploymentProbes } from '../deployment/deployment-probes';
import { deploymentSettingsOf } from '../deployment/deployment-settings';
import { doctorAws } from './doctor-aws';

const REGION = 'eu-west-1';
const SIGNER = { accessKeyId: 'AKIALOOPBACK', secretAccessKey: 'loopback-secret-key' };
const [BOT, SIGNING, TOKEN, HOOK] = [
  '/remote-swe/slack/bot-token',
  '/remote-swe/slack/signing-secret',
  '/remote-swe/github/personal-access-token',
  '/remote-swe/github/webhook-secret',
] as const;
const IMAGE = '/imagebuilder/swe-main/worker-arm64';
const [INGRESS, MANAGER, TABLE] = ['swe-main-ingress', 'swe-main-worker-manager', 'swe-main'] as const;

/** Everything a deployment is made of and speaks to, on this machine, and all of it well. */
async function openWorld() {
  const [aws, ec2, events, slack, github] = await Promise.all([
    openLoopbackAws(),
    openLoopbackEc2(),
    openLoopbackAppSyncEvents({ region: REGION, signers: [SIGNER] }),
    openLoopbackSlack({ scopes: SLACK_SCOPES }),
    openLoopbackGithub(),
  ]);
  const model = { turn: { say: 'Yes.' } as LoopbackTurn };
  const bedrock = await openLoopbackBedrock(() => model.turn);
  github.world.addUser('swe-agent');
  const token = github.tokens.addClassic('swe-agent');
  /** What the ingress has read, which may be something else than what is stored since. */
  const read = { signingSecret: slack.signingSecret, webhookSecret: github.webhookSecret, fails: false };
  const shared = { handle: async () => undefined, clock: systemClock, logger: silentLogger };
  const { fetch } = ingressApp({
    posts: {
      '/slack/events': {
        maxBodyBytes: 1_000,
        handle: (request) =>
          handleSlackRequest(request, {
            ...shared,
            async signingSecret() {
              if (read.fails) throw new Error('it fails');
              return read.signingSecret;
            },
          }),
      },
      '/github/webhooks': {
        maxBodyBytes: 1_000,
        handle: (request) =>
          handleGithubRequest(request, {
            ...shared,
            server: githubServer(github.serverUrl, github.apiUrl),
            webhookSecret: async () => read.webhookSecret,
            login: async () => 'swe-agent',
          }),
      },
    },
    below: {},
    logger: silentLogger,
  });
  const ingress = await openHttpServer({ fetch, port: 0 });
  const { account } = aws;
  deployAccount(account, {
    environment: 'main',
    ingressUrl: ingress.url,
    variables: {
      SWE_EVENTS_HTTP_URL: events.httpUrl,
      SWE_EVENTS_REALTIME_URL: events.realtimeUrl,
      SWE_MODEL: 'bedrock/global.anthropic.claude-opus-5-5',
      SLACK_API_URL: slack.apiUrl,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_SERVER_URL: github.serverUrl,
    },
    parameters: {
      [BOT]: slack.botToken,
      [SIGNING]: slack.signingSecret,
      [TOKEN]: token,
      [HOOK]: github.webhookSecret,
    },
  });
  const environment: Record<string, string> = {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: SIGNER.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SIGNER.secretAccessKey,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_EC2: ec2.endpoint,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
  };
  return {
    ...{ account, aws, ec2, events, slack, github, model, read, ingress, environment },
    refuse(service: string, action: string, refusal: AwsRefusal) {
      aws.before = (call) => (call.service === service && call.action.includes(action) ? refusal : undefined);
    },
    close: () =>
      Promise.all([aws, ec2, events, slack, github, bedrock, ingress].map((server) => server.close())),
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

let world: World;
let before: NodeJS.ProcessEnv;
beforeEach(async () => {
  world = await openWorld();
  before = process.env;
});
afterEach(async () => {
  process.env = before;
  await world.close();
});

/** Runs the command, and gives what it says of each step. */
async function examined() {
  process.env = { ...world.environment };
  let text = '';
  const exitCode = await doctorAws({
    readDeployment: () => loadConfig(deploymentConfig, world.environment),
    out: (words) => (text += words),
    columns: () => 10_000,
    clock: systemClock,
    random: systemRandom,
    isTerminal: false,
  });
  const lines = text.trimEnd().split('\n');
  const found = lines.map((line) => {
    const [, mark = '', step = '', detail = ''] = /^(ok|FAIL|--) +(\S+(?: \S+)?) +(.*)$/.exec(line) ?? [];
    return { mark, step, detail };
  });
  const failed = found.filter(({ mark }) => mark === 'FAIL');
  return { exitCode, text, found, failed };
}

it('finds nothing wrong with a deployment that is whole', async () => {
  const { exitCode, found, text } = await examined();
  expect(found.filter(({ mark }) => mark !== 'ok')).toEqual([]);
  expect(exitCode).toBe(0);
  expect(found).toHaveLength(25);
  for (const secret of [world.slack.botToken, world.slack.signingSecret, world.github.webhookSecret]) {
    expect(text).not.toContain(secret);
  }
  expect(world.ec2.world.instances).toEqual([]);
  expect(world.aws.calls.map(({ action }) => action)).not.toContain('PutParameter');
});

it('looks at nothing before what that needs', () => {
  const settings = deploymentSettingsOf(loadConfig(deploymentConfig, world.environment));
  const unopened = (): never => {
    throw new Error('nothing is asked');
  };
  const probes = deploymentProbes(unopened, settings, systemClock);
  const steps = probes.map(({ step }) => step);
  expect(new Set(steps).size).toBe(steps.length);
  probes.forEach(({ needs = [] }, at) =>
    expect(steps.slice(0, at)).toEqual(expect.arrayContaining([...needs])),
  );
});

interface Planted {
  readonly fault: string;
  plant(world: World): void;
  /** Which step names it. */
  readonly step: string;
  /** What is said of its cause, and what mends it. */
  readonly words: RegExp;
}

const DENIED =
  'User: arn:aws:iam::111122223333:user/ada is not authorized to perform: lambda:ListEventSourceMappings on resource: *';

const PLANTED: readonly Planted[] = [
  {
    fault: 'no region is set',
    plant: ({ environment }) => delete environment['AWS_REGION'],
    step: 'region',
    words: /AWS_REGION is not set.*export AWS_REGION=/,
  },
  {
    fault: 'the credentials have expired',
    plant: ({ refuse }) => refuse('sts', 'GetCaller', new AwsRefusal('ExpiredToken', 'It is expired', 403)),
    step: 'credentials',
    words: /renew the credentials/,
  },
  {
    fault: 'the credentials are nobody’s',
    plant: ({ refuse }) => refuse('sts', 'GetCaller', new AwsRefusal('InvalidClientTokenId', undefined, 403)),
    step: 'credentials',
    words: /AWS does not know these credentials/,
  },
  {
    fault: 'the account is not bootstrapped',
    plant: ({ account }) => account.parameters.delete('/cdk-bootstrap/hnb659fds/version'),
    step: 'bootstrap',
    words: /run npx cdk bootstrap in infra\//,
  },
  {
    fault: 'the bootstrap is of an older CDK',
    plant: ({ account }) =>
      account.parameters.set('/cdk-bootstrap/hnb659fds/version', { type: 'String', value: '5' }),
    step: 'bootstrap',
    words: /has version 5, not 6 or later: run npx cdk bootstrap/,
  },
  {
    fault: 'a stack is not deployed',
    plant: ({ account }) => account.stacks.delete('swe-main-core'),
    step: 'stack core',
    words: /there is no stack swe-main-core: deploy it: npx nx run-many -t deploy/,
  },
  {
    fault: 'the stack of the page is not deployed',
    plant: ({ account }) => account.stacks.delete('swe-main-console'),
    step: 'stack console',
    words: /there is no stack swe-main-console: deploy it/,
  },
  {
    fault: 'the last deployment of a stack failed',
    plant: ({ account }) =>
      account.stacks.set('swe-main-agent', {
        status: 'UPDATE_ROLLBACK_COMPLETE',
        reason: 'No default VPC',
        outputs: {},
      }),
    step: 'stack agent',
    words: /UPDATE_ROLLBACK_COMPLETE \(No default VPC\): what was deployed before still runs/,
  },
  {
    fault: 'a stack could not be made',
    plant: ({ account }) =>
      account.stacks.set('swe-main-worker-manager', { status: 'ROLLBACK_COMPLETE', outputs: {} }),
    step: 'stack manager',
    words: /ROLLBACK_COMPLETE: the stack's events say why.*delete-stack/,
  },
  {
    fault: 'a function could not be updated',
    plant: ({ account }) =>
      Object.assign(account.functions.get(INGRESS) ?? {}, { lastUpdateStatus: 'Failed', reason: 'EniLimit' }),
    step: 'ingress',
    words: /swe-main-ingress could not be updated \(EniLimit\)/,
  },
  {
    fault: 'a function is gone',
    plant: ({ account }) => account.functions.delete(MANAGER),
    step: 'manager',
    words: /there is no function swe-main-worker-manager, deploy it/,
  },
  {
    fault: 'a function lacks a variable',
    plant: ({ account }) => delete account.functions.get(MANAGER)?.variables['SWE_SUBNET_IDS'],
    step: 'manager',
    words: /SWE_SUBNET_IDS/,
  },
  {
    fault: 'the table lacks an index',
    plant: ({ account }) => delete account.tables.get(TABLE)?.indexes['due'],
    step: 'table',
    words: /table swe-main: it lacks the index due/,
  },
  {
    fault: 'the table is not backed up',
    plant: ({ account }) => Object.assign(account.tables.get(TABLE) ?? {}, { hasBackups: false }),
    step: 'table',
    words: /point-in-time recovery is off/,
  },
  {
    fault: 'the table’s stream is off',
    plant: ({ account }) => Object.assign(account.tables.get(TABLE) ?? {}, { streamView: undefined }),
    step: 'table',
    words: /its stream of new images is off/,
  },
  {
    fault: 'the bucket is gone',
    plant: ({ account }) => account.buckets.clear(),
    step: 'bucket',
    words: /there is no bucket swe-main-111122223333-eu-west-1/,
  },
  {
    fault: 'the bucket is in another region',
    plant: ({ refuse }) => refuse('s3', 'HEAD', new AwsRefusal('PermanentRedirect', '', 301)),
    step: 'bucket',
    words: /is in another region: correct AWS_REGION/,
  },
  {
    fault: 'AppSync takes no hints',
    plant: ({ events }) => (events.publishing = 'fails'),
    step: 'hints',
    words: /every answer waits for the next poll/,
  },
  {
    fault: 'the mapping of the table’s stream is off',
    plant: ({ account }) => account.mappings.forEach((each) => (each.state = 'Disabled')),
    step: 'wake-up',
    words: /is Disabled \(User action\): aws lambda update-event-source-mapping --uuid 14e0db71\S+ --enabled/,
  },
  {
    fault: 'the mapping is of the stream of a table that was',
    plant: ({ account }) => account.mappings.forEach((each) => (each.sourceArn = 'arn:aws:dynamodb:old')),
    step: 'wake-up',
    words: /nothing calls swe-main-worker-manager for what is written into the table/,
  },
  {
    fault: 'the worker manager fails on the stream',
    plant: ({ account }) =>
      account.mappings.forEach((each) => (each.lastResult = 'PROBLEM: Function call failed')),
    step: 'wake-up',
    words: /PROBLEM: Function call failed\): its log \/swe\/swe-main-worker-manager says why/,
  },
  {
    fault: 'whoever looks may not',
    plant: ({ refuse }) =>
      refuse('lambda', 'event-source-mappings', new AwsRefusal('AccessDeniedException', DENIED, 403)),
    step: 'wake-up',
    words: /allow lambda:ListEventSourceMappings/,
  },
  {
    fault: 'the sweep’s rule is off',
    plant: ({ account }) => account.rules.forEach((rule) => (rule.state = 'DISABLED')),
    step: 'sweep',
    words: /is off: aws events enable-rule --name swe-main-worker-manager-sweep/,
  },
  {
    fault: 'there are dead letters',
    plant: ({ account }) => account.queues.set('swe-main-worker-manager-dead-letters', 2),
    step: 'dead letters',
    words: /^2 in swe-main-worker-manager-dead-letters/,
  },
  {
    fault: 'the launch template is gone',
    plant: ({ ec2 }) => (ec2.world.templates = []),
    step: 'machines',
    words: /there is no such launch template in eu-west-1: swe-main-agent/,
  },
  {
    fault: 'the newest image was deleted by hand',
    plant: ({ ec2, account }) => {
      account.parameters.set(IMAGE, { type: 'String', value: 'ami-gone' });
      ec2.before = ({ parameters }) =>
        parameters['ImageId'] === 'ami-gone' ? new Ec2Refusal('InvalidAMIID.NotFound') : undefined;
    },
    step: 'image',
    words: /no machine can start from image ami-gone in eu-west-1.*Have the pipeline make another/,
  },
  {
    fault: 'a zone has no such machines',
    plant: ({ ec2 }) =>
      (ec2.before = ({ parameters }) =>
        parameters['InstanceType'] === 't4g.large' ? new Ec2Refusal('Unsupported') : undefined),
    step: 'machines',
    words: /t4g.large in subnet-1: Unsupported; .*correct SWE_INSTANCE_TYPES/,
  },
  {
    fault: 'whoever launches may not pass the role on',
    plant: ({ ec2 }) =>
      (ec2.before = ({ action }) =>
        action === 'RunInstances' ? new Ec2Refusal('UnauthorizedOperation', 'You may not', 403) : undefined),
    step: 'machines',
    words: /allow ec2:RunInstances .* and iam:PassRole for the role in swe-main-agent/,
  },
  {
    fault: 'a machine was left behind',
    plant: ({ ec2 }) =>
      void ec2.world.add({
        state: 'running',
        tags: {
          'swe:environment': 'main',
          'swe:session': 'saaaaaaaaaaaaaaaaaaaa',
          'swe:generation': '1',
        },
      }),
    step: 'leaks',
    words: /nobody needs: i-0+1 \(unknown-session\)/,
  },
  {
    fault: 'the account has no access to the model',
    plant: ({ model }) =>
      (model.turn = {
        status: 403,
        error: { type: 'AccessDeniedException', message: "You don't have access to the model." },
      }),
    step: 'model',
    words: /access to the model.*Bedrock console/,
  },
  {
    fault: 'there is no such model',
    plant: ({ account }) =>
      Object.assign(account.functions.get(INGRESS)?.variables ?? {}, { SWE_MODEL: 'bedrock/claude-opus' }),
    step: 'model',
    words: /bedrock\/claude-opus is not known\. Close to it/,
  },
  {
    fault: 'a secret is not stored',
    plant: ({ account }) => account.parameters.delete(BOT),
    step: 'slack bot',
    words: /there is no parameter \/remote-swe\/slack\/bot-token.*swe setup/,
  },
  {
    fault: 'the bot’s token was revoked',
    plant: ({ slack }) => (slack.tokens = 'token_revoked'),
    step: 'slack bot',
    words: /token_revoked/,
  },
  {
    fault: 'Slack is down',
    plant: ({ slack }) => (slack.before = () => new SlackRefusal('fatal_error')),
    step: 'slack bot',
    words: /fatal_error/,
  },
  {
    fault: 'a secret lies in clear',
    plant: ({ account, slack }) =>
      account.parameters.set(SIGNING, { type: 'String', value: slack.signingSecret }),
    step: 'slack secret',
    words: /signing-secret lies in clear, it is not a SecureString/,
  },
  {
    fault: 'a secret can’t be decrypted',
    plant: ({ aws }) =>
      (aws.before = ({ input }) => (input['Name'] === SIGNING ? new AwsRefusal('InvalidKeyId') : undefined)),
    step: 'slack secret',
    words: /signing-secret cannot be decrypted, see its KMS key/,
  },
  {
    fault: 'the ingress goes by another signing secret',
    plant: ({ read }) => (read.signingSecret = 'another'),
    step: 'slack url',
    words: /does not take what is signed with the stored signing secret/,
  },
  {
    fault: 'something else answers where the ingress is expected',
    plant: ({ account, github }) =>
      Object.assign(account.stacks.get(INGRESS)?.outputs ?? {}, {
        SlackBoltEndpointUrl: `${github.apiUrl}/slack/events`,
      }),
    step: 'slack url',
    words: /answers 404, and not as the ingress does/,
  },
  {
    fault: 'nobody answers where the ingress is expected',
    plant: ({ account }) =>
      Object.assign(account.stacks.get(INGRESS)?.outputs ?? {}, {
        SlackBoltEndpointUrl: 'http://127.0.0.1:2/slack/events',
      }),
    step: 'slack url',
    words: /127\.0\.0\.1:2\/slack\/events can't be reached/,
  },
  {
    fault: 'the ingress fails',
    plant: ({ read }) => (read.fails = true),
    step: 'slack url',
    words: /answers 500: the ingress's log says why/,
  },
  {
    fault: 'GitHub does not take the token',
    plant: ({ account }) => account.parameters.set(TOKEN, { type: 'SecureString', value: 'ghp_other' }),
    step: 'github',
    words: /does not take the token/,
  },
  {
    fault: 'the token lacks the scope',
    plant: ({ account, github }) =>
      account.parameters.set(TOKEN, {
        type: 'SecureString',
        value: github.tokens.addClassic('swe-agent', ['read:user']),
      }),
    step: 'github',
    words: /the token lacks the scope/,
  },
  {
    fault: 'the signing secret is stored with the end of a line, and the ingress goes by it',
    plant: ({ account, read, slack }) => {
      read.signingSecret = `${slack.signingSecret}\n`;
      account.parameters.set(SIGNING, { type: 'SecureString', value: read.signingSecret });
    },
    step: 'slack secret',
    words: /white space around it/,
  },
  {
    fault: 'so is the webhook secret',
    plant: ({ account, read, github }) => {
      read.webhookSecret = `${github.webhookSecret}\n`;
      account.parameters.set(HOOK, { type: 'SecureString', value: read.webhookSecret });
    },
    step: 'github hook',
    words: /white space around it/,
  },
  {
    fault: 'the ingress goes by another webhook secret',
    plant: ({ read }) => (read.webhookSecret = 'another'),
    step: 'github hook',
    words: /does not take what is signed with the stored webhook secret/,
  },
];

describe('names it, and nothing else, when', () => {
  it.each(PLANTED.map((planted) => [planted.fault, planted] as const))(
    '%s',
    async (_, { plant, step, words }) => {
      plant(world);
      const { exitCode, failed, text } = await examined();
      expect(failed.map((each) => each.step)).toEqual([step]);
      expect(failed[0]?.detail).toMatch(words);
      expect(exitCode).toBe(1);
      expect(text).not.toContain(world.slack.botToken);
    },
  );
});

it('tells that no webhook is taken where its secret is not stored, which is no fault', async () => {
  world.account.parameters.delete(HOOK);
  const { exitCode, found } = await examined();
  expect(exitCode).toBe(0);
  expect(found.find(({ step }) => step === 'github hook')?.detail).toContain('nothing begins by a mention');
});
