import { SocketModeReceiver } from '@slack/bolt';
import type { ChatEvent, Clock, Logger } from '@swe/domain';
import { quietLogger } from '../quiet-logger';
import { toFault } from '../slack-fault';
import { toChatEvent } from '../to-chat-event';

export interface SocketModeOptions {
  /** The app-level token, `xapp-...`, with the scope `connections:write`. */
  readonly appToken: string;
  /** `https://slack.com/api/` */
  readonly apiUrl: string;
  /** Stores what happened. What it throws is Slack's to send again. */
  handle(event: ChatEvent): Promise<void>;
  /** Told of each connection that stands. */
  onConnected(): void;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs' | 'sleep'>;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
}

const TIMEOUT_MS = 10_000;
/** A connection that lived so long did not fail: Slack renews each after some hours. */
const STEADY_MS = 10_000;
const MAX_PAUSE_MS = 30_000;
/** A network that is gone answers no goodbye. */
const GOODBYE_MS = 2_000;

/**
 * Takes what Slack sends over a WebSocket that this side opens (https://docs.slack.dev/apis/events-api/using-socket-mode),
 * until `signal` aborts; by then what was under way is stored. An envelope is acknowledged once `handle` has resolved.
 * A connection that breaks, or can't be made, is made again.
 */
export async function listenOverSocketMode(options: SocketModeOptions, signal: AbortSignal): Promise<void> {
  const { clock, logger } = options;
  let failures = 0;
  while (!signal.aborted) {
    const startedAtMs = clock.monotonicMs();
    try {
      await stayConnected(options, signal);
    } catch (error) {
      logger.warn('slack-socket.failed', { reason: reasonOf(error) });
    }
    failures = clock.monotonicMs() - startedAtMs >= STEADY_MS ? 0 : failures + 1;
    await clock.sleep(pauseMs(failures), signal);
  }
}

/** None at first: what happens in Slack meanwhile comes minutes later. */
const pauseMs = (failures: number): number =>
  failures <= 1 ? 0 : Math.min(MAX_PAUSE_MS, 1_000 * 2 ** (failures - 2));

async function stayConnected(options: SocketModeOptions, signal: AbortSignal): Promise<void> {
  const client = clientOf(options);
  const underWay = new Set<Promise<void>>();
  client.on('slack_event', (envelope: Envelope) => {
    const work = take(envelope, options).finally(() => underWay.delete(work));
    underWay.add(work);
  });
  const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
  await client.start();
  options.onConnected();
  const isGone = await settledOrAborted(gone, signal);
  await Promise.all(underWay);
  if (!isGone) await leave(client, options.clock);
}

/**
 * Bolt's client without Bolt's `App`, which acknowledges events before anybody has looked at them. It doesn't reconnect
 * by itself: where it can't, it rejects a promise that nobody holds, and the process ends.
 */
function clientOf({ appToken, apiUrl }: SocketModeOptions): SocketModeReceiver['client'] {
  const { client } = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    logger: quietLogger,
    installerOptions: {
      clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: TIMEOUT_MS },
    },
  });
  return client;
}

async function leave(
  client: SocketModeReceiver['client'],
  clock: Pick<SocketModeOptions['clock'], 'sleep'>,
): Promise<void> {
  const over = new AbortController();
  await Promise.race([client.disconnect(), clock.sleep(GOODBYE_MS, over.signal)]);
  over.abort();
  // A second time it waits for nobody.
  void client.disconnect();
}

interface Envelope {
  readonly body: unknown;
  ack(): Promise<void>;
}

/** Never rejects. */
async function take(
  { body, ack }: Envelope,
  { handle, clock, logger }: Pick<SocketModeOptions, 'handle' | 'clock' | 'logger'>,
): Promise<void> {
  try {
    const event = toChatEvent(body, clock.nowMs());
    if (event === undefined) logger.debug('slack-event.ignored');
    else await handle(event);
    await ack();
  } catch (error) {
    logger.warn('slack-event.unacknowledged', { reason: reasonOf(error) });
  }
}

/** Whether it settled: false when `signal` aborted before. */
function settledOrAborted(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const abort = (): void => resolve(false);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void work.then(() => {
      signal.removeEventListener('abort', abort);
      resolve(true);
    });
  });
}

/** The client rejects with nothing when its connection closes before Slack has said hello. */
const reasonOf = (error: unknown): string =>
  error === undefined ? 'the connection was closed' : String(toFault(error));
