import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { offerOf, textOf } from '@swe/domain';
import type { JsonObject } from '@swe/domain';
import { NEVER, sourceOf } from './mcp-fixture';
import type { McpToolSource } from './mcp-tool-source';
import type { StartProgram } from './server-program';

/** The protocol's own example of everything: https://www.npmjs.com/package/@modelcontextprotocol/server-everything */
const EVERYTHING = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
);

/** An example of the SDK's own: https://github.com/modelcontextprotocol/typescript-sdk/tree/v1.x/src/examples */
const example = (name: string): string =>
  fileURLToPath(import.meta.resolve(`@modelcontextprotocol/sdk/examples/server/${name}.js`));

/** Most examples listen on one port, whoever has it: this has them listen on the one that they are told. */
const ON_PORT = `data:text/javascript,${encodeURIComponent(`
import { Server } from 'node:net';
const { listen } = Server.prototype;
Server.prototype.listen = function (_port, ...rest) {
  return listen.call(this, Number(process.env.PORT), '127.0.0.1', ...rest);
};`)}`;

let source: McpToolSource;
const children = new Set<ChildProcess>();
afterEach(async () => {
  await source.close();
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

const startProgram: StartProgram = async ({ argv: [program, ...args], environment }) => {
  const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'ignore'] });
  children.add(child);
  return {
    output: child.stdout,
    complaint: () => '',
    write: async (text) => void child.stdin.write(text),
    end: async () => void child.kill('SIGKILL'),
  };
};

/** A program's address over HTTP; resolves once it listens. */
async function served(args: readonly string[], path: string): Promise<string> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const child = spawn(process.execPath, args, {
    env: { PORT: String(port) },
    stdio: 'ignore',
  });
  children.add(child);
  while (!(await accepts(port))) await sleep(20);
  return `http://127.0.0.1:${port}${path}`;
}

/** What it prints comes before it listens, and no event tells of that. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

describe.each<[string, () => Promise<JsonObject>]>([
  ['stdio', async () => ({ command: process.execPath, args: [EVERYTHING, 'stdio'] })],
  ['streamable HTTP', async () => ({ url: await served([EVERYTHING, 'streamableHttp'], '/mcp') })],
  ['SSE', async () => ({ url: await served([EVERYTHING, 'sse'], '/sse'), type: 'sse' })],
])('the published server by %s', (_name, serverOf) => {
  it('has its tools listed and called: text, picture, structure, error, progress', async () => {
    source = sourceOf({
      servers: { everything: await serverOf() },
      startProgram,
      workspaceFolder: '/work/space',
    });
    const { tools, troubles } = await source.list(NEVER);
    expect(troubles).toEqual([]);
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['echo', 'get-sum', 'get-tiny-image']),
    );
    expect(offerOf(tools).behind).toEqual([]);

    const call = (tool: string, input: JsonObject = {}) =>
      source.call({ server: 'everything', tool, input }, NEVER);
    expect(await call('echo', { message: 'é' })).toMatchObject({
      isError: false,
      content: [{ text: 'Echo: é' }],
    });
    const { content } = await call('get-tiny-image');
    expect(content).toContainEqual(expect.objectContaining({ type: 'file', declaredAs: 'image/png' }));
    const weather = await call('get-structured-content', { location: 'New York' });
    expect(JSON.parse(textOf(weather.content))).toMatchObject({ temperature: expect.any(Number) });
    expect(await call('get-sum', { a: 'one' })).toMatchObject({ isError: true });
    expect(await call('trigger-long-running-operation', { duration: 1, steps: 5 })).toMatchObject({
      isError: false,
    });
    expect(await call('no-such-tool')).toMatchObject({ isError: true });
  });
});

describe('an example of the SDK’s', () => {
  const program = (name: string): JsonObject => ({ command: process.execPath, args: [example(name)] });
  const remote = (name: string, path = '/mcp'): Promise<string> =>
    served(['--import', ON_PORT, example(name)], path);

  /** What came of one call of each of these tools. */
  async function callsOf(server: JsonObject, calls: readonly (readonly [tool: string, input: JsonObject])[]) {
    source = sourceOf({ servers: { example: server }, startProgram, workspaceFolder: '/work/space' });
    const { tools, troubles } = await source.list(NEVER);
    expect(troubles).toEqual([]);
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(calls.map(([tool]) => tool)));
    const results = [];
    for (const [tool, input] of calls) {
      const { content, isError } = await source.call({ server: 'example', tool, input }, NEVER);
      results.push([isError, textOf(content.filter((part) => part.type === 'text'))]);
    }
    return results;
  }

  it('that reports progress gives its end', async () => {
    expect(await callsOf(program('progressExample'), [['count', { n: 3 }]])).toEqual([
      [false, 'Counted to 3'],
    ]);
  });

  it('that describes what it gives has that read', async () => {
    const input = { city: 'Kyoto', country: 'JP' };
    const results = await callsOf(program('mcpServerOutputSchema'), [['get_weather', input]]);
    expect(results).toEqual([[false, expect.stringContaining('"humidity"')]]);
  });

  it('that wants a model’s answer is told that there is none', async () => {
    const results = await callsOf(program('toolWithSampleServer'), [['summarize', { text: 'Long.' }]]);
    expect(results).toEqual([[true, expect.stringContaining('Method not found')]]);
  });

  it.each([
    ['simpleStreamableHttp', 'with a session'],
    ['jsonResponseStreamableHttp', 'in plain JSON'],
  ])('%s that answers %s is spoken to', async (name) => {
    const results = await callsOf({ url: await remote(name) }, [['greet', { name: 'Ada' }]]);
    expect(results).toEqual([[false, 'Hello, Ada!']]);
  });

  it.each([
    ['simpleStatelessStreamableHttp', '/mcp'],
    ['sseAndStreamableHttpCompatibleServer', '/mcp'],
    ['sseAndStreamableHttpCompatibleServer', '/sse'],
    ['simpleSseServer', '/mcp'],
  ])('%s that tells of things meanwhile, at %s, is spoken to', async (name, path) => {
    const input = { interval: 1, count: 2 };
    const results = await callsOf({ url: await remote(name, path) }, [['start-notification-stream', input]]);
    expect(results).toEqual([[false, expect.stringMatching(/notifications|Started/i)]]);
  });
});
