import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { localConfig } from '@swe/config/local';
import { Fault } from '@swe/domain';
import type { GithubSettings } from '@swe/wiring/github';
import type { z } from 'zod';

export type Settings = ReturnType<typeof settingsOf>;

/** What the environment says, by the part of the program that it is for. */
export function settingsOf({
  SWE_HOME,
  SWE_ORGANISATION_FOLDER,
  SWE_PORT,
  SWE_MODEL,
  SWE_MODEL_BASE_URL,
  SWE_MODEL_CATALOG,
  SWE_MCP_CONFIG,
  SWE_BUDGET_USD,
  SWE_BUDGET_MONTH_USD,
  SWE_BUDGET_REQUESTER_MONTH_USD,
  SWE_BUDGET_REPOSITORY_MONTH_USD,
  ANTHROPIC_API_KEY,
  ANTHROPIC_BASE_URL,
  OPENAI_API_KEY,
  OPENAI_BASE_URL,
  AWS_REGION,
  AWS_SECRET_ACCESS_KEY,
  AWS_SESSION_TOKEN,
  AWS_BEARER_TOKEN_BEDROCK,
  SLACK_BOT_TOKEN,
  SLACK_APP_TOKEN,
  SLACK_SIGNING_SECRET,
  SLACK_API_URL,
  ADMIN_USER_ID_LIST,
  SLACK_ALLOWED_BOTS,
  GITHUB_SERVER_URL,
  GITHUB_API_URL,
  GITHUB_APP_ID,
  GITHUB_INSTALLATION_ID,
  GITHUB_TOKEN,
  GITHUB_APP_PRIVATE_KEY,
  GITHUB_WEBHOOK_SECRET,
  GITHUB_LABEL,
  NO_COLOR,
  TERM,
  PATH,
  LANG,
  LC_ALL,
  ...gitAccess
}: z.infer<typeof localConfig>) {
  const home = resolve(SWE_HOME ?? join(homedir(), '.swe'));
  return {
    home,
    organisation: resolve(SWE_ORGANISATION_FOLDER ?? join(home, 'organisation')),
    budgetUsd: SWE_BUDGET_USD,
    monthlyUsd: {
      all: SWE_BUDGET_MONTH_USD,
      requester: SWE_BUDGET_REQUESTER_MONTH_USD,
      repository: SWE_BUDGET_REPOSITORY_MONTH_USD,
    },
    models: SWE_MODEL,
    toolServersFile: SWE_MCP_CONFIG,
    modelAccess: {
      catalog: SWE_MODEL_CATALOG,
      anthropic: { apiKey: ANTHROPIC_API_KEY, baseUrl: ANTHROPIC_BASE_URL },
      openai: { apiKey: OPENAI_API_KEY, baseUrl: OPENAI_BASE_URL },
      compatibleUrl: SWE_MODEL_BASE_URL,
      awsRegion: AWS_REGION,
    },
    secrets: [
      ANTHROPIC_API_KEY,
      OPENAI_API_KEY,
      AWS_SECRET_ACCESS_KEY,
      AWS_SESSION_TOKEN,
      AWS_BEARER_TOKEN_BEDROCK,
      SLACK_BOT_TOKEN,
      SLACK_APP_TOKEN,
      SLACK_SIGNING_SECRET,
      GITHUB_TOKEN,
      GITHUB_APP_PRIVATE_KEY,
      GITHUB_WEBHOOK_SECRET,
    ].flatMap((secret) => secret || []),
    slack: slackOf({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL }),
    github: githubOf(
      {
        serverUrl: GITHUB_SERVER_URL,
        apiUrl: GITHUB_API_URL,
        appId: GITHUB_APP_ID,
        installationId: GITHUB_INSTALLATION_ID,
        token: { value: GITHUB_TOKEN, parameter: '' },
        privateKey: { value: GITHUB_APP_PRIVATE_KEY, parameter: '' },
      },
      GITHUB_WEBHOOK_SECRET,
    ),
    githubWebhookSecret: GITHUB_WEBHOOK_SECRET,
    githubLabel: GITHUB_LABEL,
    httpPort: SWE_PORT,
    access: { admins: ADMIN_USER_ID_LIST, allowedBots: SLACK_ALLOWED_BOTS },
    wantsColour: NO_COLOR === undefined,
    movesCursor: TERM !== 'dumb',
    path: PATH,
    language: LC_ALL ?? LANG,
    gitAccess,
  };
}

/** Undefined without a token and without an App: then repositories of GitHub are brought into the forge as any other. */
function githubOf(settings: GithubSettings, webhookSecret: string | undefined): GithubSettings | undefined {
  const { appId, token, privateKey } = settings;
  if ((appId === undefined) !== (privateKey.value === undefined)) {
    const [id, key] = ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY'];
    const [set, lacking] = appId === undefined ? [key, id] : [id, key];
    throw new Fault('invalid', `${set} is set, and ${lacking} is not: see docs/github.md.`);
  }
  if (appId !== undefined || token.value !== undefined) return settings;
  if (webhookSecret === undefined) return undefined;
  const lack = 'GITHUB_WEBHOOK_SECRET is set, and neither GITHUB_TOKEN nor an App is';
  throw new Fault('invalid', `${lack}: see docs/github.md.`);
}

/** A workspace that the twin serves. It is heard in at least one way. */
export interface SlackSettings {
  readonly botToken: string;
  /** For Socket Mode. */
  readonly appToken: string | undefined;
  /** For requests over HTTP. */
  readonly signingSecret: string | undefined;
  readonly apiUrl: string;
}

/** Undefined where nothing of Slack is set; what is missing beside something is a mistake that is told. */
function slackOf({
  SLACK_BOT_TOKEN: botToken,
  SLACK_APP_TOKEN,
  SLACK_SIGNING_SECRET,
  SLACK_API_URL: apiUrl,
}: Pick<
  z.infer<typeof localConfig>,
  'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN' | 'SLACK_SIGNING_SECRET' | 'SLACK_API_URL'
>): SlackSettings | undefined {
  const [appToken, signingSecret] = [SLACK_APP_TOKEN || undefined, SLACK_SIGNING_SECRET || undefined];
  const isHeard = appToken !== undefined || signingSecret !== undefined;
  if (botToken && isHeard) return { botToken, appToken, signingSecret, apiUrl };
  if (!botToken && !isHeard) return undefined;
  const lack = botToken
    ? 'SLACK_BOT_TOKEN is set, and neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is'
    : 'SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is set, and SLACK_BOT_TOKEN is not';
  throw new Fault('invalid', `${lack}: see docs/slack.md.`);
}
