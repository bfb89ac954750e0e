import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toolCallsOf } from '@swe/domain';
import { openLoopbackBedrock } from '@swe/testing/servers';
import type { LoopbackAnswer, LoopbackScript, LoopbackServer } from '@swe/testing/servers';
import { ask, eventsOf, openClient, openModel } from './bedrock-fixture';

let closing: (() => unknown)[];
beforeEach(() => {
  closing = [];
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(script: LoopbackScript) {
  const server = await openLoopbackBedrock(script);
  const client = openClient(server.url);
  closing.push(
    () => server.close(),
    () => client.destroy(),
  );
  return { server, client, model: openModel(client) };
}

const look = (input: object) => ({ name: 'look', pieces: [JSON.stringify(input)] });

describe('an answer', () => {
  it('is streamed, its texts one per line, its calls whole', async () => {
    const { model } = await open([
      { reasoning: [{ text: 'hm', seal: 's' }], say: ['One ', 'two'], calls: [look({ a: 1 }), look({})] },
    ]);
    const events = await eventsOf(model);
    expect(events.slice(0, -1)).toEqual([
      { type: 'reasoning', delta: 'hm' },
      { type: 'text', delta: 'One ' },
      { type: 'text', delta: 'two' },
    ]);
    expect(events.at(-1)).toEqual({
      type: 'finished',
      stop: 'tool-use',
      content: [
        { type: 'reasoning', provider: 'bedrock/anthropic', text: 'hm', opaque: { signature: 's' } },
        { type: 'text', text: 'One two' },
        { type: 'tool-call', callId: 'tooluse_1', name: 'look', input: { a: 1 } },
        { type: 'tool-call', callId: 'tooluse_2', name: 'look', input: {} },
      ],
      usage: { inputTokens: 25, outputTokens: 15, cacheReadTokens: 0, cacheWriteTokens: 0 },
    });
  });

  it('keeps what a model wrote in place of JSON', async () => {
    const { model } = await open([{ calls: [{ name: 'look', pieces: ['{"a": ', 'oops'] }] }]);
    expect((await ask(model)).content).toEqual([
      { type: 'tool-call', callId: 'tooluse_1', name: 'look', input: {}, malformedInput: '{"a": oops' },
    ]);
  });

  it.each<[string, Partial<LoopbackAnswer>, object]>([
    ['end_turn', {}, { stop: 'end-turn' }],
    ['stop_sequence', {}, { stop: 'end-turn' }],
    ['tool_use', { calls: [look({})] }, { stop: 'tool-use' }],
    ['end_turn', { calls: [look({})] }, { stop: 'tool-use' }],
    ['tool_use', {}, { stop: 'end-turn' }],
    ['max_tokens', {}, { stop: 'max-tokens' }],
    ['guardrail_intervened', {}, { stop: 'refusal' }],
    ['content_filtered', {}, { stop: 'refusal' }],
    ['refusal', {}, { stop: 'refusal' }],
    ['model_context_window_exceeded', {}, { stop: 'context-full' }],
    ['malformed_model_output', {}, { stop: 'error', content: [], failure: { kind: 'transient' } }],
    ['malformed_tool_use', { calls: [look({})] }, { stop: 'error', failure: { kind: 'transient' } }],
    ['a_reason_to_come', { calls: [look({})] }, { stop: 'tool-use' }],
  ])('that ends with %s, having %j, is %j', async (stop, answer, finished) => {
    const { model } = await open([{ say: 'Well.', stop, ...answer }]);
    expect(await ask(model)).toMatchObject(finished);
  });

  it.each<[string, number]>([
    ['max_tokens', 1],
    ['refusal', 0],
    ['model_context_window_exceeded', 0],
    ['malformed_tool_use', 0],
  ])('that ends with %s keeps %d of its two calls', async (stop, left) => {
    const { model } = await open([{ calls: [look({ at: 1 }), look({ at: 2 })], stop }]);
    expect(toolCallsOf((await ask(model)).content)).toHaveLength(left);
  });

  it('without reported usage has none', async () => {
    const { model } = await open([{ say: 'Fine.', usage: null }]);
    expect(await ask(model)).toMatchObject({ stop: 'end-turn', usage: undefined });
  });
});

describe('a stream that breaks off is `transient`, and yields nothing', () => {
  it.each<[string, LoopbackAnswer]>([
    ['in the middle of a frame', { say: 'Well.', calls: [look({ a: 1 })], ending: 'cut' }],
    ['by an exception', { say: 'Well.', calls: [look({ a: 1 })], ending: 'error' }],
    ['in order, without `messageStop`', { say: 'Well.', calls: [look({ a: 1 })], ending: 'unmarked' }],
  ])('%s', async (_name, answer) => {
    const { model } = await open([answer, { say: 'Fine.' }]);
    const finished = await ask(model);
    expect(finished).toMatchObject({ stop: 'error', content: [], failure: { kind: 'transient' } });
    expect(finished.failure?.message).not.toBe('');
    expect(await ask(model)).toMatchObject({ stop: 'end-turn' });
  });

  it('by bytes that are no frame', async () => {
    const garbage = createServer((socket) => {
      socket.once('data', () => {
        socket.end(
          'HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\nconnection: close\r\n\r\n' +
            '\0\0\0\x20garbage, as long as the length that it says.',
        );
      });
    });
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
    const client = openClient(`http://127.0.0.1:${(garbage.address() as AddressInfo).port}`);
    closing.push(
      () => garbage.close(),
      () => client.destroy(),
    );
    expect(await ask(openModel(client))).toMatchObject({ stop: 'error', failure: { kind: 'transient' } });
  });
});

describe('an abort', () => {
  it('keeps the words that were said, and lets go of the connection', async () => {
    const { model, server } = await open([{ say: ['One ', 'two'], ending: 'hang' }]);
    const controller = new AbortController();
    const events = [];
    for await (const event of model.stream(
      {
        system: '',
        tools: [],
        messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
        maxOutputTokens: 9,
      },
      controller.signal,
    )) {
      events.push(event);
      if (events.length === 2) controller.abort();
    }
    expect(events.at(-1)).toMatchObject({
      type: 'finished',
      stop: 'cancelled',
      content: [{ type: 'text', text: 'One two' }],
    });
    await server.idle();
  });

  it('before the call makes none', async () => {
    const { model, server } = await open([]);
    const events = await eventsOf(model, {}, AbortSignal.abort());
    expect(events).toEqual([{ type: 'finished', stop: 'cancelled', content: [] }]);
    expect(server.requests).toEqual([]);
  });

  it('while the vendor is silent ends the call', async () => {
    const { model, server } = await open([{ ending: 'hang' }]);
    const controller = new AbortController();
    const ended = eventsOf(model, {}, controller.signal);
    await untilAsked(server);
    controller.abort();
    expect(await ended).toEqual([{ type: 'finished', stop: 'cancelled', content: [] }]);
    await server.idle();
  });

  it('by a reader that goes away lets go of the connection', async () => {
    const { model, server } = await open([{ say: ['One ', 'two'], ending: 'hang' }]);
    for await (const event of model.stream(
      {
        system: '',
        tools: [],
        messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
        maxOutputTokens: 9,
      },
      new AbortController().signal,
    )) {
      if (event.type === 'text') break;
    }
    await server.idle();
  });
});

async function untilAsked(server: LoopbackServer): Promise<void> {
  while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('the connection', () => {
  it('is one for many calls', async () => {
    const { server } = await open(() => ({ say: 'Fine.' }));
    const { port, sockets, close } = await openRelay(Number(new URL(server.url).port));
    const client = openClient(`http://127.0.0.1:${port}`);
    closing.push(close, () => client.destroy());
    const model = openModel(client);
    for (let i = 0; i < 10; i += 1) expect(await ask(model)).toMatchObject({ stop: 'end-turn' });
    expect(server.requests).toHaveLength(10);
    expect(sockets.size).toBe(1);
  });

  it('needs a region, and says so', async () => {
    const client = new BedrockRuntimeClient({
      region: async () => {
        throw new Error('Region is missing');
      },
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test' },
      requestHandler: new NodeHttpHandler(),
    });
    closing.push(() => client.destroy());
    expect(await ask(openModel(client))).toMatchObject({
      stop: 'error',
      failure: { kind: 'invalid', message: expect.stringMatching(/Region is missing.*AWS_REGION/) },
    });
  });
});

/** Of `setConnectionTimeout` in `@smithy/node-http-handler` 4.14. */
const NOT_CONNECTED =
  '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 10000 ms.';

describe('a request that was never sent is uncharged', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test' };
  const failing = (failure: object) => ({
    handle: () => Promise.reject(Object.assign(new Error('The request failed'), failure)),
  });
  const inProfile = async () => {
    throw Object.assign(new Error('Token is expired'), { name: 'CredentialsProviderError' });
  };

  it.each<[string, object, boolean | undefined]>([
    ['without credentials', { credentials: inProfile }, true],
    ['to a region that is none', { region: 'x y' }, true],
    ['without a network', { requestHandler: failing({ code: 'ENETUNREACH' }) }, true],
    ['to a host that is down', { requestHandler: failing({ code: 'EHOSTUNREACH' }) }, true],
    ['to nobody who answers', { requestHandler: failing({ code: 'ETIMEDOUT', syscall: 'connect' }) }, true],
    [
      'to none of its addresses',
      {
        requestHandler: failing({
          code: 'ETIMEDOUT',
          errors: [Object.assign(new Error('connect'), { code: 'ETIMEDOUT', syscall: 'connect' })],
        }),
      },
      true,
    ],
    [
      'to nobody who answers, as the SDK says it',
      { requestHandler: failing({ message: NOT_CONNECTED, name: 'TimeoutError' }) },
      true,
    ],
    ['but not one that timed out', { requestHandler: failing({ name: 'TimeoutError' }) }, undefined],
    [
      'but not one that was cut off',
      { requestHandler: failing({ code: 'ECONNRESET', syscall: 'read' }) },
      undefined,
    ],
  ])('%s', async (_name, config, isUncharged) => {
    const client = new BedrockRuntimeClient({ region: 'us-west-2', credentials, maxAttempts: 1, ...config });
    closing.push(() => client.destroy());
    const { stop, failure } = await ask(openModel(client));
    expect({ stop, isUncharged: failure?.isUncharged }).toEqual({ stop: 'error', isUncharged });
  });
});

/** Passes everything on, and shows the connections that were made. */
async function openRelay(target: number) {
  const sockets = new Set<Socket>();
  const relay = createServer((socket) => {
    sockets.add(socket);
    const onward = connect(target, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => relay.close(resolve));
  };
  return { port: (relay.address() as AddressInfo).port, sockets, close };
}
