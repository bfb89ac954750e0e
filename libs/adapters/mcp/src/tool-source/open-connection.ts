import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ErrorCode,
  ListRootsRequestSchema,
  McpError,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { resolveReferences, secretsOf } from '@swe/domain';
import type { ProgramServer, RemoteServer, ToolServer } from '@swe/domain';
import { boundedFetch } from './bounded-fetch';
import { ProgramTransport } from './program-transport';
import type { StartProgram } from './server-program';

/** What tool servers are reached by, and told of. */
export interface ServerAccess {
  /** What `${workspaceFolder}` stands for, absolute; servers that ask are told that the work is there. */
  readonly workspaceFolder: string;
  readonly startProgram: StartProgram;
  readonly fetch: typeof fetch;
  readSecret(name: string): Promise<string>;
  /** Of an answer, as it comes from a server. */
  readonly maxAnswerBytes: number;
}

export interface ConnectionListener {
  onToolsChanged(): void;
  /** What goes wrong on the way, in words of the server or the system. */
  onError(error: Error): void;
  onClose(): void;
}

/** The SDK's own clock is kept out of it: deadlines are ours. */
export const NO_TIMEOUT = { timeout: 2 ** 31 - 1 };

/** What a server answers to a request that it takes for none of its: then it may be one of an older kind. */
const OLD_SERVER = new Set([400, 404, 405]);

/** A client that has introduced itself to the server; where the signal aborts, it is closed. */
export async function openConnection(
  name: string,
  server: ToolServer,
  access: ServerAccess,
  listener: ConnectionListener,
  signal: AbortSignal,
): Promise<Client> {
  const opened = (transport: Transport): Promise<Client> => introduce(transport, access, listener, signal);
  if (!('url' in server)) return opened(await programOf(name, server, access));
  const headers = await resolved(server.headers, access);
  const ways = server.type === 'sse' ? [sse] : [streamable, sse];
  for (const [i, way] of ways.entries()) {
    try {
      return await opened(way(server, headers, access));
    } catch (error) {
      const isOld = error instanceof StreamableHTTPError && OLD_SERVER.has(error.code ?? 0);
      if (!isOld || i === ways.length - 1 || signal.aborted) throw error;
    }
  }
  throw new Error('unreachable: the last way throws');
}

async function introduce(
  transport: Transport,
  { workspaceFolder }: ServerAccess,
  listener: ConnectionListener,
  signal: AbortSignal,
): Promise<Client> {
  const client = new Client({ name: 'remote-swe-agents', version: '1.0.0' }, { capabilities: { roots: {} } });
  const roots = [{ uri: pathToFileURL(workspaceFolder).href, name: 'workspace' }];
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => listener.onToolsChanged());
  let said: Error | undefined;
  let isClosed = false;
  client.onerror = (error) => (said ??= error);
  client.onclose = () => (isClosed = true);
  const giveUp = (): void => void client.close().catch(() => undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await client.connect(transport, { ...NO_TIMEOUT, signal });
    if (isClosed) throw said ?? new Error('it ended');
  } catch (error) {
    giveUp();
    // Of what ended the connection the SDK says only that it is closed.
    const isEnd = error instanceof McpError && error.code === ErrorCode.ConnectionClosed;
    throw isEnd ? (said ?? new Error('it ended', { cause: error })) : error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
  client.onerror = (error) => listener.onError(error);
  client.onclose = () => listener.onClose();
  return client;
}

async function programOf(
  name: string,
  server: ProgramServer,
  { workspaceFolder, startProgram, readSecret, maxAnswerBytes }: ServerAccess,
): Promise<Transport> {
  const fill = (setting: string): Promise<string> => resolveReferences(setting, workspaceFolder, readSecret);
  const [command, ...args] = await Promise.all([server.command, ...server.args].map(fill));
  const program = {
    name,
    argv: [command ?? '', ...args] as const,
    environment: await resolved(server.env, { workspaceFolder, readSecret }),
    readable: server.readableFolders,
    holdsSecrets: secretsOf(server).length > 0,
  };
  return new ProgramTransport(() => startProgram(program), maxAnswerBytes);
}

async function resolved(
  settings: Readonly<Record<string, string>>,
  { workspaceFolder, readSecret }: Pick<ServerAccess, 'workspaceFolder' | 'readSecret'>,
): Promise<Record<string, string>> {
  const entries = Object.entries(settings).map(
    async ([key, setting]) => [key, await resolveReferences(setting, workspaceFolder, readSecret)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

type Way = (server: RemoteServer, headers: Record<string, string>, access: ServerAccess) => Transport;

const streamable: Way = ({ url }, headers, access) =>
  bounded(access, (fetch) => {
    // Its types don't know that an optional property may not be undefined.
    return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers }, fetch }) as Transport;
  });

const sse: Way = ({ url }, headers, access) =>
  bounded(access, (fetch) => new SSEClientTransport(new URL(url), { requestInit: { headers }, fetch }));

/** What a stream that breaks off does is try again: for a message that is too large the connection is closed. */
function bounded({ fetch, maxAnswerBytes }: ServerAccess, make: (fetch: FetchLike) => Transport): Transport {
  const transport = make(
    boundedFetch(fetch, maxAnswerBytes, (error) => {
      transport.onerror?.(error);
      void transport.close();
    }),
  );
  return transport;
}
