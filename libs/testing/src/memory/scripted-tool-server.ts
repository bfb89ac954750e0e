import { text } from '@swe/domain';
import type { JsonObject, OutsideResult, OutsideTool } from '@swe/domain';

export type ScriptedToolSpec = Omit<OutsideTool, 'server'>;

/** A call that has reached its server: what becomes of it is the test's to say. */
export interface ScriptedToolCall {
  readonly tool: string;
  readonly input: JsonObject;
  /** Whoever called has said that nobody waits for the answer. */
  readonly isCancelled: boolean;
  progress(): void;
  answer(result: OutsideResult): void;
  /** The whole server ends. */
  die(): void;
}

export interface ToolServerListener {
  onToolsChanged(): void;
  onEnd(): void;
}

export interface ToolCallListener {
  onProgress(): void;
  onAnswer(result: OutsideResult): void;
}

/** A scripted server that somebody has started, as a transport sees it. */
export interface RunningToolServer {
  tools(): readonly ScriptedToolSpec[];
  /** Gives what cancels the call. */
  call(tool: string, input: JsonObject, listener: ToolCallListener): () => void;
  end(): void;
}

/** A tool server whose calls a test holds in its hands, apart from how it is spoken to. */
export class ScriptedToolServer {
  /** It is started, and never says a word. */
  isMute = false;
  starts = 0;
  #tools: readonly ScriptedToolSpec[];
  #listener: ToolServerListener | undefined;
  readonly #calls: ScriptedToolCall[] = [];
  #onCall: (() => void) | undefined;

  constructor(tools: readonly ScriptedToolSpec[]) {
    this.#tools = tools;
  }

  /** From now on it has these tools, and says so to whoever has started it. */
  offer(tools: readonly ScriptedToolSpec[]): void {
    this.#tools = tools;
    this.#listener?.onToolsChanged();
  }

  /** The next call that arrives, or has arrived and was not taken. */
  async called(): Promise<ScriptedToolCall> {
    for (;;) {
      const call = this.#calls.shift();
      if (call !== undefined) return call;
      await new Promise<void>((resolve) => (this.#onCall = resolve));
    }
  }

  start(listener: ToolServerListener): RunningToolServer {
    this.starts += 1;
    this.#listener = listener;
    const end = (): void => {
      if (this.#listener !== listener) return;
      this.#listener = undefined;
      listener.onEnd();
    };
    return {
      tools: () => this.#tools,
      end,
      call: (tool, input, { onProgress, onAnswer }) => {
        if (!this.#tools.some(({ name }) => name === tool)) {
          onAnswer({ content: [text(`there is no tool ${tool}`)], isError: true });
          return () => undefined;
        }
        let isCancelled = false;
        this.#calls.push({
          tool,
          input,
          get isCancelled() {
            return isCancelled;
          },
          progress: onProgress,
          answer: onAnswer,
          die: end,
        });
        this.#onCall?.();
        return () => (isCancelled = true);
      },
    };
  }
}
