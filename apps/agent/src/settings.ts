import { join } from 'node:path';
import type { agentConfig, bootConfig } from '@swe/config/agent';
import { githubSettingsOf } from '@swe/wiring/github-settings';
import { twinHome } from '@swe/wiring/twin-home';
import type { z } from 'zod';

export type Settings = ReturnType<typeof settingsOf>;

/** Whose machine this is, and where that is stored. */
export function bootSettingsOf(config: z.infer<typeof bootConfig>) {
  return {
    sessionId: config.SWE_SESSION_ID,
    generation: config.SWE_GENERATION,
    logGroup: config.SWE_LOG_GROUP_NAME,
    environment: config.SWE_ENV,
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    region: config.AWS_REGION,
    tableName: config.SWE_TABLE_NAME,
    bucketName: config.SWE_BUCKET_NAME,
    roleArn: config.SWE_SESSION_ROLE_ARN,
    hasOwnS3: (config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL) !== undefined,
  };
}

/** What the environment says, by the part of the program that it is for. */
export function settingsOf(config: z.infer<typeof agentConfig>) {
  const { SWE_HOME: home, SWE_TWIN_HOME } = config;
  const boot = bootSettingsOf(config);
  return {
    ...boot,
    home,
    twinHome: SWE_TWIN_HOME,
    organisation: config.SWE_ORGANISATION_FOLDER,
    repositories: SWE_TWIN_HOME === undefined ? [] : [twinHome(SWE_TWIN_HOME).repositories],
    sessionFolder: join(home, 'sessions', boot.sessionId),
    shellHost: hostPlace(config.SWE_SHELL_SOCKET, config.SWE_SHELL_HOME, boot.sessionId),
    toolsHost: hostPlace(config.SWE_TOOLS_SOCKET, config.SWE_TOOLS_HOME, boot.sessionId),
    events: { httpUrl: config.SWE_EVENTS_HTTP_URL, realtimeUrl: config.SWE_EVENTS_REALTIME_URL },
    slack: {
      token: { value: config.SLACK_BOT_TOKEN, parameter: config.SLACK_BOT_TOKEN_PARAMETER },
      apiUrl: config.SLACK_API_URL,
    },
    github: githubSettingsOf(config),
    budgetUsd: config.SWE_BUDGET_USD,
    monthlyUsd: {
      all: config.SWE_BUDGET_MONTH_USD,
      requester: config.SWE_BUDGET_REQUESTER_MONTH_USD,
      repository: config.SWE_BUDGET_REPOSITORY_MONTH_USD,
    },
    models: config.SWE_MODEL,
    toolServersFile: config.SWE_MCP_CONFIG,
    modelAccess: {
      catalog: config.SWE_MODEL_CATALOG,
      anthropic: { apiKey: config.ANTHROPIC_API_KEY, baseUrl: config.ANTHROPIC_BASE_URL },
      openai: { apiKey: config.OPENAI_API_KEY, baseUrl: config.OPENAI_BASE_URL },
      compatibleUrl: config.SWE_MODEL_BASE_URL,
      awsRegion: config.AWS_REGION,
    },
    isSandboxRequired: config.SWE_SANDBOX === 'required',
    /** Undefined where there is no metadata service: not on EC2. */
    metadataEndpoint:
      config.AWS_EC2_METADATA_DISABLED === 'true' ? undefined : config.AWS_EC2_METADATA_SERVICE_ENDPOINT,
    secrets: [
      config.ANTHROPIC_API_KEY,
      config.OPENAI_API_KEY,
      config.SLACK_BOT_TOKEN,
      config.GITHUB_TOKEN,
      config.GITHUB_APP_PRIVATE_KEY,
      config.AWS_SECRET_ACCESS_KEY,
      config.AWS_SESSION_TOKEN,
      config.AWS_BEARER_TOKEN_BEDROCK,
    ].flatMap((secret) => secret ?? []),
    path: config.PATH,
    language: config.LANG,
  };
}

function hostPlace(socketPath: string | undefined, home: string, sessionId: string) {
  return socketPath === undefined ? undefined : { socketPath, folder: join(home, 'sessions', sessionId) };
}
