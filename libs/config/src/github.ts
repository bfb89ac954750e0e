import { z } from 'zod';

/** Where GitHub is, named as Actions names it: https://docs.github.com/actions/reference/workflows-and-actions/variables */
const githubServer = {
  GITHUB_SERVER_URL: z.url({ protocol: /^https?$/ }).default('https://github.com'),
  /** Left out, it follows from the server: `https://api.github.com`, or `<server>/api/v3`. */
  GITHUB_API_URL: z.url({ protocol: /^https?$/ }).optional(),
} as const;

const githubApp = {
  /** The App's id, or its client id. Set: the agent is that App, else whoever the token is of. */
  GITHUB_APP_ID: z
    .string()
    .regex(/^[\w.]+$/, 'must be the id or client id of an App')
    .optional(),
  /** Left out, it is found by the repository. */
  GITHUB_INSTALLATION_ID: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a number')
    .transform(Number)
    .optional(),
} as const;

const githubSecrets = {
  /** A personal access token, classic or fine-grained. */
  GITHUB_TOKEN: z.string().optional(),
  /** PEM; `\n` may stand for its line feeds. */
  GITHUB_APP_PRIVATE_KEY: z.string().optional(),
} as const;

/** As whom the agent is on GitHub, each secret given or in a SecureString parameter. */
export const githubAccess = {
  ...githubServer,
  ...githubApp,
  ...githubSecrets,
  GITHUB_TOKEN_PARAMETER: z.string().default('/remote-swe/github/personal-access-token'),
  GITHUB_APP_PRIVATE_KEY_PARAMETER: z.string().default('/remote-swe/github/app-private-key'),
} as const;

const githubLabel = {
  /** It asks the agent to work on what bears it. */
  GITHUB_LABEL: z
    .string()
    .trim()
    .transform((name) => name || undefined)
    .optional(),
} as const;

/** What webhooks' deliveries are signed with, and what of them is read. */
export const githubWebhook = {
  ...githubLabel,
  /** The agent's own: `swe-agent`, or `<slug>[bot]` for an App. Left out, GitHub is asked before the first delivery is taken. */
  GITHUB_LOGIN: z
    .string()
    .regex(/^[\w-]+(?:\[bot\])?$/, 'must be a login, such as swe-agent or swe[bot]')
    .optional(),
  GITHUB_WEBHOOK_SECRET: z.string().optional(),
  GITHUB_WEBHOOK_SECRET_PARAMETER: z.string().default('/remote-swe/github/webhook-secret'),
} as const;

/** The same where there are no parameters: a token, or an App's id with its key, or no GitHub. */
export const githubOfTwin = {
  ...githubServer,
  ...githubApp,
  ...githubSecrets,
  ...githubLabel,
  /** Set: webhooks are taken on `/github/webhooks`. */
  GITHUB_WEBHOOK_SECRET: z.string().optional(),
} as const;
