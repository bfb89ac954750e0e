import { afterEach, describe, expect, it } from '@jest/globals';
import { openLoopbackOpenAi } from './loopback-openai';
import type { LoopbackScript } from './loopback-script';
import type { LoopbackServer } from './loopback-server';
import { readEvents } from './read-events';

const open: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(script: LoopbackScript): Promise<LoopbackServer> {
  const server = await openLoopbackOpenAi(script);
  open.push(server);
  return server;
}

function ask({ url }: LoopbackServer, path: string, body: object) {
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function eventsOf(server: LoopbackServer, path: string, body: object) {
  return readEvents(await (await ask(server, path, body)).text());
}

describe('openLoopbackOpenAi, chat completions', () => {
  const path = '/chat/completions';
  const request = { model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: 'Hello' }] };
  /** https://platform.openai.com/docs/api-reference/chat-streaming/streaming */
  const DOCUMENTED_WORDS = `
data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini", "system_fingerprint": "fp_44709d6fcb", "choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}

data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini", "system_fingerprint": "fp_44709d6fcb", "choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}]}

data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini", "system_fingerprint": "fp_44709d6fcb", "choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}

data: [DONE]
`;

  it('streams words as documented', async () => {
    const server = await serve([{ id: 'chatcmpl-123', say: ['Hello'] }]);
    expect(await eventsOf(server, path, request)).toEqual(readEvents(DOCUMENTED_WORDS));
  });

  it('streams tool calls as documented', async () => {
    const pieces = ['{"', 'location', '":"', 'Paris', ',', ' France', '"}'];
    const server = await serve([
      { calls: [{ id: 'call_DdmO9pD3xa9XTPNJ32zg2hcA', name: 'get_weather', pieces }] },
    ]);
    const events = await eventsOf(server, path, request);
    // https://platform.openai.com/docs/guides/function-calling?api-mode=chat#streaming
    expect(events.slice(1, 4)).toMatchObject(
      [
        {
          index: 0,
          id: 'call_DdmO9pD3xa9XTPNJ32zg2hcA',
          function: { arguments: '', name: 'get_weather' },
          type: 'function',
        },
        { index: 0, function: { arguments: '{"' } },
        { index: 0, function: { arguments: 'location' } },
      ].map((call) => [undefined, { choices: [{ delta: { tool_calls: [call] } }] }]),
    );
    expect(events.at(-2)).toMatchObject([undefined, { choices: [{ finish_reason: 'tool_calls' }] }]);
  });

  it('reports usage in a chunk of its own before the end, when asked to', async () => {
    const usage = { inputTokens: 9, outputTokens: 12, cacheReadTokens: 3 };
    const server = await serve([{ say: 'Hello', usage }]);
    const body = { ...request, stream_options: { include_usage: true } };
    const events = await eventsOf(server, path, body);
    // https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
    expect(events.slice(-3)).toMatchObject([
      [undefined, { choices: [{ finish_reason: 'stop' }], usage: null }],
      [undefined, { choices: [], usage: { prompt_tokens: 12, completion_tokens: 12, total_tokens: 24 } }],
      [undefined, '[DONE]'],
    ]);
  });

  it('streams several calls apart by their index', async () => {
    const calls = [
      { id: 'call_a', name: 'look', pieces: ['{}'] },
      { id: 'call_b', name: 'wait', pieces: ['{"s":', '1}'] },
    ];
    const events = await eventsOf(await serve([{ calls }]), path, request);
    // https://platform.openai.com/docs/api-reference/chat-streaming/streaming: `delta.tool_calls[].index`; id and name come first.
    const deltas = [
      { index: 0, id: 'call_a', type: 'function', function: { name: 'look', arguments: '' } },
      { index: 0, function: { arguments: '{}' } },
      { index: 1, id: 'call_b', type: 'function', function: { name: 'wait', arguments: '' } },
      { index: 1, function: { arguments: '{"s":' } },
      { index: 1, function: { arguments: '1}' } },
    ];
    expect(events.slice(1, -2).map(([, data]) => data)).toMatchObject(
      deltas.map((delta) => ({
        choices: [{ index: 0, delta: { tool_calls: [delta] }, finish_reason: null }],
      })),
    );
  });

  it('refuses as documented, and says when to come back', async () => {
    const error = {
      type: 'requests',
      message: 'Rate limit reached for gpt-4o-mini on requests per min (RPM).',
      code: 'rate_limit_exceeded',
    };
    const server = await serve([{ status: 429, error, headers: { 'retry-after': '20' } }]);
    const refused = await ask(server, path, request);
    // https://platform.openai.com/docs/guides/error-codes, https://platform.openai.com/docs/guides/rate-limits
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '20']);
    expect(await refused.json()).toEqual({ error: { ...error, param: null } });
  });

  const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
  const asked = { role: 'assistant', content: null, tool_calls: [call('a')] };
  const said = { role: 'user', content: 'Q' };

  it('takes a conversation with tools and images', async () => {
    const server = await serve([{ say: 'Fine.' }]);
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } };
    const messages = [
      { role: 'system', content: 'S' },
      said,
      asked,
      { role: 'tool', tool_call_id: 'a', content: 'seen' },
      { role: 'user', content: [image] },
    ];
    expect((await ask(server, path, { ...request, messages })).status).toBe(200);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown role', { messages: [{ role: 'human', content: 'x' }] }, /role/],
    ['an unknown parameter', { max_output_tokens: 5 }, /max_output_tokens/],
    ['an answer of nothing', { messages: [said, { role: 'assistant', content: null }] }, /got null/],
    ['a call without its result', { messages: [said, asked, said] }, /did not have response messages: a/],
    ['a call at the end', { messages: [said, asked] }, /did not have response messages: a/],
    [
      'a stray result',
      { messages: [said, { role: 'tool', tool_call_id: 'a', content: 'x' }] },
      /preceding message/,
    ],
    [
      'an image as the result of a tool',
      {
        messages: [
          said,
          asked,
          { role: 'tool', tool_call_id: 'a', content: [{ type: 'image_url', image_url: { url: 'data:' } }] },
        ],
      },
      /messages.2.content/,
    ],
  ])('refuses %s', async (_name, change, message) => {
    const server = await serve([{ say: 'never' }]);
    const response = await ask(server, path, { ...request, ...change });
    expect(response.status).toBe(400);
    // https://platform.openai.com/docs/guides/error-codes
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringMatching(message),
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    });
  });
});

describe('openLoopbackOpenAi, responses', () => {
  const path = '/responses';
  const said = { role: 'user', content: [{ type: 'input_text', text: 'Hello!' }] };
  const request = { model: 'gpt-4.1-2025-04-14', stream: true, input: [said] };
  /** https://platform.openai.com/docs/api-reference/responses/create (Streaming), its words shortened and `response` abridged. */
  const DOCUMENTED_WORDS = `
event: response.created
data: {"type":"response.created","response":{"id":"resp_67c9","object":"response","created_at":1741290958,"status":"in_progress","error":null,"incomplete_details":null,"model":"gpt-4.1-2025-04-14","output":[],"usage":null}}

event: response.in_progress
data: {"type":"response.in_progress","response":{"id":"resp_67c9","object":"response","created_at":1741290958,"status":"in_progress","error":null,"incomplete_details":null,"model":"gpt-4.1-2025-04-14","output":[],"usage":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","output_index":0,"item":{"id":"msg_resp_67c9","type":"message","status":"in_progress","role":"assistant","content":[]}}

event: response.content_part.added
data: {"type":"response.content_part.added","item_id":"msg_resp_67c9","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_resp_67c9","output_index":0,"content_index":0,"delta":"Hi"}

event: response.output_text.done
data: {"type":"response.output_text.done","item_id":"msg_resp_67c9","output_index":0,"content_index":0,"text":"Hi"}

event: response.content_part.done
data: {"type":"response.content_part.done","item_id":"msg_resp_67c9","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hi","annotations":[]}}

event: response.output_item.done
data: {"type":"response.output_item.done","output_index":0,"item":{"id":"msg_resp_67c9","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}}

event: response.completed
data: {"type":"response.completed","response":{"id":"resp_67c9","object":"response","created_at":1741290958,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-4.1-2025-04-14","output":[{"id":"msg_resp_67c9","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}],"usage":{"input_tokens":37,"output_tokens":11,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":48}}}
`;
  /** https://platform.openai.com/docs/guides/function-calling#streaming, its deltas joined. */
  const DOCUMENTED_CALL = [
    '{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"call_1234xyz","name":"get_weather","arguments":""}}',
    '{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\\"location\\":"}',
    '{"type":"response.function_call_arguments.delta","output_index":0,"delta":"\\"Paris, France\\"}"}',
    '{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\\"location\\":\\"Paris, France\\"}"}',
    '{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"call_1234xyz","name":"get_weather","arguments":"{\\"location\\":\\"Paris, France\\"}"}}',
  ];

  it('streams words as documented', async () => {
    const server = await serve([{ id: 'resp_67c9', say: ['Hi'] }]);
    const events = await eventsOf(server, path, request);
    expect(events).toMatchObject(readEvents(DOCUMENTED_WORDS));
    // https://platform.openai.com/docs/api-reference/responses-streaming: every event is numbered.
    expect(events.map(([, data]) => (data as { sequence_number: number }).sequence_number)).toEqual(
      events.map((_, i) => i),
    );
  });

  it('streams tool calls as documented', async () => {
    const pieces = ['{"location":', '"Paris, France"}'];
    const server = await serve([{ calls: [{ id: 'call_1234xyz', name: 'get_weather', pieces }] }]);
    const events = await eventsOf(server, path, request);
    expect(events.slice(2, -1).map(([, data]) => data)).toMatchObject(
      DOCUMENTED_CALL.map((data) => JSON.parse(data) as object),
    );
  });

  it('says why an answer is incomplete', async () => {
    const server = await serve([{ say: 'Hi', stop: 'max_output_tokens' }]);
    // https://platform.openai.com/docs/api-reference/responses-streaming/response/incomplete
    expect((await eventsOf(server, path, request)).at(-1)).toMatchObject([
      'response.incomplete',
      { response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } } },
    ]);
  });

  const call = { type: 'function_call', call_id: 'a', name: 'look', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'a', output: 'seen' };
  const reasoning = { type: 'reasoning', id: 'rs_1', encrypted_content: 'x', summary: [] };

  const sealing = { ...request, store: false, include: ['reasoning.encrypted_content'] };
  const thought = { reasoning: [{ text: 'hm', seal: 'x' }], say: 'A' };

  it('takes a conversation with reasoning and tools', async () => {
    const server = await serve([thought, { say: 'Fine.' }]);
    await eventsOf(server, path, sealing);
    const body = { ...sealing, input: [said, reasoning, call, output, said] };
    expect((await ask(server, path, body)).status).toBe(200);
  });

  it.each([
    ['that it did not give', { input: [said, { ...reasoning, encrypted_content: 'y' }, call, output] }],
    ['of another model', { model: 'gpt-5.1', input: [said, reasoning, call, output] }],
  ])('refuses encrypted reasoning %s', async (_name, change) => {
    const server = await serve([thought, { say: 'never' }]);
    await eventsOf(server, path, sealing);
    const response = await ask(server, path, { ...sealing, ...change });
    // https://github.com/openai/codex/issues/17541
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_encrypted_content' } });
  });

  it.each([
    [true, 'x'],
    [false, null],
  ])('streams reasoning as documented, encrypted when asked to (%s)', async (isAskedTo, sealed) => {
    const events = await eventsOf(await serve([thought]), path, isAskedTo ? sealing : request);
    const item = { id: 'rs_1_loopback', type: 'reasoning' };
    const at = { item_id: item.id, output_index: 0, summary_index: 0 };
    const part = { type: 'summary_text', text: 'hm' };
    // https://platform.openai.com/docs/api-reference/responses-streaming/response/reasoning_summary_part/added and what follows
    expect(events.slice(2, 8).map(([, data]) => data)).toMatchObject([
      { type: 'response.output_item.added', output_index: 0, item: { ...item, summary: [] } },
      { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
      { type: 'response.reasoning_summary_text.delta', ...at, delta: 'hm' },
      { type: 'response.reasoning_summary_text.done', ...at, text: 'hm' },
      { type: 'response.reasoning_summary_part.done', ...at, part },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { ...item, summary: [part], encrypted_content: sealed },
      },
    ]);
  });

  it('says what its words are, when it does', async () => {
    const events = await eventsOf(await serve([{ say: 'Hi', phase: 'commentary' }]), path, request);
    // https://developers.openai.com/api/docs/guides/prompt-guidance
    const items = events.filter(([name]) => name?.startsWith('response.output_item.'));
    expect(items.map(([, data]) => data)).toMatchObject([
      { item: { type: 'message', phase: 'commentary' } },
      { item: { type: 'message', phase: 'commentary' } },
    ]);
  });

  it('counts what was read from the cache and written to it within its input', async () => {
    const usage = { inputTokens: 5, outputTokens: 2, cacheReadTokens: 70, cacheWriteTokens: 25 };
    const events = await eventsOf(await serve([{ say: 'Hi', usage }]), path, request);
    // https://learn.microsoft.com/javascript/api/@azure/ai-projects/responseusageinputtokensdetails
    expect(events.at(-1)).toMatchObject([
      'response.completed',
      {
        response: {
          usage: {
            input_tokens: 100,
            input_tokens_details: { cached_tokens: 70, cache_write_tokens: 25 },
            output_tokens: 2,
            total_tokens: 102,
          },
        },
      },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown role', { input: [{ role: 'human', content: 'x' }] }, /input/],
    ['an unknown parameter', { max_tokens: 5 }, /max_tokens/],
    ['a call without its output', { input: [said, call, said] }, /No tool output found for function call a/],
    ['a stray output', { input: [said, output] }, /No tool call found .* a/],
    ['reasoning at the end', { input: [said, reasoning] }, /without its required following item/],
    [
      'reasoning that nobody stored',
      { store: false, input: [said, { ...reasoning, encrypted_content: null }, call, output] },
      /not persisted/,
    ],
  ])('refuses %s', async (_name, change, message) => {
    const server = await serve([{ say: 'never' }]);
    const response = await ask(server, path, { ...request, ...change });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(message) } });
  });
});
