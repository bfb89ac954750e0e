import { z } from 'zod';
import { budgetEnvironment } from './budget';
import { githubOfTwin } from './github';
import { modelKeys } from './model-keys';
import { accessEnvironment, slackOfTwin } from './slack';

/** The environment that the twin and the `swe` command read. */
export const localConfig = z.object({
  ...accessEnvironment,
  ...slackOfTwin,
  ...githubOfTwin,
  ...budgetEnvironment,
  /** The twin's folder: store, forge, workspaces, logs. Default: `.swe` in the user's home. */
  SWE_HOME: z.string().optional(),
  /** What an organisation tells its agents: see docs/knowledge.md. Default: `organisation` in the twin's folder. */
  SWE_ORGANISATION_FOLDER: z.string().optional(),
  /** Where `swe up` serves HTTP on 127.0.0.1. Another port is taken where it is in use; any for 0. */
  SWE_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number, or 0 for any')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number, or 0 for any')
    .default(4711),
  /**
   * Comma-separated list of `<provider>/<model id>`: the next one is asked when one fails. On Bedrock the id is that of
   * a model (`bedrock/anthropic.claude-opus-5-5`), of an inference profile (`bedrock/global.anthropic...`), or an ARN;
   * `@<region>` behind it asks there (`bedrock/anthropic.claude-opus-5-5@eu-west-1`), so that a list goes through
   * regions.
   */
  SWE_MODEL: z.string().optional(),
  /** Where `openai-compatible/...` models are, version path included: `http://127.0.0.1:11434/v1`. */
  SWE_MODEL_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** A JSON file: a list of models' limits and prices, beside the built-in ones and instead of those of the same id. */
  SWE_MODEL_CATALOG: z.string().optional(),
  /** A JSON file of tool servers (`mcpServers`). Default: `mcp.json` or `claude_desktop_config.json` in `SWE_HOME`. */
  SWE_MCP_CONFIG: z.string().min(1).optional(),
  ...modelKeys,
  ANTHROPIC_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  OPENAI_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /**
   * Where Bedrock's models are asked. Credentials and `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` the AWS SDK reads by itself:
   * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
   */
  AWS_REGION: z.string().min(1).optional(),
  /** Not to be used, but to be known where it turns up: a file that holds one of these stays out of what is saved. */
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_BEARER_TOKEN_BEDROCK: z.string().optional(),
  /** https://no-color.org: any value turns colours off. */
  NO_COLOR: z.string().optional(),
  /** `dumb` where the cursor can't be moved. */
  TERM: z.string().optional(),
  /** What the agent's shell gets of the person's environment; nothing else is passed on. */
  PATH: z.string(),
  LANG: z.string().optional(),
  LC_ALL: z.string().optional(),
  /** How the person's own git reaches a repository given by URL. For bringing it in only, never for the agent's shell. */
  SSH_AUTH_SOCK: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  HTTPS_PROXY: z.string().optional(),
  NO_PROXY: z.string().optional(),
  http_proxy: z.string().optional(),
  https_proxy: z.string().optional(),
  no_proxy: z.string().optional(),
  GIT_SSL_CAINFO: z.string().optional(),
});
