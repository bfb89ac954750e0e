import type { deploymentConfig } from '@swe/config/deployment';
import { githubSettingsOf } from '@swe/wiring/github-settings';
import type { z } from 'zod';

export type DeploymentSettings = ReturnType<typeof deploymentSettingsOf>;

/** What the environment says of a deployment, by the part of it that it is for. */
export function deploymentSettingsOf(config: z.infer<typeof deploymentConfig>) {
  return {
    environment: config.SWE_ENV,
    region: config.AWS_REGION,
    hasOwnS3: (config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL) !== undefined,
    models: config.SWE_MODEL,
    catalog: config.SWE_MODEL_CATALOG,
    slackApiUrl: config.SLACK_API_URL,
    github: githubSettingsOf(config),
    parameters: {
      slackToken: config.SLACK_BOT_TOKEN_PARAMETER,
      slackSecret: config.SLACK_SIGNING_SECRET_PARAMETER,
      githubToken: config.GITHUB_TOKEN_PARAMETER,
      githubKey: config.GITHUB_APP_PRIVATE_KEY_PARAMETER,
      webhookSecret: config.GITHUB_WEBHOOK_SECRET_PARAMETER,
    },
    wantsColour: config.NO_COLOR === undefined,
  };
}
