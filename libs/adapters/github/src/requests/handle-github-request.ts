import { verify } from '@octokit/webhooks-methods';
import { Fault } from '@swe/domain';
import type { Clock, Logger } from '@swe/domain';
import { toEvent } from './to-events';
import type { EventContext } from './event-context';
import type { GithubEvent } from './to-events';

/** https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap, as far as Lambda takes it: 6 MB. */
export const MAX_GITHUB_BODY_BYTES = 6 * 1024 * 1024;

export interface GithubRequestOptions extends Omit<EventContext, 'login' | 'receivedAtMs'> {
  /** Read for each request, so that its rotation is seen. */
  webhookSecret(): Promise<string>;
  /** The agent's own login. */
  login(): Promise<string>;
  /** Stores what happened. What it throws is for whoever looks after the webhook: GitHub sends nothing again by itself. */
  handle(event: GithubEvent): Promise<void>;
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly logger: Pick<Logger, 'warn' | 'debug'>;
}

/**
 * Takes a webhook's delivery: nothing of it is read before its signature is verified over its bytes. Answers 401 when it
 * is not GitHub's, and throws `invalid` for what can't be read, and `transient` when nobody says in time who the agent is:
 * GitHub gives a delivery up after ten seconds, and a failed one can be sent again by hand, one that hangs is just lost.
 */
export async function handleGithubRequest(
  request: Request,
  { webhookSecret, login, handle, clock, logger, ...context }: GithubRequestOptions,
): Promise<Response> {
  const body = textOf(new Uint8Array(await request.arrayBuffer()));
  if (!(await isSigned(request.headers, body, await webhookSecret()))) {
    logger.warn('github-request.refused');
    return new Response(null, { status: 401 });
  }
  const name = request.headers.get('x-github-event') ?? '';
  const event = toEvent(name, json(body), {
    ...context,
    login: await soon(login, clock),
    receivedAtMs: clock.nowMs(),
  });
  if (event === undefined) logger.debug('github-request.ignored', { name });
  else await handle(event);
  return new Response(null, { status: 202 });
}

/** Of the ten seconds that a delivery may take: https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries */
const LOGIN_MS = 3_000;

async function soon(login: () => Promise<string>, clock: Pick<Clock, 'sleep'>): Promise<string> {
  const done = new AbortController();
  const late = clock.sleep(LOGIN_MS, done.signal).then(() => {
    throw new Fault('transient', 'GitHub does not say in time who the agent is: set GITHUB_LOGIN');
  });
  try {
    // What is asked goes on: the next delivery finds its answer.
    return await Promise.race([login(), late]);
  } finally {
    done.abort();
  }
}

/** https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
async function isSigned(headers: Headers, body: string | undefined, secret: string): Promise<boolean> {
  const signature = headers.get('x-hub-signature-256');
  if (!body || !signature || secret === '') return false;
  return verify(secret, body, signature);
}

/** The same bytes as text; undefined for what is no UTF-8, which GitHub never sends. */
function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function json(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch (cause) {
    throw new Fault('invalid', 'the body is no JSON: set the content type of the webhook so', { cause });
  }
}
