import { createHmac } from 'node:crypto';
import type { Clock } from '@swe/domain';

export interface SlackAttempt {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What came back; undefined when nothing did. */
  readonly status?: number;
  readonly answer?: string;
}

export interface SlackDeliveryOptions {
  readonly signingSecret: string;
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  /** Waits before each further attempt. */
  readonly retryAfterMs: readonly number[];
}

/** https://docs.slack.dev/apis/events-api/#retries: nearly at once, after one minute, after five. */
export const SLACK_RETRIES_MS: readonly number[] = [0, 60_000, 300_000];

const PATIENCE_MS = 3_000;

type Failure = 'http_error' | 'http_timeout' | 'connection_failed';

/**
 * Sends a body as Slack does, signed anew for each attempt
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack), until it is answered with 2xx in three seconds,
 * retries are used up, or the answer forbids them. Resolves with all attempts.
 */
export async function deliver(
  url: string,
  contentType: string,
  body: string,
  options: SlackDeliveryOptions,
): Promise<readonly SlackAttempt[]> {
  const attempts: SlackAttempt[] = [];
  let failure: Failure | undefined;
  for (const waitMs of [0, ...options.retryAfterMs]) {
    await options.clock.sleep(waitMs);
    const retry = failure && {
      'x-slack-retry-num': String(attempts.length),
      'x-slack-retry-reason': failure,
    };
    const headers = { 'content-type': contentType, ...signature(body, options), ...retry };
    const outcome = await attempt(url, headers, body, options.clock);
    attempts.push({ headers, body, ...outcome.seen });
    failure = outcome.failure;
    if (failure === undefined || outcome.isFinal) break;
  }
  return attempts;
}

interface Outcome {
  readonly seen: Pick<SlackAttempt, 'status' | 'answer'>;
  readonly failure?: Failure;
  readonly isFinal?: boolean;
}

async function attempt(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  clock: Pick<Clock, 'sleep'>,
): Promise<Outcome> {
  const ended = new AbortController();
  const timedOut = clock.sleep(PATIENCE_MS, ended.signal).then((): Outcome => ({
    seen: {},
    failure: 'http_timeout',
  }));
  try {
    return await Promise.race([timedOut, exchange(url, headers, body, ended.signal)]);
  } finally {
    ended.abort();
  }
}

async function exchange(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    const seen = { status: response.status, answer: await response.text() };
    if (response.ok) return { seen };
    return { seen, failure: 'http_error', isFinal: response.headers.get('x-slack-no-retry') === '1' };
  } catch {
    return { seen: {}, failure: 'connection_failed' };
  }
}

/** `v0=` and the HMAC of version, time and body, as https://docs.slack.dev/authentication/verifying-requests-from-slack says. */
export function signature(
  body: string,
  { signingSecret, clock }: Pick<SlackDeliveryOptions, 'signingSecret'> & { clock: Pick<Clock, 'nowMs'> },
): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(clock.nowMs() / 1_000));
  const hmac = createHmac('sha256', signingSecret).update(`v0:${seconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${hmac}` };
}
