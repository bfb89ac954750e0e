import { sign } from '@octokit/webhooks-methods';
import { Fault } from '@swe/domain';

export interface WebhookToPing {
  readonly url: string;
  readonly secret: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/**
 * Delivers what GitHub sends when a webhook is made, signed with the secret: whoever takes it goes by the same one.
 * https://docs.github.com/webhooks/webhook-events-and-payloads#ping
 */
export async function pingWebhook({ url, secret, fetch, signal }: WebhookToPing): Promise<string> {
  const body = JSON.stringify({ zen: 'Does the ingress hear GitHub?' });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'ping',
    'x-hub-signature-256': await sign(secret, body),
  };
  const request = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
  const { ok, status } = await fetch(url, request).catch((cause: unknown) => {
    throw new Fault('transient', `${url} can't be reached: check the network, then deploy it again`, {
      cause,
    });
  });
  if (ok) return `${url} takes deliveries`;
  if (status === 401) {
    throw new Fault(
      'denied',
      `${url} does not take what is signed with the stored webhook secret: it reads another parameter, or has read this one less than a minute ago`,
    );
  }
  if (status >= 500) throw new Fault('transient', `${url} answers ${status}: the ingress's log says why`);
  throw new Fault('invalid', `${url} answers ${status}, and not as the ingress does: deploy it again`);
}
