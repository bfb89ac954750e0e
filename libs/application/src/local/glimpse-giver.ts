import { EMPTY_GLIMPSE, isEmptyGlimpse, MAX_GLIMPSE } from '@swe/domain';
import type { AgentObserver, Clock, Glimpse, Glimpses, Processes, Workspace } from '@swe/domain';

/** So often is it looked at what commands print, and put what is new. */
export const GLIMPSE_MS = 250;
/** Those tools print while they run. */
const PRINTING = new Set(['bash']);

/** Where commands run, and what they print is. */
export interface Printing {
  readonly workspace: Pick<Workspace, 'read'>;
  readonly processes: Pick<Processes, 'spoolDirectory'>;
}

export interface GlimpsePorts {
  readonly glimpses: Pick<Glimpses, 'put'>;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * Gives a glimpse of what one agent does, four times a second at most, while there is something to see: the end of an
 * answer that is being written, and the end of what commands print.
 */
export class GlimpseGiver implements AsyncDisposable {
  readonly #ports: GlimpsePorts;
  readonly #ended = new AbortController();
  #sessionId: string | undefined;
  #machine: Printing | undefined;
  #step = 1;
  #text = '';
  #running: readonly string[] = [];
  #giving: Promise<void> | undefined;

  constructor(ports: GlimpsePorts) {
    this.#ports = ports;
  }

  readonly observe: AgentObserver = (event) => {
    switch (event.type) {
      case 'session.opened':
        this.#sessionId = event.sessionId;
        this.#text = '';
        this.#running = [];
        break;
      case 'step.started':
        this.#step = event.callNumber;
        this.#text = '';
        return;
      case 'text.streamed':
        this.#text = endOf(this.#text + event.text);
        break;
      case 'step.finished':
        this.#text = '';
        return;
      case 'tool.started':
        if (!PRINTING.has(event.name)) return;
        this.#running = [...this.#running, event.callId];
        break;
      case 'tool.finished':
        this.#running = this.#running.filter((callId) => callId !== event.callId);
        return;
      default:
        return;
    }
    if (this.#sessionId === undefined || this.#ended.signal.aborted) return;
    this.#giving ??= this.#give(this.#sessionId);
  };

  /** What is printed on `machine` is seen from now on. */
  watch<T extends Printing>(machine: T): T {
    this.#machine = machine;
    return machine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#giving;
  }

  /** Until there is nothing to see any more. */
  async #give(sessionId: string): Promise<void> {
    const { glimpses, clock } = this.#ports;
    const { signal } = this.#ended;
    let given: string | undefined;
    for (;;) {
      const seen = signal.aborted ? EMPTY_GLIMPSE : await this.#look();
      const json = JSON.stringify(seen);
      if (json !== given) await glimpses.put(sessionId, seen);
      given = json;
      if (signal.aborted || (isEmptyGlimpse(seen) && this.#isIdle())) break;
      await clock.sleep(GLIMPSE_MS, signal);
    }
    this.#giving = undefined;
  }

  #isIdle(): boolean {
    return this.#text === '' && this.#running.length === 0;
  }

  async #look(): Promise<Glimpse> {
    const step = this.#text === '' ? {} : { step: { step: this.#step, text: this.#text.toWellFormed() } };
    const printed = await Promise.all(
      this.#running.map(async (callId) => ({ callId, output: await this.#printedBy(callId) })),
    );
    return { ...step, running: printed.filter(({ output }) => output !== '') };
  }

  /** The end of what it printed so far; nothing where that can't be read, or is gone because it ended. */
  async #printedBy(callId: string): Promise<string> {
    if (this.#machine === undefined) return '';
    const { workspace, processes } = this.#machine;
    const path = `${processes.spoolDirectory}/${callId}.log`;
    try {
      const { totalBytes } = await workspace.read(path, { offset: 0, length: 0 });
      const offset = Math.max(0, totalBytes - MAX_GLIMPSE);
      const { bytes } = await workspace.read(path, { offset, length: MAX_GLIMPSE });
      const text = new TextDecoder().decode(bytes);
      // It begins in the middle of a line, or of a character.
      return offset === 0 ? text : text.slice(text.indexOf('\n') + 1);
    } catch {
      return '';
    }
  }
}

const endOf = (text: string): string =>
  text.length > MAX_GLIMPSE ? `…${text.slice(1 - MAX_GLIMPSE)}` : text;
