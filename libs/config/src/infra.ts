import { z } from 'zod';
import { awsEnvironment } from './aws';
import { names } from './worker-manager';

/** What whoever deploys may say about a deployment; with none of it there is one, called `main`. */
export const infraConfig = z
  .object({
    SWE_ENV: awsEnvironment.SWE_ENV,
    /** Of the machines that agents work on; functions are `arm64` always. */
    SWE_ARCHITECTURE: z.enum(['arm64', 'x86_64'], 'must be arm64 or x86_64').default('arm64'),
    /** The best first. Left out, they follow from the architecture. */
    SWE_INSTANCE_TYPES: names.optional(),
    /** A network that exists, with subnets whose machines get public addresses. Left out, the deployment has its own. */
    SWE_VPC_ID: z
      .string()
      .regex(/^vpc-[0-9a-f]+$/, 'is not the id of a VPC')
      .optional(),
    SWE_SUBNET_IDS: names.optional(),
    /** The archive in the bucket of what the organisation tells its agents: see docs/knowledge.md. */
    SWE_ORGANISATION_ARCHIVE: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'is not the name of an object')
      .optional(),
    /** Told of alarms; has to confirm by mail. */
    SWE_ALARM_EMAIL: z.email().optional(),
    /** What the account's bill for this environment may be in a month before it is told, in US dollars. */
    SWE_ALARM_MONTH_USD: z
      .string()
      .regex(/^[1-9]\d{0,6}$/, 'must be whole US dollars')
      .transform(Number)
      .default(200),
  })
  .refine(({ SWE_VPC_ID, SWE_SUBNET_IDS }) => (SWE_VPC_ID === undefined) === (SWE_SUBNET_IDS === undefined), {
    path: ['SWE_SUBNET_IDS'],
    error: 'must be set with SWE_VPC_ID, and only then',
  });

/** What agents work with where nobody says it. */
const DEFAULT_MODEL = 'bedrock/global.anthropic.claude-opus-5-5';

/**
 * Variables of the apps that a deployment hands on as they are, each to the apps that know it. Secrets are not among
 * them: a function's environment, and an instance's user data, are shown to whoever may describe it.
 */
export const handedOn: Readonly<Record<string, string | undefined>> = {
  ADMIN_USER_ID_LIST: undefined,
  SLACK_ALLOWED_BOTS: undefined,
  SLACK_API_URL: undefined,
  SLACK_BOT_TOKEN_PARAMETER: undefined,
  SLACK_SIGNING_SECRET_PARAMETER: undefined,
  GITHUB_SERVER_URL: undefined,
  GITHUB_API_URL: undefined,
  GITHUB_APP_ID: undefined,
  GITHUB_INSTALLATION_ID: undefined,
  GITHUB_LABEL: undefined,
  GITHUB_LOGIN: undefined,
  GITHUB_TOKEN_PARAMETER: undefined,
  GITHUB_APP_PRIVATE_KEY_PARAMETER: undefined,
  GITHUB_WEBHOOK_SECRET_PARAMETER: undefined,
  SWE_MODEL: DEFAULT_MODEL,
  SWE_BUDGET_USD: undefined,
  SWE_BUDGET_MONTH_USD: undefined,
  SWE_BUDGET_REQUESTER_MONTH_USD: undefined,
  SWE_BUDGET_REPOSITORY_MONTH_USD: undefined,
  SWE_SPOT: undefined,
  OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
};
