import { afterEach, describe, expect, it } from '@jest/globals';
import { openLoopbackAnthropic } from './loopback-anthropic';
import type { LoopbackScript } from './loopback-script';
import type { LoopbackServer } from './loopback-server';
import { readEvents } from './read-events';

const open: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(script: LoopbackScript): Promise<LoopbackServer> {
  const server = await openLoopbackAnthropic(script);
  open.push(server);
  return server;
}

const HEADERS = {
  'anthropic-version': '2023-06-01',
  'content-type': 'application/json',
  'x-api-key': 'key',
};
const REQUEST = {
  model: 'claude-opus-4-7',
  max_tokens: 1024,
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
};

function ask({ url }: LoopbackServer, body: object = REQUEST, headers: Record<string, string> = HEADERS) {
  return fetch(`${url}/messages`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** https://platform.claude.com/docs/en/build-with-claude/streaming#basic-streaming-request, with `ping` where it shows it. */
const DOCUMENTED_WORDS = `
event: message_start
data: {"type": "message_start", "message": {"id": "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY", "type": "message", "role": "assistant", "content": [], "model": "claude-opus-4-7", "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 25, "output_tokens": 1}}}

event: content_block_start
data: {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}

event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "!"}}

event: content_block_stop
data: {"type": "content_block_stop", "index": 0}

event: message_delta
data: {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence":null}, "usage": {"output_tokens": 15}}

event: message_stop
data: {"type": "message_stop"}
`;

/** https://platform.claude.com/docs/en/build-with-claude/streaming#streaming-request-with-tool-use, its text shortened. */
const DOCUMENTED_TOOL_USE = `
event: message_start
data: {"type":"message_start","message":{"id":"msg_014p7gG3wDgGV9EUtLvnow3U","type":"message","role":"assistant","model":"claude-opus-4-7","stop_sequence":null,"usage":{"input_tokens":472,"output_tokens":1},"content":[],"stop_reason":null}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Okay"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":","}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_01T1x1fJ34qAmk2tNTrN7Up6","name":"get_weather","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"location\\":"}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":" \\"San Francisco, CA\\"}"}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89}}

event: message_stop
data: {"type":"message_stop"}
`;

/** https://platform.claude.com/docs/en/build-with-claude/streaming#streaming-request-with-extended-thinking, from its first block's start to its end. */
const DOCUMENTED_THINKING = `
event: content_block_start
data: {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "I need to find the GCD of 1071 and 462 using the Euclidean algorithm.\\n\\n1071 = 2 × 462 + 147"}}

event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds..."}}

event: content_block_stop
data: {"type": "content_block_stop", "index": 0}
`;

describe('openLoopbackAnthropic', () => {
  it('streams words as documented', async () => {
    const server = await serve([{ id: 'msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY', say: ['Hello', '!'] }]);
    const response = await ask(server);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(readEvents(await response.text())).toEqual(readEvents(DOCUMENTED_WORDS));
    expect(server.requests).toMatchObject([{ path: '/v1/messages', body: REQUEST }]);
  });

  it('streams tool calls as documented', async () => {
    const server = await serve([
      {
        id: 'msg_014p7gG3wDgGV9EUtLvnow3U',
        say: ['Okay', ','],
        calls: [
          {
            id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
            name: 'get_weather',
            pieces: ['{"location":', ' "San Francisco, CA"}'],
          },
        ],
        usage: { inputTokens: 472, outputTokens: 89 },
      },
    ]);
    expect(readEvents(await (await ask(server)).text())).toEqual(readEvents(DOCUMENTED_TOOL_USE));
  });

  it('streams thinking as documented', async () => {
    const text =
      'I need to find the GCD of 1071 and 462 using the Euclidean algorithm.\n\n1071 = 2 × 462 + 147';
    const seal = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds...';
    const server = await serve([{ reasoning: [{ text, seal }], say: '21' }]);
    const events = readEvents(await (await ask(server)).text());
    expect(events.slice(1, 6)).toEqual(readEvents(DOCUMENTED_THINKING));
  });

  it('breaks off as documented, with an error event', async () => {
    const server = await serve([{ say: 'One two', ending: 'error' }]);
    // https://platform.claude.com/docs/en/build-with-claude/streaming#error-events
    const documented = `event: error\ndata: {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}`;
    expect(readEvents(await (await ask(server)).text()).at(-1)).toEqual(readEvents(documented)[0]);
  });

  it('cuts the connection behind what it sent', async () => {
    const server = await serve([{ say: 'One two', ending: 'cut' }]);
    const reader = (await ask(server)).body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const readAll = async () => {
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
        seen += next.value;
    };
    await expect(readAll()).rejects.toThrow();
    expect(seen).toContain('"text":"One "');
    expect(seen).not.toContain('two');
  });

  it('refuses by script, and when the script has run dry', async () => {
    const error = { type: 'rate_limit_error', message: 'Slow down.' };
    const server = await serve([{ status: 429, error, headers: { 'retry-after': '7' } }]);
    expect(server.turnsLeft).toBe(1);
    const refused = await ask(server);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    // https://platform.claude.com/docs/en/api/errors#error-shapes
    expect(await refused.json()).toEqual({ type: 'error', error, request_id: expect.any(String) });
    expect(server.turnsLeft).toBe(0);
    expect((await ask(server)).status).toBe(500);
  });

  const user = (...content: object[]) => ({ role: 'user', content });
  const assistant = (...content: object[]) => ({ role: 'assistant', content });
  const text = (words: string, extra: object = {}) => ({ type: 'text', text: words, ...extra });
  const toolUse = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
  const toolResult = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'seen' });
  const mark = { cache_control: { type: 'ephemeral' } };

  it('takes a conversation with tools, images and documents', async () => {
    const server = await serve([{ reasoning: [{ text: 'hm', seal: 's' }], say: 'A' }, { say: 'Fine.' }]);
    const source = { type: 'base64', media_type: 'image/png', data: 'aGk=' };
    const question = user(text('Q'), { type: 'image', source });
    await (await ask(server, { ...REQUEST, messages: [question] })).text();
    const messages = [
      question,
      assistant({ type: 'thinking', thinking: 'hm', signature: 's' }, toolUse('a'), toolUse('b')),
      user(
        { ...toolResult('a'), content: [text('seen'), { type: 'image', source }] },
        toolResult('b'),
        text('!'),
      ),
    ];
    expect((await ask(server, { ...REQUEST, messages })).status).toBe(200);
  });

  it.each<[string, object, RegExp]>([
    ['no max_tokens', { max_tokens: undefined }, /max_tokens/],
    ['an unknown parameter', { max_output_tokens: 5 }, /max_output_tokens/],
    ['an unknown role', { messages: [{ role: 'system', content: [text('x')] }] }, /role/],
    ['no messages', { messages: [] }, /messages/],
    ['an answer first', { messages: [assistant(text('x'))] }, /first message/],
    ['blank text', { messages: [user(text(' '))] }, /non-empty/],
    [
      'a call without its result',
      { messages: [user(text('Q')), assistant(toolUse('a')), user(text('x'))] },
      /without `tool_result`/,
    ],
    ['a call at the end', { messages: [user(text('Q')), assistant(toolUse('a'))] }, /without `tool_result`/],
    [
      'a result behind what was said',
      { messages: [user(text('Q')), assistant(toolUse('a')), user(text('x'), toolResult('a'))] },
      /without `tool_result`/,
    ],
    ['a result that nobody asked for', { messages: [user(toolResult('a'))] }, /unexpected `tool_use_id`/],
    [
      'thinking without its signature',
      {
        messages: [
          user(text('Q')),
          assistant({ type: 'thinking', thinking: 'hm', signature: '' }, text('A')),
          user(text('x')),
        ],
      },
      /signature/,
    ],
    [
      'five cache points',
      { messages: [user(...[1, 2, 3, 4, 5].map((n) => text(`${n}`, mark)))] },
      /maximum of 4/,
    ],
    [
      'a schema that is no object',
      { tools: [{ name: 'look', input_schema: { type: 'string' } }] },
      /input_schema/,
    ],
  ])('refuses %s', async (_name, change, message) => {
    const server = await serve([{ say: 'never' }]);
    const response = await ask(server, { ...REQUEST, ...change });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
    });
  });

  const given = { type: 'thinking', thinking: 'hm', signature: 's' };
  const forgiving = {
    thinking: { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } },
  };
  const beta = { 'anthropic-beta': 'thinking-binding-controls-2026-08-01' };

  // https://platform.claude.com/docs/en/build-with-claude/preserved-thinking
  it.each<[string, object, Record<string, string>, RegExp | undefined]>([
    ['takes back thinking as it gave it', {}, {}, undefined],
    [
      'takes it back with other cache marks',
      { messages: [user(text('Hello', mark)), assistant(given, text('A')), user(text('x'))] },
      {},
      undefined,
    ],
    [
      'refuses thinking whose words were changed',
      {
        messages: [...REQUEST.messages, assistant({ ...given, thinking: 'Hm' }, text('A')), user(text('x'))],
      },
      {},
      /Invalid `signature` in `thinking` block$/,
    ],
    [
      'refuses a signature that it did not give',
      {
        messages: [...REQUEST.messages, assistant({ ...given, signature: 't' }, text('A')), user(text('x'))],
      },
      {},
      /Invalid `signature` in `thinking` block$/,
    ],
    [
      'refuses thinking behind another system prompt',
      { system: [text('New.')] },
      {},
      /different conversation/,
    ],
    ['drops it there for who asks for that', { system: [text('New.')], ...forgiving }, beta, undefined],
    ['refuses to be asked for that without its beta', forgiving, {}, /block_binding/],
  ])('%s', async (_name, change, headers, message) => {
    const server = await serve([{ reasoning: [{ text: 'hm', seal: 's' }], say: 'A' }, { say: 'Fine.' }]);
    await (await ask(server)).text();
    const messages = [...REQUEST.messages, assistant(given, text('A')), user(text('x'))];
    const response = await ask(server, { ...REQUEST, messages, ...change }, { ...HEADERS, ...headers });
    const body = await response.text();
    if (message === undefined) expect([response.status, body]).toEqual([200, expect.any(String)]);
    else expect(JSON.parse(body)).toMatchObject({ error: { message: expect.stringMatching(message) } });
  });

  it('refuses a request above 32 MB by its size', async () => {
    const server = await serve([{ say: 'never' }]);
    const response = await ask(server, { ...REQUEST, messages: [user(text('x'.repeat(32 * 1024 * 1024)))] });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { type: 'request_too_large' } });
  });

  it('refuses who has no key, and paths that it does not know', async () => {
    const server = await serve([]);
    expect((await ask(server, REQUEST, { 'anthropic-version': '2023-06-01' })).status).toBe(401);
    expect((await fetch(`${server.url}/complete`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});
