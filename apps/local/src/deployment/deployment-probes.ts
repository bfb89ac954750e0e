import { pingWebhook } from '@swe/adapter-github/requests';
import { checkBotToken } from '@swe/adapter-slack/app-check';
import { SLACK_SCOPES } from '@swe/adapter-slack/manifest';
import { verifyUrl } from '@swe/adapter-slack/requests';
import type { Probe } from '@swe/application/local';
import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import type { Deployment } from '@swe/wiring/deployment';
import { openGithubBy } from '@swe/wiring/github';
import { githubSettingsOf } from '@swe/wiring/github-settings';
import { slackClient } from '@swe/wiring/slack';
import { Deployed } from './deployed';
import type { DeploymentSettings } from './deployment-settings';
import { bootstrapProbe, credentialsProbe, modelProbe, regionIn, regionProbe } from './foundation-probes';
import { readSecret } from './read-secret';
import { checkSigningSecret, checkWebhookSecret } from './shared-secrets';

const DEPLOY = 'Deploying is told in docs/deploy.md.';
const SETUP = 'swe setup asks for it, and stores it.';

/** What a deployment needs, each with what to do where it is missing: first what all needs, then AWS, Slack, GitHub. */
export function deploymentProbes(
  deployment: () => Deployment,
  settings: DeploymentSettings,
  clock: Clock,
): readonly Probe[] {
  const region = () => regionIn(settings);
  const deployed = new Deployed(deployment, settings.environment, region);
  return [
    regionProbe(settings),
    credentialsProbe(deployment),
    bootstrapProbe(deployment),
    ...stackProbes(deployed),
    ...storeProbes(deployment, deployed),
    ...managerProbes(deployment, deployed),
    modelProbe({
      models: () => deployed.ingress.SWE_MODEL.join(','),
      region: settings.region,
      catalog: undefined,
      needs: ['ingress'],
    }),
    ...slackProbes(deployment, deployed, clock),
    ...githubProbes(deployment, deployed, clock),
  ];
}

function stackProbes(deployed: Deployed): readonly Probe[] {
  const { core, ingress, console: page, agent, workerManager } = deployed.names.stacks;
  const stack = (step: string, name: string): Probe => ({
    step,
    needs: ['credentials'],
    advice: DEPLOY,
    look: (signal) => deployed.readStack(name, signal),
  });
  return [
    stack('stack core', core),
    stack('stack ingress', ingress),
    stack('stack console', page),
    stack('stack agent', agent),
    stack('stack manager', workerManager),
    {
      step: 'ingress',
      needs: ['stack ingress'],
      advice: DEPLOY,
      look: (signal) => deployed.readIngress(signal),
    },
    {
      step: 'manager',
      needs: ['stack manager'],
      advice: DEPLOY,
      look: (signal) => deployed.readWorkerManager(signal),
    },
  ];
}

function storeProbes(deployment: () => Deployment, deployed: Deployed): readonly Probe[] {
  return [
    { step: 'table', needs: ['manager'], advice: DEPLOY, look: (signal) => deployed.readTable(signal) },
    {
      step: 'bucket',
      needs: ['manager'],
      advice: DEPLOY,
      look: (signal) => deployment().bucket(deployed.workerManager.SWE_BUCKET_NAME, signal),
    },
    {
      step: 'hints',
      needs: ['ingress'],
      advice: 'Without hints every answer waits for the next poll.',
      async look() {
        const { SWE_EVENTS_HTTP_URL: httpUrl, SWE_EVENTS_REALTIME_URL: realtimeUrl } = deployed.ingress;
        await deployment().hint({ httpUrl, realtimeUrl });
        return `${httpUrl} takes them`;
      },
    },
  ];
}

function managerProbes(deployment: () => Deployment, deployed: Deployed): readonly Probe[] {
  const { workerManager, sweep, deadLetters } = deployed.names;
  return [
    {
      step: 'wake-up',
      needs: ['manager', 'table'],
      advice: 'Until then machines are started by the sweep, a minute late.',
      look: (signal) => deployment().wake(workerManager, deployed.streamArn, signal),
    },
    {
      step: 'sweep',
      needs: ['stack manager'],
      advice: 'Without it nothing sleeps, and nothing goes on by itself.',
      look: (signal) => deployment().sweep(sweep, signal),
    },
    {
      step: 'dead letters',
      needs: ['stack manager'],
      advice: 'Nothing of them is lost meanwhile.',
      look: (signal) => deployment().deadLetters(deadLetters, signal),
    },
    {
      step: 'machines',
      needs: ['manager', 'stack agent'],
      advice: 'What EC2 says, and what mends it, is in docs/troubleshooting.md.',
      look: (signal) => deployment().launch(deployed.machines, signal),
    },
    {
      step: 'image',
      needs: ['machines'],
      advice:
        'Until then machines install themselves at their first start, minutes later. Have the pipeline make another (docs/deploy.md, Images).',
      async look(signal) {
        const { SWE_WORKER_IMAGE_PARAMETER: name } = deployed.workerManager;
        const imageId = name && (await deployment().parameters.find(name, signal))?.value;
        if (imageId === undefined) return 'none yet: machines install themselves at their first start';
        await deployment().launch({ ...deployed.machines, imageId }, signal);
        return `${imageId} is what machines start from`;
      },
    },
    {
      step: 'leaks',
      needs: ['manager', 'table'],
      advice: 'The worker manager ends them by the minute: where one stays, its log says why.',
      async look() {
        const { machines, orphans } = await deployment().orphans(deployed.machines);
        if (orphans.length === 0) return `none, of ${machines} machines`;
        const named = orphans.map(({ worker, reason }) => `${worker.workerId} (${reason})`);
        throw new Fault('invalid', `machines that nobody needs: ${named.join(', ')}`);
      },
    },
  ];
}

function slackProbes(deployment: () => Deployment, deployed: Deployed, clock: Clock): readonly Probe[] {
  const signingSecret = (signal: AbortSignal) =>
    readSecret(deployment().parameters, deployed.ingress.SLACK_SIGNING_SECRET_PARAMETER, signal);
  return [
    {
      step: 'slack bot',
      needs: ['manager'],
      advice: `It is the Bot User OAuth Token of OAuth & Permissions (docs/slack.md): ${SETUP}`,
      async look(signal) {
        const { SLACK_BOT_TOKEN_PARAMETER: parameter, SLACK_API_URL: apiUrl } = deployed.workerManager;
        const token = await readSecret(deployment().parameters, parameter, signal);
        return checkBotToken(slackClient(token, apiUrl), SLACK_SCOPES);
      },
    },
    {
      step: 'slack secret',
      needs: ['ingress'],
      advice: `It is the Signing Secret of Basic Information (docs/slack.md): ${SETUP}`,
      async look(signal) {
        checkSigningSecret(await signingSecret(signal));
        return 'is stored; whether it is the app’s, Slack tells where it verifies the Request URL';
      },
    },
    {
      step: 'slack url',
      needs: ['slack secret'],
      advice: 'What Slack calls is told in docs/slack.md.',
      look: async (signal) =>
        verifyUrl({
          url: deployed.output('SlackBoltEndpointUrl'),
          signingSecret: await signingSecret(signal),
          nowMs: clock.nowMs(),
          fetch,
          signal,
        }),
    },
  ];
}

function githubProbes(deployment: () => Deployment, deployed: Deployed, clock: Clock): readonly Probe[] {
  return [
    {
      step: 'github',
      needs: ['manager'],
      advice: `What the token, or the App and its key, need to be is in docs/github.md: ${SETUP}`,
      async look(signal) {
        const secret = ({ parameter }: { readonly parameter: string }) =>
          readSecret(deployment().parameters, parameter, signal);
        return openGithubBy(githubSettingsOf(deployed.workerManager), secret, clock).check(signal);
      },
    },
    {
      step: 'github hook',
      needs: ['ingress'],
      advice: 'Webhooks are told of in docs/github.md, 4.',
      async look(signal) {
        const { GITHUB_WEBHOOK_SECRET_PARAMETER: name } = deployed.ingress;
        const { parameters } = deployment();
        if ((await parameters.find(name, signal)) === undefined) {
          return `no ${name}: no webhook is taken, and nothing begins by a mention on GitHub`;
        }
        const secret = await readSecret(parameters, name, signal);
        checkWebhookSecret(secret);
        return pingWebhook({ url: deployed.output('GithubWebhookUrl'), secret, fetch, signal });
      },
    },
  ];
}
