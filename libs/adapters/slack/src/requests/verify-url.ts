import { createHmac } from 'node:crypto';
import { Fault } from '@swe/domain';
import { z } from 'zod';

export interface UrlToVerify {
  readonly url: string;
  readonly signingSecret: string;
  readonly nowMs: number;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

const CHALLENGE = 'Is this the ingress?';
const answer = z.object({ challenge: z.literal(CHALLENGE) });

/**
 * Asks a request URL what Slack asks it when it is entered: it has to send the challenge back. Signed with the secret, so
 * that it also shows that what answers goes by the same one; whether it is the app's own, Slack alone knows.
 * https://docs.slack.dev/reference/events/url_verification
 */
export async function verifyUrl({ url, signingSecret, nowMs, fetch, signal }: UrlToVerify): Promise<string> {
  const body = JSON.stringify({ type: 'url_verification', token: '', challenge: CHALLENGE });
  const timestamp = String(Math.floor(nowMs / 1_000));
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac}`,
  };
  const request = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
  const response = await fetch(url, request).catch((cause: unknown) => {
    throw new Fault('transient', `${url} can't be reached: check the network, then deploy it again`, {
      cause,
    });
  });
  const { status } = response;
  if (status === 401) {
    throw new Fault(
      'denied',
      `${url} does not take what is signed with the stored signing secret: it reads another parameter, or has read this one less than a minute ago; check also this machine's clock`,
    );
  }
  if (status >= 500) throw new Fault('transient', `${url} answers ${status}: the ingress's log says why`);
  if (answer.safeParse(await response.json().catch(() => undefined)).success) return `${url} answers`;
  throw new Fault('invalid', `${url} answers ${status}, and not as the ingress does: deploy it again`);
}
