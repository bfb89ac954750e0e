import type { Clock } from '@swe/domain';

/** A line of a log, and when it was written. */
export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/** Takes lines, all of them or, rejecting, none. */
export type SendLines = (lines: readonly LogLine[]) => Promise<void>;

export interface SentLogOptions {
  /** Asked for with the first lines: what sends costs a start nothing. */
  readonly open: () => Promise<SendLines>;
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
  #send: Promise<SendLines> | undefined;

  constructor(options: SentLogOptions) {
    this.#options = options;
  }

  write(text: string): void {
    this.#waiting.push({ atMs: this.#options.clock.nowMs(), text: text.slice(0, MAX_LINE) });
    if (this.#waiting.length <= MAX_WAITING) return;
    this.#waiting.shift();
    this.#dropped += 1;
  }

  /** Sends what is written until `signal` aborts, and then what is left. Never rejects. */
  async keepSending(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(PAUSE_MS, signal);
      if (!signal.aborted) await this.#sendAll();
    }
    const sent = new AbortController();
    await Promise.race([this.#sendAll().finally(() => sent.abort()), clock.sleep(LAST_MS, sent.signal)]);
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#sendBatch();
    } catch {
      // A log can't tell that it can't be written. It is opened and tried again.
      this.#send = undefined;
    }
  }

  async #sendBatch(): Promise<void> {
    this.#send ??= this.#options.open();
    const send = await this.#send;
    const batch = this.#waiting.slice(0, MAX_BATCH_LINES);
    const dropped = this.#dropped;
    await send([...lossBefore(batch, dropped), ...batch]);
    this.#dropped -= dropped;
    // Some of them may have been dropped meanwhile, which they were not.
    const droppedSent = Math.min(this.#dropped, batch.length);
    this.#dropped -= droppedSent;
    this.#waiting = this.#waiting.slice(batch.length - droppedSent);
  }
}

/** Says in the log itself that lines are missing. */
function lossBefore([first]: readonly LogLine[], lines: number): readonly LogLine[] {
  if (lines === 0 || first === undefined) return [];
  const { atMs } = first;
  return [{ atMs, text: JSON.stringify({ level: 40, time: atMs, event: 'log.cut', lines }) }];
}
