import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { localConfig } from '@swe/config/local';
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
    ].flatMap((secret) => secret || []),
    wantsColour: NO_COLOR === undefined,
    movesCursor: TERM !== 'dumb',
    path: PATH,
    language: LC_ALL ?? LANG,
    gitAccess,
  };
}
