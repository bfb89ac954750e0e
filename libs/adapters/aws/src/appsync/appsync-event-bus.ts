import type { Clock, EventBus, Hint, Logger, Random } from '@swe/domain';
import { channelOf } from './channel';
import { publishEvent } from './publish-event';
import { RealtimeConnection } from './realtime-connection';
import { createSigner } from './sign-body';
import type { Credentials } from './sign-body';
import { Subscriptions } from './subscriptions';

export interface AppSyncEventBusOptions {
  /** `https://<id>.appsync-api.<region>.amazonaws.com` */
  readonly httpUrl: string;
  /** `wss://<id>.appsync-realtime-api.<region>.amazonaws.com` */
  readonly realtimeUrl: string;
  readonly region: string;
  /** Asked for each signature, so that it may rotate them; a provider of the SDK's fits. */
  readonly credentials: () => Promise<Credentials>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Pick<Logger, 'warn'>;
  /** When `publish` gives up. */
  readonly publishTimeoutMs?: number;
  /** For connecting, and for each subscription. */
  readonly connectTimeoutMs?: number;
}

/**
 * Hints over AppSync Events, signed with IAM credentials, in the channel `/sessions/<session id>`. Publishers go over HTTP,
 * one request per hint; subscribers share one WebSocket, open while there are any. An event says nothing but the
 * session's id. AppSync keeps and repeats nothing, so whoever was away is told.
 */
export class AppSyncEventBus implements EventBus {
  readonly #publish: (channel: string, event: object) => Promise<void>;
  readonly #subscriptions: Subscriptions;

  constructor(options: AppSyncEventBusOptions) {
    const { publishTimeoutMs = 300, connectTimeoutMs = 5_000 } = options;
    const sign = createSigner(options);
    this.#publish = (channel, event) =>
      publishEvent({ ...options, sign, timeoutMs: publishTimeoutMs }, channel, event);
    this.#subscriptions = new Subscriptions({
      ...options,
      connect: () => RealtimeConnection.open({ ...options, sign, timeoutMs: connectTimeoutMs }),
    });
  }

  async publish(sessionId: string): Promise<void> {
    await this.#publish(channelOf(sessionId), { sessionId });
  }

  async subscribe(sessionId: string, listener: (hint: Hint) => void): Promise<{ close(): Promise<void> }> {
    return this.#subscriptions.add(channelOf(sessionId), listener);
  }
}
