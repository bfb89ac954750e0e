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

/** The server's own way over HTTP; resolves once it listens. */
async function served(way: string, path: string): Promise<string> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const child = spawn(process.execPath, [EVERYTHING, way], {
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
  ['streamable HTTP', async () => ({ url: await served('streamableHttp', '/mcp') })],
  ['SSE', async () => ({ url: await served('sse', '/sse'), type: 'sse' })],
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
