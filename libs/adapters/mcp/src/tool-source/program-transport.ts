import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { createLines } from './lines';
import type { RunningProgram } from './server-program';

/**
 * A program's standard input and output as the SDK's transport: one message per line
 * (https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#stdio). Instead of the SDK's own, which
 * starts the program by itself, and keeps as much of an endless message as there is memory for.
 */
export class ProgramTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #start: () => Promise<RunningProgram>;
  readonly #maxMessageBytes: number;
  #program: RunningProgram | undefined;
  #isClosed = false;

  constructor(start: () => Promise<RunningProgram>, maxMessageBytes: number) {
    this.#start = start;
    this.#maxMessageBytes = maxMessageBytes;
  }

  async start(): Promise<void> {
    const program = await this.#start();
    this.#program = program;
    // Nobody waited for it.
    if (this.#isClosed) return program.end();
    void this.#follow(program);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#program?.write(`${JSON.stringify(message)}\n`);
  }

  async close(): Promise<void> {
    this.#tellClosed();
    await this.#program?.end();
  }

  async #follow(program: RunningProgram): Promise<void> {
    const lines = createLines(this.#maxMessageBytes);
    try {
      for await (const chunk of program.output) lines(chunk).forEach((line) => this.#receive(line));
      if (!this.#isClosed) this.onerror?.(new Error(endOf(program)));
    } catch (error) {
      this.onerror?.(Error.isError(error) ? error : new Error(String(error)));
    }
    await this.close();
  }

  /** What is no message is passed over: programs print greetings. */
  #receive(line: string): void {
    const message = JSONRPCMessageSchema.safeParse(parsed(line));
    if (message.success && !this.#isClosed) this.onmessage?.(message.data);
  }

  #tellClosed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onclose?.();
  }
}

function endOf(program: RunningProgram): string {
  const complaint = program.complaint().trim();
  return complaint === '' ? 'it ended' : `it ended: ${complaint}`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
