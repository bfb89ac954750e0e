import { z } from 'zod';

const list = z.string().transform((names) => names.split(',').flatMap((name) => name.trim() || []));

/** Who may have the agent work. */
export const accessEnvironment = {
  /** Slack user ids, comma-separated. Set: others are refused until an admin approves them. */
  ADMIN_USER_ID_LIST: list.optional(),
  /** Slack user or bot ids of programs that may speak to the agent, comma-separated. */
  SLACK_ALLOWED_BOTS: list.default([]),
} as const;

const signingSecret = {
  /** What Slack's requests are verified with. */
  SLACK_SIGNING_SECRET: z.string().optional(),
} as const;

/** Either the secret, or the SecureString parameter that holds it. */
export const slackSigning = {
  ...signingSecret,
  SLACK_SIGNING_SECRET_PARAMETER: z.string().default('/remote-swe/slack/signing-secret'),
} as const;

const slackApi = {
  /** Slack's Web API, for tests and gateways. */
  SLACK_API_URL: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
} as const;

export const slackPosting = {
  SLACK_BOT_TOKEN: z.string().optional(),
  SLACK_BOT_TOKEN_PARAMETER: z.string().default('/remote-swe/slack/bot-token'),
  ...slackApi,
} as const;

/** A workspace that is heard over Socket Mode, by requests to a public address that leads here, or both ways. */
export const slackOfTwin = {
  ...slackApi,
  ...signingSecret,
  /** The bot's, `xoxb-...`. */
  SLACK_BOT_TOKEN: z.string().optional(),
  /** The app's, `xapp-...`, with the scope `connections:write`. */
  SLACK_APP_TOKEN: z.string().optional(),
} as const;
