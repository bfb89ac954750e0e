import { deployedNames } from '@swe/config/deployment';
import { examine, provideSecret } from '@swe/application/local';
import type { Finding, Operator, SetupPorts, WantedSecret } from '@swe/application/local';
import type { Clock } from '@swe/domain';
import type { Deployment } from '@swe/wiring/deployment';
import type { DeploymentSettings } from './deployment-settings';
import { bootstrapProbe, credentialsProbe, modelProbe, regionProbe } from './foundation-probes';
import {
  githubKeySecret,
  githubTokenSecret,
  manifestFor,
  slackSecrets,
  webhookSecret,
} from './wanted-secrets';

export interface SetupRun {
  readonly deployment: () => Deployment;
  readonly settings: DeploymentSettings;
  readonly clock: Clock;
  /** Undefined where nobody can be asked. */
  readonly operator: Operator | undefined;
  readonly show: (finding: Finding) => void;
  readonly say: (words: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Has an account and a region ready to be deployed to, and what is deployed ready for Slack and GitHub, as far as that is
 * not done yet. What is done, the account itself tells: it can be broken off, and run again, at any point. Says whether
 * nothing is missing.
 */
export async function setUpDeployment(run: SetupRun): Promise<boolean> {
  const { deployment, settings, clock, show, signal } = run;
  const { region, models, catalog } = settings;
  if (!(await examine([regionProbe(settings), credentialsProbe(deployment)], clock, show, signal)))
    return false;
  const others = [
    bootstrapProbe(deployment),
    modelProbe({ models: () => models, region, catalog, needs: [] }),
  ];
  const isReady = await examine(others, clock, show, signal);
  const { ingress: name } = deployedNames(settings.environment).stacks;
  const outputs = (await deployment().stack(name, signal))?.outputs;
  const requestUrl = outputs?.['SlackBoltEndpointUrl'];
  const hasSecrets = await provideAll(run, requestUrl);
  run.say(closing(requestUrl, outputs?.['GithubWebhookUrl']));
  return isReady && hasSecrets;
}

async function provideAll(run: SetupRun, requestUrl: string | undefined): Promise<boolean> {
  const { deployment, settings, operator, clock, show, say, signal } = run;
  const shelf = deployment().parameters;
  const ports: SetupPorts = { shelf, operator, onFinding: show, say, clock, signal };
  let hasAll = true;
  for (const wanted of slackSecrets(settings, requestUrl)) {
    hasAll = (await provideSecret(wanted, ports)) && hasAll;
  }
  const identity = await githubSecret(run);
  hasAll = identity !== undefined && (await provideSecret(identity, ports)) && hasAll;
  return (await provideSecret(webhookSecret(settings), ports)) && hasAll;
}

/** The secret by which the agent is somebody on GitHub; undefined, and told, where it can't be said yet which. */
async function githubSecret(run: SetupRun): Promise<WantedSecret | undefined> {
  const { settings, clock, operator, show, say } = run;
  if ((await identityOf(run)) === 'token') return githubTokenSecret(settings, clock);
  const { appId } = settings.github;
  if (appId !== undefined) return githubKeySecret(settings, appId, clock);
  const told = (await operator?.ask('The id of the App, which its page shows'))?.trim() ?? '';
  if (!/^[\w.]+$/.test(told)) {
    show({
      step: 'github',
      ok: false,
      detail: 'It is to be an App: set GITHUB_APP_ID, here and for deploying.',
    });
    return undefined;
  }
  say(`Deploy with it, and set it for swe setup: export GITHUB_APP_ID=${told}`);
  return githubKeySecret(settings, told, clock);
}

/** As whom the agent is there: as it is set, else by what is stored, else by what is said. */
async function identityOf({ deployment, settings, operator, signal }: SetupRun): Promise<'token' | 'app'> {
  const { github, parameters } = settings;
  if (github.appId !== undefined) return 'app';
  const shelf = deployment().parameters;
  if ((await shelf.find(parameters.githubToken, signal)) !== undefined) return 'token';
  if ((await shelf.find(parameters.githubKey, signal)) !== undefined) return 'app';
  if (operator === undefined) return 'token';
  for (;;) {
    const answer = await operator.ask(
      'As whom is the agent on GitHub: a user of its own by a token, or an App (docs/github.md, 1)? [token/app]',
    );
    const chosen = answer.trim().toLowerCase();
    if (chosen === '' || chosen === 'token') return 'token';
    if (chosen === 'app') return 'app';
  }
}

function closing(requestUrl: string | undefined, webhookUrl: string | undefined): string {
  if (requestUrl === undefined) {
    return [
      'Not deployed yet: npx nx run-many -t deploy',
      'Then run swe setup again: it tells the addresses that Slack and GitHub are to call.',
    ].join('\n');
  }
  return [
    `Slack calls ${requestUrl}. Where the app does not know that yet, paste this under its App Manifest, and verify it:`,
    manifestFor(requestUrl),
    `GitHub's webhook, or the App's, calls ${webhookUrl} (docs/github.md, 4).`,
    'Whether all works together: swe doctor --aws',
  ].join('\n');
}
