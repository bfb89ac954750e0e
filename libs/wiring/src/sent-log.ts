import type { Clock } from '@swe/domain';

/** A line of a log, and when it was written. */
export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/** Takes lines in the order of their times, all of them or, rejecting, none. Gives up when `signal` aborts. */
export type SendLines = (lines: readonly LogLine[], signal: AbortSignal) => Promise<void>;

export interface SentLogOptions {
  /** Asked for with the first lines: what sends costs a start nothing. */
  readonly open: (signal: AbortSignal) => Promise<SendLines>;
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
}

const PAUSE_MS = 5_000;
/** At the end nobody waits longer for a service that does not answer. */
const LAST_MS = 5_000;
const MAX_BATCH_LINES = 40;
/** In characters. Facts are shorter; a batch of the longest has, at three bytes each, a size that services take. */
const MAX_LINE = 8_000;
/** What waits while nothing is taken; then the oldest go. */
const MAX_WAITING = 10_000;

/** A log whose lines leave the machine beside the work: it holds up nobody, and its failures are nobody's. */
export class SentLog {
  readonly #options: SentLogOptions;
  #waiting: LogLine[] = [];
  #dropped = 0;
  #lastAtMs = 0;
  #send: Promise<SendLines> | undefined;

  constructor(options: SentLogOptions) {
    this.#options = options;
  }

  write(text: string): void {
    // A clock that is set back must not put a line before the one before it: a batch out of order is never taken.
    this.#lastAtMs = Math.max(this.#lastAtMs, this.#options.clock.nowMs());
    this.#waiting.push({ atMs: this.#lastAtMs, text: text.slice(0, MAX_LINE) });
    if (this.#waiting.length <= MAX_WAITING) return;
    this.#waiting.shift();
    this.#dropped += 1;
  }

  /** Sends what is written until `signal` aborts, and then what is left. Never rejects. */
  async keepSending(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const over = new AbortController();
    const sending = this.#sendUntil(signal, over.signal).finally(() => over.abort());
    await aborted(signal);
    // What is under way is among what nobody waits for.
    await Promise.race([sending, clock.sleep(LAST_MS, over.signal)]);
    over.abort();
  }

  async #sendUntil(signal: AbortSignal, over: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(PAUSE_MS, signal);
      if (!signal.aborted) await this.#sendAll(over);
    }
    await this.#sendAll(over);
  }

  async #sendAll(over: AbortSignal): Promise<void> {
    try {
      while (this.#waiting.length > 0 && !over.aborted) await this.#sendBatch(over);
    } catch {
      // A log can't tell that it can't be written. It is opened and tried again.
      this.#send = undefined;
    }
  }

  async #sendBatch(over: AbortSignal): Promise<void> {
    this.#send ??= this.#options.open(over);
    const send = await this.#send;
    const batch = this.#waiting.slice(0, MAX_BATCH_LINES);
    const dropped = this.#dropped;
    await send([...lossBefore(batch, dropped), ...batch], over);
    this.#dropped -= dropped;
    // Some of them may have been dropped meanwhile, which they were not.
    const droppedSent = Math.min(this.#dropped, batch.length);
    this.#dropped -= droppedSent;
    this.#waiting = this.#waiting.slice(batch.length - droppedSent);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

/** Says in the log itself that lines are missing. */
function lossBefore([first]: readonly LogLine[], lines: number): readonly LogLine[] {
  if (lines === 0 || first === undefined) return [];
  const { atMs } = first;
  return [{ atMs, text: JSON.stringify({ level: 40, time: atMs, event: 'log.cut', lines }) }];
}
