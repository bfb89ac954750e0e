import { z } from 'zod';
import { awsEnvironment } from './aws';
import { budgetEnvironment } from './budget';
import { githubAccess } from './github';
import { modelKeys } from './model-keys';
import { slackPosting } from './slack';

const httpUrl = z.url({ protocol: /^https?$/ });

const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** What of an agent's environment it takes to say that its machine gets further in coming up, or does not. */
export const bootConfig = z.object({
  ...awsEnvironment,
  /** The session that this process serves. */
  SWE_SESSION_ID: z.string().regex(/^s[a-z2-7]{20}$/, 'is not a session id'),
  /** Which of the session's machines this one is. */
  SWE_GENERATION: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a number from 1')
    .transform(Number),
  /** A role that the daemon takes with the tag `swe:session`; absent, it works with what the AWS SDK finds. */
  SWE_SESSION_ROLE_ARN: z.string().regex(ROLE_ARN, 'is not the ARN of a role').optional(),
  /** The log group of CloudWatch that the daemon's log goes to as well, which outlives its machine. */
  SWE_LOG_GROUP_NAME: z
    .string()
    .regex(/^[\w./#-]{1,512}$/, 'is not a name of a log group')
    .optional(),
});

/** The environment that an agent's daemon reads on its machine. */
export const agentConfig = bootConfig.extend({
  ...slackPosting,
  ...githubAccess,
  ...budgetEnvironment,
  SWE_EVENTS_HTTP_URL: httpUrl,
  SWE_EVENTS_REALTIME_URL: z.url({ protocol: /^wss?$/ }),
  /** The daemon's folder; where it has the shell itself, workspaces and all are in it. */
  SWE_HOME: z.string().default('/var/lib/swe-agent'),
  /** What the organisation tells its agents, where a machine that boots finds it: see docs/knowledge.md. */
  SWE_ORGANISATION_FOLDER: z.string().default('/etc/swe-agent/organisation'),
  /** Where the process of another user listens that runs what the agent does in its workspace; absent, this one does. */
  SWE_SHELL_SOCKET: z.string().optional(),
  /** That user's folder: workspaces, homes of shells, snapshots' marks. */
  SWE_SHELL_HOME: z.string().default('/var/lib/swe-shell'),
  /** As that, of a third user, who runs the tool servers with secrets; absent beside a shell's, these are refused. */
  SWE_TOOLS_SOCKET: z.string().optional(),
  SWE_TOOLS_HOME: z.string().default('/var/lib/swe-tools'),
  /** As the twin's: comma-separated `<provider>/<model id>`, the next one is asked when one fails. */
  SWE_MODEL: z.string().min(1),
  SWE_MODEL_BASE_URL: httpUrl.optional(),
  SWE_MODEL_CATALOG: z.string().optional(),
  /** As the twin's: a JSON file of tool servers; secrets that it refers to are SSM's. */
  SWE_MCP_CONFIG: z.string().min(1).optional(),
  ...modelKeys,
  ANTHROPIC_BASE_URL: httpUrl.optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  /** https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html */
  AWS_EC2_METADATA_DISABLED: z.string().optional(),
  AWS_EC2_METADATA_SERVICE_ENDPOINT: httpUrl.default('http://169.254.169.254'),
  /** Not to be used, but to be known where it turns up: a file that holds one of these stays out of what is saved. */
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_BEARER_TOKEN_BEDROCK: z.string().optional(),
  /** Whether the agent's commands have to be shut in: bare ones could read what this process has in its environment. */
  SWE_SANDBOX: z.enum(['required', 'preferred'], 'must be required or preferred').default('required'),
  /** What the agent's shell gets of the environment; nothing else is passed on. */
  PATH: z.string(),
  LANG: z.string().optional(),
});
