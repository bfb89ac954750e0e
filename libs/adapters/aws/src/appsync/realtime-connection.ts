import { Fault } from '@swe/domain';
import type { Clock, Random } from '@swe/domain';
import { fromFrame } from './from-frame';
import type { ServerFrame } from './from-frame';
import type { SignBody } from './sign-body';
import { fromRefusal } from './to-fault';
import { within } from './within';

export interface ConnectionOptions {
  /** `wss://<id>.appsync-realtime-api.<region>.amazonaws.com` */
  readonly realtimeUrl: string;
  readonly sign: SignBody;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly random: Pick<Random, 'id'>;
  /** For connecting, and for each subscription's answer. */
  readonly timeoutMs: number;
}

const PROTOCOL = 'aws-appsync-event-ws';

/** What is signed with everything that goes over the WebSocket. */
const SIGNED_HEADERS = {
  accept: 'application/json, text/javascript',
  'content-encoding': 'amz-1.0',
  'content-type': 'application/json; charset=UTF-8',
};

/**
 * One WebSocket to AppSync Events, from its acknowledgement to its end. It ends by itself when no keep-alive has come for
 * as long as AppSync said, and after a day at the latest, when AppSync ends it.
 */
export class RealtimeConnection {
  /** Why it ended. */
  readonly closed: Promise<unknown>;
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #over = new AbortController();
  readonly #acknowledged = Promise.withResolvers<void>();
  readonly #end: (reason: unknown) => void;
  readonly #answers = new Map<string, PromiseWithResolvers<void>>();
  readonly #listeners = new Map<string, () => void>();
  #aliveMs = 0;

  static open(options: ConnectionOptions): Promise<RealtimeConnection> {
    const { realtimeUrl, sign, clock, timeoutMs } = options;
    return within({ clock, ms: timeoutMs, what: 'connecting to AppSync Events' }, async (over) => {
      const headers = JSON.stringify(await sign('{}', SIGNED_HEADERS));
      over.throwIfAborted();
      const coded = Buffer.from(headers).toString('base64url');
      const socket = new WebSocket(new URL('/event/realtime', realtimeUrl), [PROTOCOL, `header-${coded}`]);
      const connection = new RealtimeConnection(socket, options);
      const giveUp = () => connection.close();
      over.addEventListener('abort', giveUp);
      await connection.#acknowledged.promise;
      over.removeEventListener('abort', giveUp);
      return connection;
    });
  }

  private constructor(socket: WebSocket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.closed = promise;
    this.#end = (reason) => {
      if (this.#over.signal.aborted) return;
      this.#over.abort();
      socket.close();
      this.#acknowledged.reject(reason);
      this.#answers.forEach((answer) => answer.reject(reason));
      resolve(reason);
    };
    const broken = () => this.#end(new Fault('transient', 'the connection to AppSync Events broke'));
    socket.addEventListener('open', () => this.#send({ type: 'connection_init' }));
    socket.addEventListener('message', ({ data }) => this.#receive(fromFrame(data)));
    socket.addEventListener('error', broken);
    socket.addEventListener('close', broken);
  }

  /** Aborts when the connection ends. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Calls `listener` for every event of the channel, from when this resolves until what it gives is called. */
  async subscribe(channel: string, listener: () => void): Promise<() => void> {
    const { sign, clock, random, timeoutMs } = this.#options;
    const id = random.id();
    const leave = () => {
      if (this.#listeners.delete(id)) this.#send({ type: 'unsubscribe', id });
    };
    const answer = Promise.withResolvers<void>();
    try {
      await within({ clock, ms: timeoutMs, what: `subscribing to ${channel}` }, async (over) => {
        const authorization = await sign(JSON.stringify({ channel }), SIGNED_HEADERS);
        over.throwIfAborted();
        this.#answers.set(id, answer);
        this.#listeners.set(id, listener);
        this.#send({ type: 'subscribe', id, channel, authorization });
        await answer.promise;
      });
      return leave;
    } catch (error) {
      leave();
      throw error;
    } finally {
      this.#answers.delete(id);
    }
  }

  close(): void {
    this.#end(new Fault('cancelled', 'the connection to AppSync Events was closed'));
  }

  #send(frame: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #receive(frame: ServerFrame | undefined): void {
    if (frame === undefined || this.over.aborted) return;
    switch (frame.type) {
      case 'connection_ack':
        this.#acknowledged.resolve();
        void this.#watch(frame.connectionTimeoutMs);
        return;
      case 'connection_error':
        return this.#end(fromRefusal(frame.errors));
      case 'ka':
        this.#aliveMs = this.#options.clock.monotonicMs();
        return;
      case 'subscribe_success':
        return this.#answers.get(frame.id)?.resolve();
      case 'subscribe_error':
        return this.#answers.get(frame.id)?.reject(fromRefusal(frame.errors));
      case 'data':
        return this.#listeners.get(frame.id)?.();
    }
  }

  /** A connection can die without anybody being told: then the keep-alives stay away. */
  async #watch(timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    this.#aliveMs = clock.monotonicMs();
    while (!this.over.aborted) {
      const leftMs = this.#aliveMs + timeoutMs - clock.monotonicMs();
      if (leftMs <= 0) {
        return this.#end(new Fault('transient', `AppSync Events was silent for ${timeoutMs} ms`));
      }
      await clock.sleep(leftMs, this.over);
    }
  }
}
