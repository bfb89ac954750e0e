import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { localConfig } from '@swe/config/local';
import { Fault } from '@swe/domain';
import type { z } from 'zod';

export type Settings = ReturnType<typeof settingsOf>;

/** What the environment says, by the part of the program that it is for. */
export function settingsOf({
  SWE_HOME,
  SWE_MODEL,
  SWE_MODEL_BASE_URL,
  SWE_MODEL_CATALOG,
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
  SLACK_API_URL,
  ADMIN_USER_ID_LIST,
  SLACK_ALLOWED_BOTS,
  NO_COLOR,
  TERM,
  PATH,
  LANG,
  LC_ALL,
  ...gitAccess
}: z.infer<typeof localConfig>) {
  return {
    home: resolve(SWE_HOME ?? join(homedir(), '.swe')),
    models: SWE_MODEL,
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
    ].flatMap((secret) => secret || []),
    slack: slackOf(SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL),
    access: { admins: ADMIN_USER_ID_LIST, allowedBots: SLACK_ALLOWED_BOTS },
    wantsColour: NO_COLOR === undefined,
    movesCursor: TERM !== 'dumb',
    path: PATH,
    language: LC_ALL ?? LANG,
    gitAccess,
  };
}

/** A workspace that the twin serves. */
export interface SlackSettings {
  readonly botToken: string;
  readonly appToken: string;
  readonly apiUrl: string;
}

/** Undefined without tokens; one of them alone is a mistake that is told. */
function slackOf(
  botToken: string | undefined,
  appToken: string | undefined,
  apiUrl: string,
): SlackSettings | undefined {
  if (botToken && appToken) return { botToken, appToken, apiUrl };
  if (!botToken && !appToken) return undefined;
  const [given, missing] = botToken ? ['BOT', 'APP'] : ['APP', 'BOT'];
  throw new Fault(
    'invalid',
    `SLACK_${given}_TOKEN is set and SLACK_${missing}_TOKEN is not: Slack takes both. See docs/slack.md.`,
  );
}
