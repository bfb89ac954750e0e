import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { isToolAllowed, text } from '@swe/domain';
import type { Clock, JsonObject, OutsideResult, OutsideTool, ToolServer } from '@swe/domain';
import { GivenUp, withDeadline } from './deadline';
import { callResult, fromResult } from './from-result';
import { fromTool, toolPage } from './from-tool-list';
import { NO_TIMEOUT, openConnection } from './open-connection';
import type { ServerAccess } from './open-connection';

/** However much progress a call makes. */
const LONGEST_CALL_MS = 30 * 60_000;
const PING_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const MAX_TOOLS = 10_000;
/** Of all its tools' names, descriptions and schemas together, which are kept as long as the session. */
const MAX_TOOL_CHARACTERS = 8 * 1024 * 1024;
const MAX_REASON_CHARACTERS = 500;

export interface LinkOptions extends ServerAccess {
  readonly clock: Clock;
  /** What may be told of what a server said. */
  forget(said: string): string;
}

const NEVER = new AbortController().signal;

/**
 * One tool server, started when it is first needed and again after it has died: with growing pauses while it keeps
 * failing, which only an answer to a call ends.
 */
export class ToolServerLink {
  readonly name: string;
  readonly #server: ToolServer;
  readonly #options: LinkOptions;
  #opening: Promise<Client> | undefined;
  #client: Client | undefined;
  #lastError: string | undefined;
  #failures = 0;
  #notBeforeMs = 0;
  #isClosed = false;
  /** As it last told them; undefined before that. */
  #tools: readonly OutsideTool[] | undefined;
  #isStale = true;
  #wasListed = false;
  #refreshing: Promise<void> | undefined;
  trouble: string | undefined;

  constructor(name: string, server: ToolServer, options: LinkOptions) {
    this.name = name;
    this.#server = server;
    this.#options = options;
  }

  /** Those of its tools that may be used, by name. */
  get tools(): readonly OutsideTool[] {
    return this.#tools ?? [];
  }

  /**
   * Asks for its tools where that is needed. It is waited for the first time, and while it runs; one that has failed is
   * started again beside the work, and has its tools the next time.
   */
  async refresh(signal: AbortSignal): Promise<void> {
    const isWaitedFor = !this.#wasListed || this.#client !== undefined;
    if (!this.#isStale && this.#client !== undefined) return;
    if (this.#wasListed && this.#isPausing) return;
    this.#wasListed = true;
    this.#refreshing ??= this.#readTools().finally(() => (this.#refreshing = undefined));
    if (isWaitedFor) await untilAborted(this.#refreshing, signal);
  }

  async call(tool: string, input: JsonObject, signal: AbortSignal): Promise<OutsideResult> {
    if (!isToolAllowed(this.#server, tool)) return this.#failure(`${this.name} may not be asked for ${tool}`);
    const { clock, forget } = this.#options;
    const { callTimeoutMs } = this.#server;
    let client: Client | undefined;
    try {
      client = await untilAborted(this.#connected(), signal);
      if (client === undefined) return this.#failure('Not called: it was stopped');
      const connected = client;
      const patience = { ms: callTimeoutMs, maxMs: LONGEST_CALL_MS };
      const result = await withDeadline(clock, patience, signal, (given, extend) =>
        connected.request({ method: 'tools/call', params: { name: tool, arguments: input } }, callResult, {
          ...NO_TIMEOUT,
          signal: given,
          onprogress: extend,
        }),
      );
      this.#failures = 0;
      const { content, isError } = fromResult(result);
      return {
        isError,
        content: content.map((part) =>
          part.type === 'text' ? text(forget(part.text)) : { ...part, name: forget(part.name) },
        ),
      };
    } catch (error) {
      if (error instanceof GivenUp && client !== undefined) {
        if (!error.isTooLate) return this.#failure('It was told to stop');
        void this.#endUnlessAlive(client);
        return this.#failure(
          `${this.name} gave no answer within ${callTimeoutMs / 1000} s and was told to stop`,
        );
      }
      return this.#failure(`${this.name} could not do it: ${this.#reasonOf(error, client)}`);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled([this.#client?.close(), this.#opening?.then((client) => client.close())]);
  }

  get #isPausing(): boolean {
    return this.#options.clock.nowMs() < this.#notBeforeMs;
  }

  async #readTools(): Promise<void> {
    const { clock } = this.#options;
    try {
      const client = await this.#connected();
      const patience = { ms: this.#server.startTimeoutMs };
      this.#isStale = false;
      try {
        await withDeadline(clock, patience, NEVER, (signal) => this.#readPages(client, signal));
      } catch (error) {
        this.#isStale = true;
        await this.#end(client, this.#reasonOf(error, client));
      }
    } catch (error) {
      this.trouble = this.#reasonOf(error);
    }
  }

  async #readPages(client: Client, signal: AbortSignal): Promise<void> {
    const found = new Map<string, OutsideTool>();
    let unread = 0;
    let characters = 0;
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page = await client.request(
        { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
        toolPage,
        { ...NO_TIMEOUT, signal },
      );
      for (const given of page.tools) {
        const tool = fromTool(this.name, given);
        if (tool !== undefined && !isToolAllowed(this.#server, tool.name)) continue;
        characters += JSON.stringify(given).length;
        if (tool === undefined || found.size >= MAX_TOOLS || characters > MAX_TOOL_CHARACTERS) unread += 1;
        else found.set(tool.name, tool);
      }
      const isEnough = found.size >= MAX_TOOLS || characters > MAX_TOOL_CHARACTERS;
      cursor = isEnough || page.tools.length === 0 ? undefined : page.nextCursor;
    }
    this.#tools = [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.trouble =
      unread === 0 ? undefined : `${unread} of its tools are left out: too many, too long, or without a name`;
  }

  #connected(): Promise<Client> {
    if (this.#client !== undefined) return Promise.resolve(this.#client);
    if (this.#isClosed) return Promise.reject(new Error('its session is over'));
    if (this.#opening === undefined && this.#isPausing) {
      const seconds = Math.ceil((this.#notBeforeMs - this.#options.clock.nowMs()) / 1000);
      return Promise.reject(
        new Error(`${this.#lastError ?? 'it failed'} (it is started again in ${seconds} s)`),
      );
    }
    return (this.#opening ??= this.#open().finally(() => (this.#opening = undefined)));
  }

  async #open(): Promise<Client> {
    const { clock } = this.#options;
    const { startTimeoutMs } = this.#server;
    this.#lastError = undefined;
    let isOver = false;
    let own: Client | undefined;
    const listener = {
      onToolsChanged: () => (this.#isStale = true),
      onError: (error: Error) => (this.#lastError ??= this.#reasonOf(error)),
      onClose: () => {
        isOver = true;
        if (own !== undefined) void this.#end(own, this.#lastError ?? 'it ended');
      },
    };
    try {
      const client = await withDeadline(clock, { ms: startTimeoutMs }, NEVER, (signal) =>
        openConnection(this.name, this.#server, this.#options, listener, signal),
      );
      if (isOver) throw new Error(this.#lastError ?? 'it ended');
      this.#isStale = true;
      if (this.#isClosed) await client.close();
      return (this.#client = own = client);
    } catch (error) {
      const late = `it did not come up within ${startTimeoutMs / 1000} s`;
      const reason = error instanceof GivenUp ? late : this.#reasonOf(error);
      this.#fail(reason);
      throw new Error(reason, { cause: error });
    }
  }

  async #end(client: Client, reason: string): Promise<void> {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#fail(reason);
    await client.close().catch(() => undefined);
  }

  #fail(reason: string): void {
    const { clock } = this.#options;
    this.#lastError = reason;
    this.trouble = reason;
    this.#notBeforeMs = clock.nowMs() + Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
  }

  /** What hangs in one call may hang in all: one that does not even answer a ping is ended. */
  async #endUnlessAlive(client: Client): Promise<void> {
    try {
      const ping = (signal: AbortSignal) => client.ping({ ...NO_TIMEOUT, signal });
      await withDeadline(this.#options.clock, { ms: PING_MS }, NEVER, ping);
    } catch {
      await this.#end(client, 'it did not answer any more, and was ended');
    }
  }

  #failure(reason: string): OutsideResult {
    return { content: [text(reason)], isError: true };
  }

  /** What the SDK says of a connection that is closed is only that. */
  #reasonOf(error: unknown, client?: Client): string {
    const isGone = client !== undefined && client.transport === undefined;
    const said = isGone && this.#lastError !== undefined ? this.#lastError : messageOf(error);
    return this.#options.forget(said).slice(0, MAX_REASON_CHARACTERS).toWellFormed();
  }
}

const messageOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error));

/** Undefined once `signal` aborts: nobody waits for it then, and it goes on. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const over = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
  });
  work.catch(() => undefined);
  return Promise.race([work, aborted]).finally(() => over.abort());
}
