import { text } from '@swe/domain';
import type { Clock, OutsideCall, OutsideResult, ToolListing, ToolSource } from '@swe/domain';
import type { RunningToolServer, ScriptedToolServer } from './scripted-tool-server';

export interface MemoryToolSourceOptions {
  readonly clock: Clock;
  readonly startTimeoutMs: number;
  readonly callTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

interface ServerState {
  running: RunningToolServer | undefined;
  failures: number;
  notBeforeMs: number;
  /** Calls that end with their server. */
  readonly waiting: Set<(result: OutsideResult) => void>;
}

const FIRST_PAUSE_MS = 1_000;

const failure = (reason: string): OutsideResult => ({ content: [text(reason)], isError: true });

/** Scripted tool servers, spoken to by function call. */
export class MemoryToolSource implements ToolSource {
  readonly #servers: ReadonlyMap<string, ScriptedToolServer>;
  readonly #options: MemoryToolSourceOptions;
  readonly #states = new Map<string, ServerState>();

  constructor(servers: ReadonlyMap<string, ScriptedToolServer>, options: MemoryToolSourceOptions) {
    this.#servers = servers;
    this.#options = options;
  }

  async list(signal: AbortSignal): Promise<ToolListing> {
    const names = [...this.#servers.keys()].toSorted();
    const listings = await Promise.all(
      names.map(async (server): Promise<ToolListing> => {
        const running = await this.#running(server, signal);
        if (typeof running === 'string') return { tools: [], troubles: [{ server, reason: running }] };
        const tools = running.tools().toSorted((a, b) => (a.name < b.name ? -1 : 1));
        return { tools: tools.map((tool) => ({ server, ...tool })), troubles: [] };
      }),
    );
    return {
      tools: listings.flatMap(({ tools }) => tools),
      troubles: listings.flatMap(({ troubles }) => troubles),
    };
  }

  async call({ server, tool, input }: OutsideCall, signal: AbortSignal): Promise<OutsideResult> {
    const { clock, callTimeoutMs, maxAnswerBytes } = this.#options;
    const running = await this.#running(server, signal);
    if (typeof running === 'string') return failure(running);
    const state = this.#stateOf(server);
    return new Promise((resolve) => {
      let deadline = new AbortController();
      const settle = (result: OutsideResult): void => {
        deadline.abort();
        state.waiting.delete(settle);
        resolve(result);
      };
      const giveUp = (reason: string): void => {
        cancel();
        settle(failure(reason));
      };
      const restart = (): void => {
        deadline.abort();
        const own = (deadline = new AbortController());
        void clock.sleep(callTimeoutMs, own.signal).then(() => {
          if (!own.signal.aborted) giveUp('it gave no answer in time');
        });
      };
      state.waiting.add(settle);
      restart();
      const cancel = running.call(tool, input, {
        onProgress: restart,
        onAnswer: (result) => {
          state.failures = 0;
          settle(sizeOf(result) > maxAnswerBytes ? failure('its answer is too large') : result);
        },
      });
      signal.addEventListener('abort', () => giveUp('it was stopped'), { once: true });
      if (signal.aborted) giveUp('it was stopped');
    });
  }

  /** Or why it does not run. */
  async #running(name: string, signal: AbortSignal): Promise<RunningToolServer | string> {
    const { clock, startTimeoutMs } = this.#options;
    const server = this.#servers.get(name);
    if (server === undefined) return `there is no tool server ${name}`;
    const state = this.#stateOf(name);
    if (state.running !== undefined) return state.running;
    if (clock.nowMs() < state.notBeforeMs) return 'it has just failed, and is started again later';
    const running = server.start({
      onToolsChanged: () => undefined,
      onEnd: () => {
        this.#fail(state);
        state.waiting.forEach((settle) => settle(failure('it ended')));
      },
    });
    if (server.isMute) {
      await clock.sleep(startTimeoutMs, signal);
      this.#fail(state);
      return 'it did not come up in time';
    }
    return (state.running = running);
  }

  #fail(state: ServerState): void {
    state.running = undefined;
    state.notBeforeMs = this.#options.clock.nowMs() + FIRST_PAUSE_MS * 2 ** state.failures;
    state.failures += 1;
  }

  #stateOf(name: string): ServerState {
    const state = this.#states.get(name) ?? {
      running: undefined,
      failures: 0,
      notBeforeMs: 0,
      waiting: new Set(),
    };
    this.#states.set(name, state);
    return state;
  }
}

function sizeOf({ content }: OutsideResult): number {
  return content.reduce(
    (sum, part) => sum + (part.type === 'text' ? part.text.length : part.bytes.length),
    0,
  );
}
