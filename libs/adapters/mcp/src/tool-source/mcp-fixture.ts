import { PassThrough } from 'node:stream';
import { toolServersFile } from '@swe/domain';
import type { Clock, JsonObject, JsonValue } from '@swe/domain';
import { McpToolSource } from './mcp-tool-source';
import type { RunningProgram, StartProgram } from './server-program';

export const NEVER = new AbortController().signal;

/** On which no deadline ever comes. */
const STOPPED: Clock = {
  nowMs: () => 0,
  monotonicMs: () => 0,
  sleep: (_ms, signal) =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
};

export interface FixtureOptions {
  readonly servers: JsonObject;
  readonly startProgram?: StartProgram;
  readonly clock?: Clock;
  readonly maxAnswerBytes?: number;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly workspaceFolder?: string;
}

/** A source of the servers that are configured as in a file. */
export function sourceOf(options: FixtureOptions): McpToolSource {
  const { servers, clock = STOPPED, maxAnswerBytes = 1_000_000, secrets = {} } = options;
  return new McpToolSource({
    servers: toolServersFile.parse({ mcpServers: servers }),
    clock,
    workspaceFolder: options.workspaceFolder ?? '/workspace',
    startProgram: options.startProgram ?? (() => Promise.reject(new Error('there are no programs here'))),
    fetch,
    readSecret: async (name) => secrets[name] ?? Promise.reject(new Error(`there is no secret ${name}`)),
    maxAnswerBytes,
  });
}

/** What a program does with a request. Gives its result, or writes what it likes itself and gives nothing. */
export type Behaviour = (
  request: {
    readonly id: number;
    readonly method: string;
    readonly params: Readonly<Record<string, JsonValue>>;
  },
  program: { print(line: string): void; exit(complaint?: string): void },
) => JsonObject | undefined | Promise<JsonObject | undefined>;

/** A program that introduces itself as MCP has it, and from then on does what it wants. */
export function programThat(behave: Behaviour): RunningProgram {
  const output = new PassThrough();
  let complaint = '';
  const print = (line: string): void => void output.write(`${line}\n`);
  const exit = (said = ''): void => {
    complaint = said;
    output.end();
  };
  return {
    output,
    complaint: () => complaint,
    async write(text) {
      const { id, method, params } = JSON.parse(text);
      const isIntroduction = method === 'initialize';
      const capabilities = { tools: {} };
      const serverInfo = { name: 'fixture', version: '1' };
      const introduction = { protocolVersion: params?.protocolVersion, capabilities, serverInfo };
      if (id === undefined) return;
      const result = isIntroduction ? introduction : await behave({ id, method, params }, { print, exit });
      if (result !== undefined) print(JSON.stringify({ jsonrpc: '2.0', id, result }));
    },
    async end() {
      output.destroy();
    },
  };
}
