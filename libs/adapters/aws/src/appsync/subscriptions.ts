import { isFault } from '@swe/domain';
import type { Clock, Hint, Logger, Random } from '@swe/domain';
import { pauseMs } from './pause-policy';
import type { RealtimeConnection } from './realtime-connection';
import { toFault } from './to-fault';

export interface SubscriptionsOptions {
  readonly connect: () => Promise<RealtimeConnection>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Pick<Random, 'fraction'>;
  readonly logger: Pick<Logger, 'warn'>;
}

interface Subscription {
  readonly channel: string;
  readonly listener: (hint: Hint) => void;
  /** Fulfilled when its subscriber gets it: on its first success, or its first failure. */
  readonly given: PromiseWithResolvers<void>;
  isGiven: boolean;
  leave?: () => void;
}

/**
 * Many subscriptions over one connection, which is there while there are any. What fails is tried again after growing
 * pauses, for ever: a broken connection, and a subscription that is refused. Whoever has a subscription and may have missed
 * an event, because it was not subscribed until now, is told `away`.
 */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #all = new Set<Subscription>();
  #connection: RealtimeConnection | undefined;
  #isRunning = false;
  #pause: AbortController | undefined;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  async add(channel: string, listener: (hint: Hint) => void): Promise<{ close(): Promise<void> }> {
    const subscription: Subscription = {
      channel,
      listener,
      given: Promise.withResolvers(),
      isGiven: false,
    };
    this.#all.add(subscription);
    if (this.#connection !== undefined) void this.#join(this.#connection, subscription);
    // Nobody waits for a service that is away: hints are only hints.
    if (this.#pause !== undefined) give(subscription);
    if (!this.#isRunning) void this.#run();
    await subscription.given.promise;
    return { close: async () => this.#remove(subscription) };
  }

  #remove(subscription: Subscription): void {
    if (!this.#all.delete(subscription)) return;
    subscription.leave?.();
    if (this.#all.size > 0) return;
    this.#connection?.close();
    this.#pause?.abort();
  }

  /** Keeps a connection for as long as anybody is subscribed. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    let failures = 0;
    while (this.#all.size > 0) {
      try {
        this.#connection = await this.#options.connect();
        failures = 0;
        this.#all.forEach((subscription) => void this.#join(this.#connection!, subscription));
        if (this.#all.size === 0) this.#connection.close();
        throw await this.#connection.closed;
      } catch (error) {
        this.#connection = undefined;
        // Closed by ourselves; who has come since then gets a new one at once.
        if (isFault(error, 'cancelled')) continue;
        this.#warn('events.disconnected', error);
      }
      this.#all.forEach(give);
      this.#pause = new AbortController();
      await this.#wait(failures, this.#pause.signal);
      this.#pause = undefined;
      failures += 1;
    }
    this.#isRunning = false;
  }

  /** Subscribes until it works, is not wanted any more, or the connection ends. */
  async #join(connection: RealtimeConnection, subscription: Subscription): Promise<void> {
    for (let failures = 0; !connection.over.aborted && this.#all.has(subscription); failures += 1) {
      try {
        const leave = await connection.subscribe(subscription.channel, () =>
          this.#tell(subscription, 'changed'),
        );
        if (!this.#all.has(subscription)) return leave();
        subscription.leave = leave;
        if (subscription.isGiven) this.#tell(subscription, 'away');
        return give(subscription);
      } catch (error) {
        if (connection.over.aborted) return;
        this.#warn('events.unsubscribed', error, { channel: subscription.channel });
        give(subscription);
        await this.#wait(failures, connection.over);
      }
    }
  }

  #tell(subscription: Subscription, hint: Hint): void {
    if (this.#all.has(subscription)) subscription.listener(hint);
  }

  #wait(failures: number, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    return clock.sleep(pauseMs(failures, random.fraction()), signal);
  }

  #warn(event: string, error: unknown, fields = {}): void {
    const fault = toFault(error);
    const reason = fault instanceof Error ? fault.message : String(fault);
    this.#options.logger.warn(event, { ...fields, reason, ...(isFault(fault) && { kind: fault.kind }) });
  }
}

function give(subscription: Subscription): void {
  subscription.isGiven = true;
  subscription.given.resolve();
}
