import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { isFault } from '@swe/domain';
import { openHttpServer } from './http-server';
import type { HttpServer, HttpServerOptions } from './http-server';

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function open(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const fetch = async (request: Request): Promise<Response> => new Response(await request.arrayBuffer());
  const server = await openHttpServer({ fetch, port: 0, ...options });
  servers.push(server);
  return server;
}

/** A connection on which so much of a request was sent, and all that comes back until it ends. */
function begin({ port }: HttpServer, beginning: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1', () => socket.write(beginning));
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  return { socket, answer };
}

const HALF_A_BODY = 'POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\nhalf';

it('gives a handler the bytes of a request, and its client the answer', async () => {
  const { url } = await open();
  const body = '{"text":"Grüße, 日本 👩‍💻"}';
  const response = await fetch(url, { method: 'POST', body });
  expect([response.status, await response.text()]).toEqual([200, body]);
});

it('takes another port where the one it should have is in use', async () => {
  const first = await open();
  const second = await open({ port: first.port });
  expect(second.port).not.toBe(first.port);
  expect((await fetch(second.url, { method: 'POST' })).status).toBe(200);
});

it('says so where a port is none', async () => {
  const error = await open({ port: 70_000 }).catch((thrown: unknown) => thrown);
  expect(isFault(error, 'invalid')).toBe(true);
});

it.each([
  ['its headers', 'POST / HTTP/1.1\r\nhost: 127.0'],
  ['its body', HALF_A_BODY],
])('cuts off a client that is slow with %s', async (_name, beginning) => {
  const server = await open({ patienceMs: 50 });
  expect(await begin(server, beginning).answer).toMatch(/^HTTP\/1\.1 408 /);
});

it('answers what has arrived before it closes, and waits for no more of what has not', async () => {
  const seen = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const reading = Promise.withResolvers<void>();
  const server = await open({
    async fetch(request) {
      if (request.method === 'GET') {
        seen.resolve();
        await go.promise;
        return new Response('done');
      }
      reading.resolve();
      return new Response(await request.text());
    },
  });
  const whole = fetch(server.url).then((response) => response.text());
  const idle = begin(server, '');
  const half = begin(server, HALF_A_BODY);
  await Promise.all([seen.promise, reading.promise]);
  const closed = server.close();
  go.resolve();
  expect(await whole).toBe('done');
  await Promise.all([closed, idle.answer, half.answer]);
  await expect(fetch(server.url)).rejects.toThrow();
});
