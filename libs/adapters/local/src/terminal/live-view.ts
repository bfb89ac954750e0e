import type { Readable } from 'node:stream';
import type { AgentObserver, Clock } from '@swe/domain';
import { activityAfter, IDLE } from './activity';
import type { Activity } from './activity';
import { FRAME_MS, footerOf } from './footer';
import { BRACKETED_PASTE, readKeyboard } from './keyboard';
import type { Typed } from './keyboard';
import type { Screen } from './screen';

export interface LiveViewOptions {
  readonly screen: Screen;
  /** A terminal. */
  readonly input: Readable;
  readonly clock: Clock;
  readonly colour: boolean;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
}

const NOTHING_TYPED: Typed = { before: '', after: '', pasted: 0 };

/** The foot of a terminal while an agent works: what runs and for how long, and a line to speak to the agent. */
export class LiveView implements Disposable {
  readonly #options: LiveViewOptions;
  #activity: Activity = IDLE;
  #typed: Typed | undefined;
  #spinning: AbortController | undefined;
  #leave: (() => void) | undefined;

  constructor(options: LiveViewOptions) {
    this.#options = options;
  }

  readonly observe: AgentObserver = (event) => {
    this.#activity = activityAfter(this.#activity, event, this.#options.clock);
    this.#draw();
    if (this.#activity.running.length === 0) this.#stopSpinning();
    else if (this.#spinning === undefined) void this.#spin();
  };

  /** Calls `listener` with each message that is typed, until the returned function is called. */
  readonly listen = (listener: (words: string) => void): (() => void) => {
    const { input, interrupt, screen } = this.#options;
    const leave = readKeyboard(input, {
      onTyped: (typed) => {
        this.#typed = typed;
        this.#draw();
      },
      onMessage: (words) => {
        this.#activity = { ...this.#activity, unread: [...this.#activity.unread, words] };
        listener(words);
      },
      onInterrupt: interrupt,
    });
    screen.control(BRACKETED_PASTE.on);
    this.#leave = () => {
      this.#leave = undefined;
      this.#typed = undefined;
      leave();
      screen.clear();
      screen.control(BRACKETED_PASTE.off);
    };
    this.#typed = NOTHING_TYPED;
    this.#draw();
    return () => this.#leave?.();
  };

  /** Takes the foot away and gives the keyboard back, also in the middle of work. */
  [Symbol.dispose](): void {
    this.#activity = IDLE;
    this.#stopSpinning();
    this.#leave?.();
    this.#options.screen.clear();
  }

  #draw(): void {
    const { screen, clock, colour } = this.#options;
    const nowMs = clock.monotonicMs();
    screen.show(footerOf(this.#activity, this.#typed, { columns: screen.columns, colour, nowMs }));
  }

  async #spin(): Promise<void> {
    const { signal } = (this.#spinning = new AbortController());
    for (;;) {
      await this.#options.clock.sleep(FRAME_MS, signal);
      if (signal.aborted) return;
      this.#draw();
    }
  }

  #stopSpinning(): void {
    this.#spinning?.abort();
    this.#spinning = undefined;
  }
}
