import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server as HttpServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { text } from '@swe/domain';
import type { JsonObject } from '@swe/domain';
import { NEVER, sourceOf } from './mcp-fixture';
import type { McpToolSource } from './mcp-tool-source';

const CALL = { server: 'remote', tool: 'say', input: { words: 'é' } };
const SAID = { isError: false, content: [text('é')] };

const servers: HttpServer[] = [];
let source: McpToolSource | undefined;
afterEach(async () => {
  await source?.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(onRequest: RequestListener): Promise<string> {
  const server = createServer(onRequest);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server as the SDK makes it. */
function sayingServer(): Server {
  const server = new Server({ name: 'remote', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: [{ name: 'say', inputSchema: { type: 'object', properties: { words: { type: 'string' } } } }],
  }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
    content: [{ type: 'text', text: String(params.arguments?.['words']) }],
  }));
  return server;
}

/** Over streamable HTTP, without sessions: one server per request. */
async function answerStreamable(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined } as never);
  await sayingServer().connect(transport as Transport);
  await transport.handleRequest(request, response);
}

/** As servers were before that. */
function answerSse(): RequestListener {
  const transports = new Map<string, SSEServerTransport>();
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://server');
    if (request.method === 'POST' && pathname === '/messages') {
      return void transports.get(searchParams.get('sessionId') ?? '')?.handlePostMessage(request, response);
    }
    if (request.method !== 'GET') return void response.writeHead(405).end();
    const transport = new SSEServerTransport('/messages', response);
    transports.set(transport.sessionId, transport);
    void sayingServer().connect(transport);
  };
}

function open(remote: JsonObject, over: { maxAnswerBytes?: number } = {}): McpToolSource {
  return (source = sourceOf({ servers: { remote }, secrets: { TOKEN: 'letmein' }, ...over }));
}

describe('a server over HTTP', () => {
  it('lists and calls by streamable HTTP, with the headers of its configuration', async () => {
    const authorised = new Set<string | undefined>();
    const url = await listen((request, response) => {
      authorised.add(request.headers.authorization);
      void answerStreamable(request, response);
    });
    const remote = open({ url, headers: { Authorization: 'Bearer ${secret:TOKEN}' } });
    expect((await remote.list(NEVER)).tools).toMatchObject([{ server: 'remote', name: 'say' }]);
    expect(await remote.call(CALL, NEVER)).toEqual(SAID);
    expect([...authorised]).toEqual(['Bearer letmein']);
  });

  it.each([{}, { type: 'sse' }])('that knows only SSE is spoken to by SSE: %j', async (type) => {
    const remote = open({ url: await listen(answerSse()), ...type });
    expect(await remote.call(CALL, NEVER)).toEqual(SAID);
  });

  it.each([401, 500])('that answers %d is a trouble, and no other way is tried', async (status) => {
    let requests = 0;
    const url = await listen((_request, response) => {
      requests += 1;
      response.writeHead(status).end('no');
    });
    const { troubles } = await open({ url }).list(NEVER);
    expect(troubles).toEqual([{ server: 'remote', reason: expect.stringMatching(/\S/) }]);
    expect(requests).toBe(1);
  });

  it('does not get its headers carried on to another one', async () => {
    const elsewhere: string[] = [];
    const other = await listen((request, response) => {
      elsewhere.push(String(request.headers['x-key']));
      void answerStreamable(request, response);
    });
    const url = await listen((_request, response) => response.writeHead(307, { location: other }).end());
    const remote = open({ url, headers: { 'X-Key': '${secret:TOKEN}' } });
    expect((await remote.list(NEVER)).troubles).toHaveLength(1);
    expect(elsewhere).toEqual([]);
  });

  it.each([['streamable', answerStreamable] as const, ['SSE', answerSse()] as const])(
    'whose answer is too large is an error: %s',
    async (_name, answer) => {
      const remote = open({ url: await listen(answer) }, { maxAnswerBytes: 20_000 });
      const result = await remote.call({ ...CALL, input: { words: 'x'.repeat(50_000) } }, NEVER);
      expect(result.isError).toBe(true);
      expect(JSON.stringify(result.content)).toContain('a message of more than 20000 bytes');
    },
  );
});
