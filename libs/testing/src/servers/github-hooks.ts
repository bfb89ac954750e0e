import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '@swe/domain';
import { payloadOf } from './github-event';
import type { GithubEvent } from './github-event';
import type { GithubView } from './github-view';
import type { GithubApp } from './github-entities';

/** One event on its way to the app. A redelivery has the same `guid`. */
export interface GithubDelivery {
  readonly guid: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly payload: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isRedelivery: boolean;
  /** What came back; undefined until something has, and when nothing does in ten seconds. */
  status: number | undefined;
  answer: string | undefined;
}

/** https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks#respond-within-10-seconds */
const PATIENCE_MS = 10_000;

/**
 * Where events are sent. GitHub sends each once, and again only when somebody asks for it
 * (https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries).
 */
export class GithubHooks {
  /** Where to; nowhere while it is undefined, but what would be sent is in `deliveries` all the same. */
  url: string | undefined;
  contentType: 'json' | 'form' = 'json';
  /** Names of events; all, unless it says which. */
  events: 'all' | readonly string[] = 'all';
  /** Asked for each delivery: whether it never leaves. */
  loses: (delivery: GithubDelivery) => boolean = () => false;
  readonly deliveries: GithubDelivery[] = [];
  readonly #view: GithubView;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #secret: string;
  readonly #app: GithubApp | undefined;
  readonly #onItsWay = new Set<Promise<void>>();

  /** Those of an app are told of repositories that it is installed on; a repository's own webhooks, without `app`, of all. */
  constructor(
    view: GithubView,
    options: { clock: Pick<Clock, 'sleep'>; secret: string; app: GithubApp | undefined },
  ) {
    this.#view = view;
    this.#clock = options.clock;
    this.#secret = options.secret;
    this.#app = options.app;
  }

  emit(event: GithubEvent): void {
    const installation = this.#app && this.#view.world.installationFor(this.#app.slug, event.repository);
    if (this.#app !== undefined && installation === undefined) return;
    if (this.events !== 'all' && !this.events.includes(event.name)) return;
    this.#send(event.name, payloadOf(this.#view, event, installation), randomUUID(), false);
  }

  /** What a webhook is told first: https://docs.github.com/en/webhooks/webhook-events-and-payloads#ping */
  ping(): GithubDelivery {
    const hook = {
      type: this.#app === undefined ? 'Repository' : 'App',
      id: HOOK_ID,
      name: 'web',
      active: true,
      events: this.events === 'all' ? ['*'] : this.events,
      config: { content_type: this.contentType, insecure_ssl: '0', url: this.url ?? '', secret: '********' },
      updated_at: '2026-01-01T00:00:00Z',
      created_at: '2026-01-01T00:00:00Z',
      ...(this.#app !== undefined && { app_id: this.#app.id }),
    };
    const payload = { zen: 'Responsive is better than fast.', hook_id: HOOK_ID, hook };
    return this.#send('ping', payload, randomUUID(), false);
  }

  /** The same bytes again, even where it was lost. */
  redeliver({ event, payload, guid }: GithubDelivery): GithubDelivery {
    return this.#send(event, payload, guid, true);
  }

  /** Sends something as GitHub would, whatever it is. */
  forge(event: string, payload: object): GithubDelivery {
    return this.#send(event, payload, randomUUID(), false);
  }

  /** Resolves once all that was sent so far is answered, or given up. */
  async idle(): Promise<void> {
    while (this.#onItsWay.size > 0) await Promise.all(this.#onItsWay);
  }

  #send(event: string, payload: object, guid: string, isRedelivery: boolean): GithubDelivery {
    const json = JSON.stringify(payload);
    const isForm = this.contentType === 'form';
    const body = isForm ? new URLSearchParams({ payload: json }).toString() : json;
    const delivery: GithubDelivery = {
      guid,
      event,
      action: 'action' in payload ? String(payload.action) : undefined,
      payload,
      headers: this.#headers(event, guid, body),
      body,
      isRedelivery,
      status: undefined,
      answer: undefined,
    };
    this.deliveries.push(delivery);
    if (this.url !== undefined && (isRedelivery || !this.loses(delivery))) this.#start(this.url, delivery);
    return delivery;
  }

  #start(url: string, delivery: GithubDelivery): void {
    const sending = this.#deliver(url, delivery).finally(() => this.#onItsWay.delete(sending));
    this.#onItsWay.add(sending);
  }

  async #deliver(url: string, delivery: GithubDelivery): Promise<void> {
    const ended = new AbortController();
    const exchange = fetch(url, {
      method: 'POST',
      headers: delivery.headers,
      body: delivery.body,
      signal: ended.signal,
      redirect: 'manual',
    })
      .then(async (response) => {
        delivery.answer = await response.text();
        delivery.status = response.status;
      })
      .catch(() => undefined);
    await Promise.race([exchange, this.#clock.sleep(PATIENCE_MS, ended.signal)]);
    ended.abort();
  }

  /** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
  #headers(event: string, guid: string, body: string): Readonly<Record<string, string>> {
    return {
      accept: '*/*',
      'content-type': this.contentType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-delivery': guid,
      'x-github-event': event,
      'x-github-hook-id': String(HOOK_ID),
      'x-github-hook-installation-target-id': String(this.#app?.id ?? HOOK_ID),
      'x-github-hook-installation-target-type': this.#app === undefined ? 'repository' : 'integration',
      ...githubSignature(body, this.#secret),
    };
  }
}

const HOOK_ID = 292_430_182;

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries; the older one is with SHA-1. */
export function githubSignature(body: string, secret: string): Readonly<Record<string, string>> {
  const digest = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex');
  return { 'x-hub-signature': `sha1=${digest('sha1')}`, 'x-hub-signature-256': `sha256=${digest('sha256')}` };
}
