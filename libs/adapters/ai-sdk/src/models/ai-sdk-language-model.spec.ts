import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text, toolCallsOf } from '@swe/domain';
import type { LanguageModel, ModelEvent, ModelFinished, ModelMessage, ModelRequest } from '@swe/domain';
import { openLoopbackAnthropic, openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackScript, LoopbackServer, LoopbackTurn } from '@swe/testing/servers';
import { openAnthropic } from './open-anthropic';
import { openOpenAi } from './open-openai';
import { openOpenAiCompatible } from './open-openai-compatible';

type Vendor = 'anthropic' | 'openai' | 'openai-compatible';
const VENDORS: readonly Vendor[] = ['anthropic', 'openai', 'openai-compatible'];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(
  vendor: Vendor,
  script: LoopbackScript,
  modelId = 'gpt-5.1',
): Promise<{ model: LanguageModel; server: LoopbackServer }> {
  const server = await (vendor === 'anthropic' ? openLoopbackAnthropic(script) : openLoopbackOpenAi(script));
  closing.push(() => server.close());
  return { server, model: openModel(vendor, server.url, modelId) };
}

function openModel(vendor: Vendor, baseUrl: string, modelId: string): LanguageModel {
  switch (vendor) {
    case 'anthropic':
      return openAnthropic({ apiKey: 'sk-key', baseUrl, modelId, thinking: 'bound' });
    case 'openai':
      return openOpenAi({ apiKey: 'sk-key', baseUrl, modelId, thinking: 'kept' });
    case 'openai-compatible':
      return openOpenAiCompatible({ baseUrl, modelId });
  }
}

const REQUEST: ModelRequest = {
  system: 'You are a test.',
  tools: [
    { name: 'look', description: 'Looks.', inputSchema: { type: 'object', properties: {} } },
    { name: 'wait', description: 'Waits.', inputSchema: { type: 'object', properties: {} } },
  ],
  messages: [{ role: 'user', content: [text('Hello.')] }],
  maxOutputTokens: 256,
};
const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
const call = (callId: string) =>
  ({ type: 'tool-call', callId, name: 'look', input: { at: callId } }) as const;
const result = (callId: string, ...content: (typeof image | ReturnType<typeof text>)[]) =>
  ({ type: 'tool-result', callId, content, isError: false }) as const;
const CONVERSATION: readonly ModelMessage[] = [
  { role: 'user', content: [text('Q'), image] },
  { role: 'assistant', content: [text('A'), call('call-1-1'), call('call-1-2')] },
  {
    role: 'user',
    content: [result('call-1-1', text('one'), image), result('call-1-2', text('two')), text('!')],
  },
  { role: 'assistant', content: [call('call-2-1')] },
  { role: 'user', content: [result('call-2-1', text('three'))] },
];

const never = new AbortController().signal;
const eventsOf = (model: LanguageModel, request = REQUEST, signal = never): Promise<ModelEvent[]> =>
  Array.fromAsync(model.stream(request, signal));

async function endOf(model: LanguageModel, request = REQUEST, signal = never): Promise<ModelFinished> {
  const last = (await eventsOf(model, request, signal)).at(-1);
  if (last?.type !== 'finished') throw new Error('the stream ended without finished');
  return last;
}

describe.each(VENDORS)('a model of %s', (vendor) => {
  const ask = async (turn: LoopbackTurn, request = REQUEST): Promise<ModelFinished> =>
    endOf((await open(vendor, [turn])).model, request);

  it('has a conversation that its vendor accepts, tools, images and all', async () => {
    expect(await ask({ say: 'Fine.' }, { ...REQUEST, messages: CONVERSATION })).toMatchObject({
      stop: 'end-turn',
      content: [text('Fine.')],
    });
  });

  it('asks once, for no more than it may, at no temperature of its own', async () => {
    const { model, server } = await open(vendor, [
      { status: 500, error: { type: 'api_error', message: 'Oops.' } },
      { say: 'never' },
    ]);
    expect(await endOf(model)).toMatchObject({
      stop: 'error',
      failure: { kind: 'transient', message: 'Oops.' },
    });
    expect(server.requests).toHaveLength(1);
    const body = server.requests[0]?.body ?? {};
    expect(body['max_tokens'] ?? body['max_output_tokens']).toBe(256);
    expect(Object.keys(body).filter((key) => /temperature|top_|seed|metadata|user/.test(key))).toEqual([]);
  });

  it('gives reasoning, words and several calls', async () => {
    const { content, stop } = await ask({
      reasoning: [{ text: 'hm', seal: 'seal' }],
      say: 'Looking.',
      calls: [
        { name: 'look', input: { at: 1 } },
        { name: 'wait', input: {} },
      ],
    });
    expect(stop).toBe('tool-use');
    expect(content).toMatchObject([
      { type: 'reasoning', provider: expect.stringMatching(`^${vendor}`), text: 'hm' },
      text('Looking.'),
      { type: 'tool-call', name: 'look', input: { at: 1 } },
      { type: 'tool-call', name: 'wait', input: {} },
    ]);
  });

  it('keeps what the model wrote when it is no JSON', async () => {
    const { content } = await ask({ calls: [{ name: 'look', pieces: ['{"at": ', '"the door'] }] });
    expect(toolCallsOf(content)).toMatchObject([{ input: {}, malformedInput: '{"at": "the door' }]);
  });

  it.each<[string, LoopbackTurn]>([
    ['cut in its words', { say: 'One two', ending: 'cut' }],
    ['cut in a call', { say: 'One', calls: [{ name: 'look', input: { at: 1 } }], ending: 'cut' }],
    ['without the mark of its end', { say: 'One two', ending: 'unmarked' }],
    [
      'without the mark of its end, behind a call',
      { calls: [{ name: 'look', input: {} }], ending: 'unmarked' },
    ],
    ['with an error in its middle', { calls: [{ name: 'look', input: { at: 1 } }], ending: 'error' }],
  ])('fails on a stream %s', async (_name, turn) => {
    const { stop, content, failure } = await ask(turn);
    expect({ stop, content }).toEqual({ stop: 'error', content: [] });
    expect(['transient', 'throttled']).toContain(failure?.kind);
  });

  it('says when to come back', async () => {
    const error = { type: 'rate_limit_error', message: 'Slow down.' };
    expect(await ask({ status: 429, error, headers: { 'retry-after': '7' } })).toMatchObject({
      stop: 'error',
      failure: { kind: 'throttled', message: 'Slow down.', retryAfterMs: 7_000 },
    });
  });

  it('says that the context is full', async () => {
    const error = {
      type: 'invalid_request_error',
      message: 'prompt is too long: 250000 tokens > 200000 maximum',
      code: 'context_length_exceeded',
    };
    expect(await ask({ status: 400, error })).toEqual({
      type: 'finished',
      stop: 'context-full',
      content: [],
    });
  });

  it('says when the request is wrong', async () => {
    const messages: readonly ModelMessage[] = [{ role: 'user', content: [result('nobody', text('x'))] }];
    expect(await ask({ say: 'never' }, { ...REQUEST, messages })).toMatchObject({
      stop: 'error',
      failure: { kind: 'invalid', message: expect.stringMatching(/tool/) },
    });
  });

  it('makes no request when it is aborted before', async () => {
    const { model, server } = await open(vendor, [{ say: 'never' }]);
    expect(await eventsOf(model, REQUEST, AbortSignal.abort())).toEqual([
      { type: 'finished', stop: 'cancelled', content: [] },
    ]);
    expect(server.requests).toEqual([]);
  });

  it('keeps the words it said until it was aborted', async () => {
    const { model } = await open(vendor, [{ say: 'One two', ending: 'hang' }]);
    const aborter = new AbortController();
    const events: ModelEvent[] = [];
    for await (const event of model.stream(REQUEST, aborter.signal)) {
      events.push(event);
      if (events.length === 2) aborter.abort();
    }
    expect(events.at(-1)).toEqual({ type: 'finished', stop: 'cancelled', content: [text('One two')] });
  });

  it('ends when it is aborted before its vendor has answered', async () => {
    const aborter = new AbortController();
    const { model, server } = await open(vendor, () => {
      aborter.abort();
      return { ending: 'hang' };
    });
    expect(await eventsOf(model, REQUEST, aborter.signal)).toEqual([
      { type: 'finished', stop: 'cancelled', content: [] },
    ]);
    await server.idle();
  });

  it('ends when it is aborted, also when what fetches for it takes no notice', async () => {
    const { server } = await open(vendor, [{ say: 'One', ending: 'hang' }]);
    const deaf: typeof fetch = (input, { signal: _signal, ...init } = {}) => fetch(input, init);
    const aborter = new AbortController();
    const options = { apiKey: 'sk-key', baseUrl: server.url, modelId: 'm', fetch: deaf };
    const model = {
      anthropic: openAnthropic,
      openai: openOpenAi,
      'openai-compatible': openOpenAiCompatible,
    }[vendor](options);
    const stream = model.stream(REQUEST, aborter.signal)[Symbol.asyncIterator]();
    await stream.next();
    const ended = stream.next();
    aborter.abort();
    expect((await ended).value).toMatchObject({ stop: 'cancelled', content: [text('One')] });
  });

  it('follows no redirect', async () => {
    const { model: elsewhere, server } = await open(vendor, [{ say: 'never' }]);
    const error = { type: 'redirect', message: 'Over there.' };
    const turn = { status: 307, error, headers: { location: server.url } };
    expect(await ask(turn)).toMatchObject({ stop: 'error', failure: { kind: 'invalid' } });
    expect(server.requests).toEqual([]);
    expect(elsewhere.id).toBe(`${vendor}/gpt-5.1`);
  });

  it('says so when nobody is there', async () => {
    const { model, server } = await open(vendor, []);
    await server.close();
    expect(await endOf(model)).toMatchObject({ stop: 'error', failure: { kind: 'transient' } });
  });

  it('says so when the base URL is a web page', async () => {
    const page = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><p>Hello</p></html>'),
    );
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    closing.push(async () => page.closeAllConnections());
    closing.push(() => new Promise((resolve) => page.close(() => resolve())));
    const { port } = page.address() as AddressInfo;
    const model = openModel(vendor, `http://127.0.0.1:${port}/v1`, 'm');
    expect(await endOf(model)).toMatchObject({
      stop: 'error',
      failure: { kind: 'invalid', message: expect.stringContaining('web page') },
    });
  });

  it('lets go of the connection when nobody listens any more', async () => {
    const { model, server } = await open(vendor, [{ say: 'One two', ending: 'hang' }]);
    for await (const event of model.stream(REQUEST, never)) {
      expect(event.type).toBe('text');
      break;
    }
    await server.idle();
  });
});

describe('a model of Anthropic', () => {
  const marked = { cache_control: { type: 'ephemeral' } };

  it('marks the last tool, the system block and the last two messages of the user for the cache', async () => {
    const { model, server } = await open('anthropic', [{ say: 'Fine.' }]);
    await endOf(model, { ...REQUEST, messages: CONVERSATION });
    const body = server.requests[0]?.body;
    expect(JSON.stringify(body).split('cache_control')).toHaveLength(5);
    expect(body).toMatchObject({
      tools: [{ name: 'look' }, { name: 'wait', ...marked }],
      system: [{ text: 'You are a test.', ...marked }],
      messages: [
        {},
        {},
        {
          content: [{ type: 'tool_result' }, { type: 'tool_result' }, { type: 'text', text: '!', ...marked }],
        },
        {},
        { content: [{ type: 'tool_result', ...marked }] },
      ],
    });
  });

  it('authenticates by key and sends it nowhere else', async () => {
    const { model, server } = await open('anthropic', [{ say: 'Fine.' }]);
    await endOf(model);
    expect(server.requests[0]?.headers).toMatchObject({
      'x-api-key': 'sk-key',
      'anthropic-version': '2023-06-01',
    });
    expect(JSON.stringify(server.requests[0]?.body)).not.toContain('sk-key');
  });

  it('counts in four tiers', async () => {
    const usage = { inputTokens: 50, outputTokens: 503, cacheReadTokens: 100_000, cacheWriteTokens: 248 };
    const { model } = await open('anthropic', [{ say: 'Fine.', usage }]);
    expect((await endOf(model)).usage).toEqual(usage);
  });

  it.each([
    ['max_tokens', 'max-tokens'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'context-full'],
  ])('ends by %s as %s', async (stop, expected) => {
    const { model } = await open('anthropic', [{ say: 'One', stop }]);
    expect(await endOf(model)).toMatchObject({ stop: expected, content: [text('One')] });
  });

  it('passes over events that are new to it', async () => {
    const events = [
      {
        type: 'message_start',
        message: { id: 'm', role: 'assistant', usage: { input_tokens: 1, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'something_new', detail: 1 },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'One' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 1 },
      },
      { type: 'message_stop' },
    ];
    const stream = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    const fetch = () =>
      Promise.resolve(new Response(stream, { headers: { 'content-type': 'text/event-stream' } }));
    const model = openAnthropic({ apiKey: 'key', modelId: 'm', baseUrl: 'http://127.0.0.1/v1', fetch });
    expect(await endOf(model)).toMatchObject({ stop: 'end-turn', content: [text('One')] });
  });
});

describe('a model of OpenAI', () => {
  it('leaves nothing with the vendor and asks for its reasoning encrypted', async () => {
    const { model, server } = await open('openai', [{ say: 'Fine.' }]);
    await endOf(model);
    expect(server.requests[0]?.body).toMatchObject({
      store: false,
      include: ['reasoning.encrypted_content'],
      tools: [{ strict: false }, { strict: false }],
    });
  });

  it('tells cached input from new', async () => {
    const usage = { inputTokens: 30, outputTokens: 5, cacheReadTokens: 70 };
    const { model } = await open('openai', [{ say: 'Fine.', usage }]);
    expect((await endOf(model)).usage).toEqual({ ...usage, cacheWriteTokens: 0 });
  });

  it('asks a model that does not think for no reasoning', async () => {
    const { server } = await open('openai', [{ say: 'Fine.' }]);
    await endOf(openOpenAi({ apiKey: 'sk-key', baseUrl: server.url, modelId: 'gpt-5.1' }));
    expect(server.requests[0]?.body).not.toHaveProperty('include');
  });

  it('drops the call in whose middle the limit came', async () => {
    const { model } = await open('openai', [
      { say: 'One', calls: [{ name: 'look', pieces: ['{"at'] }], stop: 'max_output_tokens' },
    ]);
    expect(await endOf(model)).toMatchObject({ stop: 'max-tokens', content: [text('One')] });
  });
});

describe('a model of an OpenAI-compatible server', () => {
  const ask = async (turn: LoopbackTurn): Promise<ModelFinished> =>
    endOf((await open('openai-compatible', [turn])).model);

  it('needs no key', async () => {
    const { model, server } = await open('openai-compatible', [{ say: 'Fine.' }]);
    await endOf(model);
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it('shows what a tool found in a message of its own, where a result is text', async () => {
    const { model, server } = await open('openai-compatible', [{ say: 'Fine.' }]);
    await endOf(model, { ...REQUEST, messages: CONVERSATION });
    expect(server.requests[0]?.body['messages']).toMatchObject([
      { role: 'system' },
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call-1-1' }, { id: 'call-1-2' }] },
      { role: 'tool', tool_call_id: 'call-1-1', content: expect.stringMatching(/^one\n/) },
      { role: 'tool', tool_call_id: 'call-1-2', content: 'two' },
      {
        role: 'user',
        content: [
          { type: 'text' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
          { type: 'text', text: '!' },
        ],
      },
      { role: 'assistant' },
      { role: 'tool', content: 'three' },
    ]);
  });

  it('takes calls without ids, with objects as arguments, and under the wrong finish reason', async () => {
    const { stop, content } = await ask({
      calls: [
        { name: 'look', input: { at: { x: 1 } }, id: null, asObject: true },
        { name: 'wait', pieces: [''], id: null },
      ],
      stop: 'stop',
    });
    expect(stop).toBe('tool-use');
    const calls = toolCallsOf(content);
    expect(calls).toMatchObject([
      { name: 'look', input: { at: { x: 1 } } },
      { name: 'wait', input: {} },
    ]);
    expect(new Set(calls.map(({ callId }) => callId)).size).toBe(2);
  });

  it('ends its turn when it asks for tools and names none', async () => {
    expect(await ask({ say: 'One', stop: 'tool_calls' })).toMatchObject({ stop: 'end-turn' });
  });

  it('has no usage when the server reports none', async () => {
    expect((await ask({ say: 'One', usage: null })).usage).toBeUndefined();
  });

  it('tells cached input from new', async () => {
    const usage = { inputTokens: 30, outputTokens: 5, cacheReadTokens: 70 };
    expect((await ask({ say: 'One', usage })).usage).toEqual({ ...usage, cacheWriteTokens: 0 });
  });

  it('gives reasoning back to a server that needs it', async () => {
    const server = await openLoopbackOpenAi([{ say: 'Fine.' }]);
    closing.push(() => server.close());
    const model = openOpenAiCompatible({
      baseUrl: server.url,
      apiKey: 'sk-key',
      modelId: 'm',
      givesReasoningBack: true,
    });
    const reasoning = { type: 'reasoning', provider: 'openai-compatible', text: 'hm', opaque: null } as const;
    const messages: readonly ModelMessage[] = [
      ...REQUEST.messages,
      { role: 'assistant', content: [reasoning, text('A')] },
      { role: 'user', content: [text('?')] },
    ];
    await endOf(model, { ...REQUEST, messages });
    expect(server.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer sk-key' },
      body: { messages: [{}, {}, { role: 'assistant', content: 'A', reasoning_content: 'hm' }, {}] },
    });
  });
});
