import type { IngressOptions } from '@swe/adapter-http/ingress';
import { handleRepoEvent } from '@swe/application/ingress';
import type { MissedEvents } from '@swe/application/worker-manager';
import type { Clock, HostEvent, Logger } from '@swe/domain';
import type { Github } from '@swe/wiring/github';
import { chatRulesOf } from './chat-rules';
import type { Twin } from './open-twin';
import type { Config } from './program';

/** Takes what happens on GitHub. */
export interface GithubServer {
  /** What takes its webhooks: nothing without a secret that they are verified with. */
  readonly posts: IngressOptions['posts'];
  /** What is asked for, where no webhook told of it. */
  readonly missed: MissedEvents;
}

/** Of the GitHub that is connected; undefined without. */
export async function openGithubServer(
  github: Github | undefined,
  config: Config,
  {
    twin: { store, ledger, access, bus },
    clock,
    logger,
  }: { readonly twin: Twin; readonly clock: Clock; readonly logger: Logger },
): Promise<GithubServer | undefined> {
  if (github === undefined) return undefined;
  const rules = await chatRulesOf(config);
  const ports = { store, ledger, access, bus, clock, logger };
  const handle = (event: HostEvent): Promise<void> => handleRepoEvent(ports, rules, event);
  const { serves, hostEvents: events } = github;
  return {
    posts: await postsOf(github, config, { handle, clock, logger }),
    missed: { serves, events, handle },
  };
}

async function postsOf(
  { server, login }: Github,
  { githubWebhookSecret: secret, githubLabel: label }: Config,
  options: { handle(event: HostEvent): Promise<void>; readonly clock: Clock; readonly logger: Logger },
): Promise<IngressOptions['posts']> {
  if (secret === undefined) return {};
  const { handleGithubRequest, MAX_GITHUB_BODY_BYTES } = await import('@swe/adapter-github/requests');
  const marks = label === undefined ? {} : { label };
  const context = { ...options, ...marks, server, login, webhookSecret: async () => secret };
  const handle = (request: Request): Promise<Response> => handleGithubRequest(request, context);
  return { '/github/webhooks': { handle, maxBodyBytes: MAX_GITHUB_BODY_BYTES } };
}
