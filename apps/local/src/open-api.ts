import type { IngressOptions } from '@swe/adapter-http/ingress';
import { forgePages } from '@swe/adapter-local/forge';
import { demoRepository } from '@swe/application/local';
import type { Logger } from '@swe/domain';
import type { ApiSetup, ForgeSample } from '@swe/domain/api';
import { chatRulesOf } from './chat-rules';
import { cookieOf } from './open-console';
import type { Twin } from './open-twin';
import { toolServersOf } from './program';
import type { Config, Program } from './program';

/** The twin's HTTP API. Responses that stream end with the signal. */
export async function openApi(
  program: Program,
  config: Config,
  { twin, logger }: { readonly twin: Twin; readonly logger: Logger },
  ending: AbortSignal,
): Promise<NonNullable<IngressOptions['below']>> {
  const { openHttpApi } = await import('@swe/wiring/http-api');
  const { clock, random } = program;
  const rules = { ...(await chatRulesOf(config)), setup: await setupOf(program, config) };
  const forge = forgePages(twin.forge, () => addSample(twin, program));
  return openHttpApi({ ...twin, clock, random, logger }, rules, {
    ending,
    forge,
    cookie: cookieOf(config),
  });
}

async function setupOf(program: Program, config: Config): Promise<ApiSetup> {
  const { slack, github, monthlyUsd } = config;
  const { servers } = await toolServersOf(program, config);
  return {
    connected: { slack: slack !== undefined, github: github !== undefined },
    toolServers: [...servers.keys()],
    monthlyUsd,
  };
}

/** What `npm run demo` works on. */
async function addSample({ forge }: Twin, { random }: Pick<Program, 'random'>): Promise<ForgeSample> {
  const { name, files, issue } = demoRepository(random);
  const repository = await forge.createRepository(name, { files });
  const { number } = await forge.createIssue(repository, { ...issue, author: 'demo-user' });
  return { repository, issue: `${repository}/issues/${number}` };
}
