import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { checkBotToken } from '@swe/adapter-slack/app-check';
import { manifestText, SLACK_SCOPES, slackManifest } from '@swe/adapter-slack/manifest';
import type { WantedSecret } from '@swe/application/local';
import type { Clock } from '@swe/domain';
import { openGithub } from '@swe/wiring/github';
import type { GithubAccess, GithubSettings } from '@swe/wiring/github';
import { slackClient } from '@swe/wiring/slack';
import type { DeploymentSettings } from './deployment-settings';
import { checkSigningSecret, checkWebhookSecret } from './shared-secrets';

/** Slack takes any address when an app is made, and verifies it later. */
const LATER = 'https://example.com/slack/events';

const asTyped = async (typed: string): Promise<string> => typed;

/** The manifest of the Slack app, with the address that Slack is to call, as far as it is known. */
export function manifestFor(requestUrl: string | undefined): string {
  return manifestText(slackManifest({ hearsChannels: false, requestUrl: requestUrl ?? LATER }));
}

export function slackSecrets(
  { parameters, slackApiUrl }: Pick<DeploymentSettings, 'parameters' | 'slackApiUrl'>,
  requestUrl: string | undefined,
): readonly WantedSecret[] {
  return [
    {
      step: 'slack bot',
      parameter: parameters.slackToken,
      origin: [
        'Make the app at https://api.slack.com/apps: Create New App, From a manifest, and paste this:',
        manifestFor(requestUrl),
        'Install it to the workspace. Its token is under OAuth & Permissions.',
      ].join('\n'),
      question: 'Bot User OAuth Token (xoxb-...)',
      read: asTyped,
      check: (token) => checkBotToken(slackClient(token, slackApiUrl), SLACK_SCOPES),
    },
    {
      step: 'slack secret',
      parameter: parameters.slackSecret,
      origin: 'What Slack signs its requests with is under Basic Information, App Credentials.',
      question: 'Signing Secret',
      read: asTyped,
      async check(secret) {
        checkSigningSecret(secret);
        return 'whether it is the app’s, Slack tells where it verifies the Request URL';
      },
    },
  ];
}

export function githubTokenSecret(
  { parameters, github }: Pick<DeploymentSettings, 'parameters' | 'github'>,
  clock: Clock,
): WantedSecret {
  return {
    step: 'github',
    parameter: parameters.githubToken,
    origin: [
      'Sign in to GitHub as the user that the agent is to be, not as yourself. Settings, Developer settings, Personal',
      'access tokens, Tokens (classic), with the scope repo (public_repo where it works in public repositories alone);',
      'or a fine-grained one with the permissions of docs/github.md.',
    ].join('\n'),
    question: 'Personal access token',
    read: asTyped,
    check: (value, signal) => asGithub(github, { as: 'user', token: async () => value }, clock, signal),
  };
}

export function githubKeySecret(
  { parameters, github }: Pick<DeploymentSettings, 'parameters' | 'github'>,
  appId: string,
  clock: Clock,
): WantedSecret {
  return {
    step: 'github',
    parameter: parameters.githubKey,
    origin: 'On the page of the App: Generate a private key, which downloads a .pem file; and Install App.',
    question: 'The file with the private key',
    isTypedOpenly: true,
    read: (path) =>
      readFile(
        path.replace(/^~(?=\/)/, () => homedir()),
        'utf8',
      ),
    check(key, signal) {
      const { installationId } = github;
      const access: GithubAccess = { as: 'app', appId, installationId, privateKey: async () => key };
      return asGithub(github, access, clock, signal);
    },
  };
}

export const webhookSecret = ({ parameters }: Pick<DeploymentSettings, 'parameters'>): WantedSecret => ({
  step: 'github hook',
  parameter: parameters.webhookSecret,
  origin: [
    'What GitHub signs the deliveries of webhooks with. Make one up (openssl rand -hex 32): the webhook gets the same.',
    'Without it nothing begins by a mention on GitHub.',
  ].join('\n'),
  question: 'Webhook secret',
  isOptional: true,
  read: asTyped,
  async check(secret) {
    checkWebhookSecret(secret);
    return 'whether the webhook has the same, its Recent Deliveries tell';
  },
});

function asGithub(
  { serverUrl, apiUrl }: GithubSettings,
  access: GithubAccess,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  return openGithub({ serverUrl, apiUrl, access, clock }).check(signal);
}
