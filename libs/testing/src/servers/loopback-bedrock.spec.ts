import { afterEach, describe, expect, it } from '@jest/globals';
import { openLoopbackBedrock } from './loopback-bedrock';
import type { LoopbackBedrockOptions } from './loopback-bedrock';
import type { LoopbackScript } from './loopback-script';
import type { LoopbackServer } from './loopback-server';
import { readFrames } from './read-frames';

const open: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(script: LoopbackScript, options?: LoopbackBedrockOptions): Promise<LoopbackServer> {
  const server = await openLoopbackBedrock(script, options);
  open.push(server);
  return server;
}

const SIGNED = {
  'content-type': 'application/json',
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261125/us-west-2/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
};
const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const REQUEST = { messages: [user({ text: 'Hello' })], inferenceConfig: { maxTokens: 4_096 } };

function ask(
  { url }: LoopbackServer,
  body: object = REQUEST,
  headers: Record<string, string> = SIGNED,
  model = 'us.anthropic.claude-opus-5-5',
) {
  const path = `/model/${encodeURIComponent(model)}/converse-stream`;
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function framesOf(response: Response) {
  return readFrames(await response.bytes());
}

const event = (type: string, payload: object) => ({
  headers: { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
  payload,
});

/**
 * The order: https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html, the shapes:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html and the pages it links.
 */
describe('openLoopbackBedrock streams as documented', () => {
  it('words', async () => {
    const server = await serve([{ say: ['Hello', '!'], usage: { inputTokens: 20, outputTokens: 3 } }]);
    const response = await ask(server);
    expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    expect(await framesOf(response)).toEqual([
      event('messageStart', { role: 'assistant' }),
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }),
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: '!' } }),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      event('messageStop', { stopReason: 'end_turn' }),
      event('metadata', {
        usage: { inputTokens: 20, outputTokens: 3, totalTokens: 23 },
        metrics: { latencyMs: expect.any(Number) },
      }),
    ]);
    expect(server.requests).toMatchObject([
      { path: '/model/us.anthropic.claude-opus-5-5/converse-stream', body: REQUEST },
    ]);
  });

  it('tool calls, and tokens that were cached', async () => {
    const call = { id: 'tooluse_x', name: 'top_song', pieces: ['{"sign":', ' "WZPZ"}'] };
    const usage = { inputTokens: 5, outputTokens: 7, cacheReadTokens: 100, cacheWriteTokens: 20 };
    const frames = await framesOf(await ask(await serve([{ calls: [call], usage }])));
    expect(frames.slice(1)).toEqual([
      event('contentBlockStart', {
        contentBlockIndex: 0,
        start: { toolUse: { toolUseId: 'tooluse_x', name: 'top_song' } },
      }),
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '{"sign":' } } }),
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: ' "WZPZ"}' } } }),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      event('messageStop', { stopReason: 'tool_use' }),
      event('metadata', {
        usage: {
          inputTokens: 5,
          outputTokens: 7,
          totalTokens: 132,
          cacheReadInputTokens: 100,
          cacheWriteInputTokens: 20,
        },
        metrics: { latencyMs: expect.any(Number) },
      }),
    ]);
  });

  it('reasoning, signed and redacted', async () => {
    const reasoning = [
      { text: 'hm', seal: 'sig' },
      { text: '', seal: 'cmVk', redacted: true },
    ] as const;
    const frames = await framesOf(await ask(await serve([{ reasoning, say: 'A' }])));
    const delta = (contentBlockIndex: number, reasoningContent: object) =>
      event('contentBlockDelta', { contentBlockIndex, delta: { reasoningContent } });
    expect(frames.slice(1, 6)).toEqual([
      delta(0, { text: 'hm' }),
      delta(0, { signature: 'sig' }),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      delta(1, { redactedContent: 'cmVk' }),
      event('contentBlockStop', { contentBlockIndex: 1 }),
    ]);
  });

  it('an exception in the midst of it', async () => {
    const frames = await framesOf(await ask(await serve([{ say: 'One two', ending: 'error' }])));
    // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ModelStreamErrorException.html
    expect(frames.at(-1)).toEqual({
      headers: {
        ':exception-type': 'modelStreamErrorException',
        ':content-type': 'application/json',
        ':message-type': 'exception',
      },
      payload: { message: expect.any(String), originalStatusCode: 500 },
    });
  });

  it('cuts the connection in the middle of a frame', async () => {
    const reader = (await ask(await serve([{ say: 'One two', ending: 'cut' }]))).body?.getReader();
    const seen: Uint8Array[] = [];
    const readAll = async () => {
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
        seen.push(next.value);
    };
    await expect(readAll()).rejects.toThrow();
    const bytes = Buffer.concat(seen);
    const frames = readFrames(bytes);
    expect(frames).toHaveLength(2);
    expect(bytes.length).toBeGreaterThan(frames.length);
    expect(bytes.toString('latin1')).toContain('contentBlockDelta');
  });
});

const text = (words: string) => ({ text: words });
const png = (bytes = 'aGk=') => ({ image: { format: 'png', source: { bytes } } });
const pdf = (name: string, bytes = 'aGk=') => ({ document: { format: 'pdf', name, source: { bytes } } });
const toolUse = (toolUseId: string, input: unknown = {}) => ({ toolUse: { toolUseId, name: 'look', input } });
const toolResult = (toolUseId: string, extra: object = {}) => ({
  toolResult: { toolUseId, content: [text('seen')], ...extra },
});
const cachePoint = { cachePoint: { type: 'default' } };
const toolConfig = {
  tools: [{ toolSpec: { name: 'look', description: 'Looks.', inputSchema: { json: { type: 'object' } } } }],
};
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('openLoopbackBedrock', () => {
  it('takes a conversation with tools, reasoning, images, documents and cache points', async () => {
    const server = await serve([{ reasoning: [{ text: 'hm', seal: 's' }], say: 'A' }, { say: 'Fine.' }]);
    const system = [text('S'), cachePoint];
    const first = { ...REQUEST, system, toolConfig, messages: [user(text('Q'), png(), pdf('one'))] };
    await (await ask(server, first)).bytes();
    const messages = [
      ...first.messages,
      assistant(
        { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
        text('A'),
        toolUse('a'),
        toolUse('b'),
      ),
      user(
        toolResult('a', { content: [text('seen'), png()] }),
        toolResult('b', { status: 'error' }),
        text('!'),
        cachePoint,
      ),
    ];
    const additionalModelRequestFields = { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } };
    expect((await ask(server, { ...first, messages, additionalModelRequestFields })).status).toBe(200);
  });

  it.each([
    ['an id with a version', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    [
      'the ARN of an inference profile',
      'arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.anthropic.claude-opus-5-5',
    ],
  ])('answers for %s', async (_name, model) => {
    const server = await serve([{ say: 'Fine.' }]);
    expect((await ask(server, REQUEST, SIGNED, model)).status).toBe(200);
    expect(server.requests[0]?.path).toBe(`/model/${encodeURIComponent(model)}/converse-stream`);
  });

  const asked = [user(text('Q')), assistant(toolUse('a'))];
  const withTools = { toolConfig };
  it.each<[string, object, RegExp]>([
    ['an unknown field', { max_tokens: 5 }, /Malformed input request.*max_tokens/],
    ['an unknown field of the model', { additionalModelRequestFields: { top_j: 1 } }, /top_j/],
    ['no messages', { messages: [] }, /must start with a user message/],
    ['an answer first', { messages: [assistant(text('x'))] }, /must start with a user message/],
    ['two of the same role', { messages: [user(text('x')), user(text('y'))] }, /must alternate/],
    ['a message of nothing', { messages: [user()] }, /messages\.0 is empty/],
    ['a message of nothing but a cache point', { messages: [user(cachePoint)] }, /messages\.0 is empty/],
    ['empty text', { messages: [user(text(''))] }, /messages\.0\.content\.0 is blank/],
    ['blank text', { messages: [user(text('x'), text(' \n'))] }, /messages\.0\.content\.1 is blank/],
    ['a blank system prompt', { system: [text(' ')] }, /SystemContentBlock/],
    [
      'blank text in a result',
      { ...withTools, messages: [...asked, user(toolResult('a', { content: [text(' ')] }))] },
      /ToolResultContentBlock/,
    ],
    [
      'an error of nothing',
      { ...withTools, messages: [...asked, user(toolResult('a', { content: [], status: 'error' }))] },
      /cannot be empty when status value is error/,
    ],
    [
      'a call without its result',
      { ...withTools, messages: [...asked, user(text('x'))] },
      /Expected toolResult blocks at messages\.2\.content for the following Ids: a$/,
    ],
    ['a call at the end', { ...withTools, messages: asked }, /Expected toolResult blocks at messages\.2/],
    [
      'a result that nobody asked for',
      { ...withTools, messages: [user(toolResult('a'))] },
      /exceeds the number of toolUse blocks/,
    ],
    [
      'two results for a call',
      { ...withTools, messages: [...asked, user(toolResult('a'), toolResult('a'))] },
      /exceeds the number of toolUse blocks/,
    ],
    [
      'two calls of one id',
      {
        ...withTools,
        messages: [user(text('Q')), assistant(toolUse('a'), toolUse('a')), user(toolResult('a'))],
      },
      /duplicate Ids/,
    ],
    [
      'an input that is no object',
      { ...withTools, messages: [user(text('Q')), assistant(toolUse('a', [1])), user(toolResult('a'))] },
      /Provide a json object/,
    ],
    [
      'calls in the history without tools',
      { messages: [...asked, user(toolResult('a'))] },
      /The toolConfig field must be defined/,
    ],
    ['no tools in their configuration', { toolConfig: { tools: [] } }, /toolConfig\.tools/],
    ['an image of the assistant’s', { messages: [user(text('Q')), assistant(png())] }, /assistant role/],
    ['21 images in a message', { messages: [user(...times(21, () => png()))] }, /too many images/],
    ['an image above 3.75 MB', { messages: [user(png('A'.repeat(5_242_884)))] }, /image exceeds 5 MB/],
    ['a document without text', { messages: [user(pdf('a'))] }, /text block must be included/],
    [
      'documents of one name',
      { messages: [user(text('Q'), pdf('a'), pdf('A'))] },
      /duplicate document names/,
    ],
    [
      'a document named as a file is',
      { messages: [user(text('Q'), pdf('a.pdf'))] },
      /can only contain alphanumeric/,
    ],
    [
      'a document name with two spaces',
      { messages: [user(text('Q'), pdf('a  b'))] },
      /consecutive whitespace/,
    ],
    [
      'six documents',
      { messages: [user(text('Q'), ...times(6, (i) => pdf(`d${i}`)))] },
      /more than 5 documents/,
    ],
    [
      '21 files in two messages',
      {
        messages: [
          user(text('Q'), pdf('a'), ...times(10, () => png())),
          assistant(text('A')),
          user(...times(10, () => png())),
        ],
      },
      /too many images and documents: 20 \+ 1 > 20/,
    ],
    [
      'a request above 20 MB',
      { messages: [user(...times(4, () => png('A'.repeat(5_242_880))))] },
      /Input is too long/,
    ],
    ['a document above 4.5 MB', { messages: [user(text('Q'), pdf('a', 'A'.repeat(6_291_460)))] }, /4\.5 MB/],
    ['five cache points', { system: [text('S'), ...times(5, () => cachePoint)] }, /maximum of 4.*Found 5/],
    [
      'a budget that leaves no room for an answer',
      { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 4_096 } } },
      /`max_tokens` must be greater/,
    ],
    [
      'thinking with a budget behind calls without it',
      {
        ...withTools,
        messages: [...asked, user(toolResult('a'))],
        additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1_024 } },
      },
      /Expected `thinking`/,
    ],
    [
      'bound thinking without its beta',
      {
        additionalModelRequestFields: {
          thinking: { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } },
        },
      },
      /block_binding/,
    ],
    [
      'reasoning that it did not give',
      {
        messages: [
          user(text('Q')),
          assistant({ reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } }, text('A')),
          user(text('x')),
        ],
      },
      /messages\.1\.content\.0: Invalid `signature` in `thinking` block/,
    ],
    [
      'a conversation that is too long',
      { messages: [user(text('word '.repeat(9_000)))] },
      /prompt is too long: \d+ tokens > 10000 maximum/,
    ],
  ])('refuses %s', async (_name, change, message) => {
    const server = await serve([{ say: 'never' }], { contextTokens: 10_000 });
    const response = await ask(server, { ...REQUEST, ...change });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([400, 'ValidationException']);
    expect(await response.json()).toEqual({ message: expect.stringMatching(message) });
  });

  const given = { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } };
  const replayed = [user(text('Hello')), assistant(given, text('A')), user(text('x'))];
  const forgiving = {
    anthropic_beta: ['thinking-binding-controls-2026-08-01'],
    thinking: { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } },
  };

  it.each<[string, object, number]>([
    ['takes back reasoning as it gave it', {}, 200],
    [
      'takes it back with other cache points',
      { messages: [user(text('Hello'), cachePoint), ...replayed.slice(1)] },
      200,
    ],
    [
      'refuses reasoning whose words were changed',
      {
        messages: [
          user(text('Hello')),
          assistant({ reasoningContent: { reasoningText: { text: 'Hm', signature: 's' } } }, text('A')),
          user(text('x')),
        ],
      },
      400,
    ],
    ['refuses it behind another system prompt', { system: [text('New.')] }, 400],
    [
      'drops it there for who asks for that',
      { system: [text('New.')], additionalModelRequestFields: forgiving },
      200,
    ],
  ])('%s', async (_name, change, status) => {
    const server = await serve([{ reasoning: [{ text: 'hm', seal: 's' }], say: 'A' }, { say: 'Fine.' }]);
    await (await ask(server)).bytes();
    expect((await ask(server, { ...REQUEST, messages: replayed, ...change })).status).toBe(status);
  });

  it('refuses who signs nothing, or for another service', async () => {
    const server = await serve([]);
    const { authorization, ...unsigned } = SIGNED;
    for (const headers of [
      unsigned,
      { ...unsigned, authorization: authorization.replace('/bedrock/', '/s3/') },
    ]) {
      const response = await ask(server, REQUEST, headers);
      expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
        403,
        'MissingAuthenticationTokenException',
      ]);
    }
  });

  it('refuses by script, model ids that are none, and paths that it does not know', async () => {
    const error = { type: 'ThrottlingException', message: 'Too many requests.' };
    const server = await serve([{ status: 429, error, headers: { 'retry-after': '7' } }]);
    const refused = await ask(server);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect(refused.headers.get('x-amzn-errortype')).toBe('ThrottlingException');
    expect(await refused.json()).toEqual({ message: 'Too many requests.' });
    expect((await ask(server, REQUEST, SIGNED, 'no model')).status).toBe(400);
    expect((await fetch(`${server.url}/model/m/converse`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});
