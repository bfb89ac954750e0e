import { describe, expect, it } from '@jest/globals';
import { assistantContent, jsonValue, text, withNewestFiles } from '@swe/domain';
import type { AssistantContent, ModelMessage, ToolResultContent, UserContent } from '@swe/domain';
import { openLoopbackBedrock } from '@swe/testing/servers';
import fc from 'fast-check';
import { ask, openClient, openModel, REQUEST } from './bedrock-fixture';
import { toConverse } from './to-converse';

const OPTIONS = {
  modelId: 'm',
  provider: 'bedrock/anthropic',
  thinking: 'none',
  budget: { usual: 1, highest: 1 },
  betas: [],
  cachePoints: [],
} as const;

const user = (...content: (UserContent | ToolResultContent)[]): ModelMessage => ({ role: 'user', content });
const assistant = (...content: AssistantContent[]): ModelMessage => ({ role: 'assistant', content });
const call = (callId: string, input: unknown = {}, name = 'look'): AssistantContent =>
  assistantContent.parse({ type: 'tool-call', callId, name, input });
const result = (callId: string, content: UserContent[], isError = false): ToolResultContent => ({
  type: 'tool-result',
  callId,
  content,
  isError,
});
const image = (bytes = 3): UserContent => ({
  type: 'image',
  mediaType: 'image/webp',
  data: Buffer.alloc(bytes, 1).toString('base64'),
});
const file = (name: string, mediaType = 'application/pdf', bytes = 3): UserContent => ({
  type: 'document',
  name,
  mediaType,
  data: Buffer.alloc(bytes, 'a').toString('base64'),
});

const sentOf = (messages: readonly ModelMessage[], tools = REQUEST.tools) =>
  toConverse({ ...REQUEST, tools, messages }, OPTIONS, 0);
const contentOf = (message: ModelMessage) => sentOf([message]).messages?.[0]?.content;

describe('a person’s message', () => {
  it('has its results first, an error marked as one', () => {
    const message = user(text('!'), result('a', [text('seen'), image()]), result('b', [text('no')], true));
    expect(contentOf(message)).toEqual([
      {
        toolResult: {
          toolUseId: 'a',
          content: [{ text: 'seen' }, { image: { format: 'webp', source: { bytes: Buffer.alloc(3, 1) } } }],
        },
      },
      { toolResult: { toolUseId: 'b', content: [{ text: 'no' }], status: 'error' } },
      { text: '!' },
    ]);
  });

  it('has no blank text, and is never empty', () => {
    expect(contentOf(user(text(' \n'), text('x ')))).toEqual([{ text: 'x ' }]);
    expect(contentOf(user(text('')))).toEqual([{ text: '[harness] (empty)' }]);
    expect(contentOf(user(result('a', [text(' ')], true)))).toMatchObject([
      { toolResult: { content: [{ text: '[harness] (empty)' }], status: 'error' } },
    ]);
  });

  it('names documents neutrally, and tells whose name that is', () => {
    const bytes = Buffer.alloc(3, 'a');
    const sent = sentOf([
      user(file('../Q3 "report".pdf')),
      assistant(text('A')),
      user(file('b.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')),
    ]);
    expect(sent.messages?.map(({ content }) => content)).toEqual([
      [
        { text: '[harness] document-1 is the file "../Q3 \\"report\\".pdf".' },
        { document: { format: 'pdf', name: 'document-1', source: { bytes } } },
      ],
      [{ text: 'A' }],
      [
        { text: '[harness] document-2 is the file "b.xlsx".' },
        { document: { format: 'xlsx', name: 'document-2', source: { bytes } } },
      ],
    ]);
  });

  it.each([
    ['text is its text', file('a.md', 'text/markdown'), 'Document "a.md":\naaa'],
    [
      'other bytes are a line',
      file('a.bin', 'application/zip'),
      '[harness] The document "a.bin" (application/zip) cannot be shown to this model.',
    ],
    [
      'too many bytes are a line',
      file('a.pdf', 'application/pdf', 4_718_593),
      '[harness] The document "a.pdf" (application/pdf) cannot be shown to this model.',
    ],
    [
      'a picture that is too large is a line',
      image(3_932_161),
      '[harness] A picture was here that is too large, or one too many, to be shown.',
    ],
  ])('whose file is %s', (_name, part, words) => {
    expect(contentOf(user(part))).toEqual([{ text: words }]);
  });

  it('has at most twenty pictures, a conversation at most five documents', () => {
    const images = (contentOf(user(...Array.from({ length: 22 }, () => image()))) ?? []).filter(
      ({ image }) => image,
    );
    expect(images).toHaveLength(20);
    const sent = sentOf(Array.from({ length: 7 }, () => [user(file('a')), assistant(text('A'))]).flat());
    const documents = (sent.messages ?? []).flatMap(({ content = [] }) =>
      content.filter(({ document }) => document),
    );
    expect(documents.map(({ document }) => document?.name)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `document-${n}`),
    );
  });
});

describe('a conversation', () => {
  it('alternates where an answer had nothing that may go back', () => {
    const hidden: AssistantContent = { type: 'reasoning', provider: 'anthropic', text: 'hm', opaque: null };
    const sent = sentOf([user(text('a')), assistant(hidden), user(text('b'))]);
    expect(sent.messages).toEqual([{ role: 'user', content: [{ text: 'a' }, { text: 'b' }] }]);
  });

  it('ends with the person', () => {
    expect(sentOf([user(text('a')), assistant(text('A '))]).messages?.at(-1)).toEqual({
      role: 'user',
      content: [{ text: '[harness] Go on.' }],
    });
  });

  it('has names that a tool can have, and inputs that are objects', () => {
    const sent = sentOf([
      user(text('a')),
      assistant(call('c', [1], 'no such tool!')),
      user(result('c', [text('x')])),
    ]);
    expect(sent.messages?.[1]?.content).toEqual([
      { toolUse: { toolUseId: 'c', name: 'no_such_tool_', input: {} } },
    ]);
  });

  it('with calls in it is sent with tools, where there are none any more', () => {
    const messages = [
      user(text('a')),
      assistant(call('c'), call('d')),
      user(result('c', []), result('d', [])),
    ];
    expect(sentOf(messages, []).toolConfig?.tools).toMatchObject([
      { toolSpec: { name: 'look', inputSchema: { json: { type: 'object' } } } },
    ]);
    expect(sentOf([user(text('a'))], []).toolConfig).toBeUndefined();
  });
});

const words = fc.oneof(fc.constantFrom('', ' ', '\n\t', 'x', ' x '), fc.string());
const userPart = fc.oneof(
  words.map(text),
  fc.constant(image()),
  fc
    .record({ name: words, mediaType: fc.constantFrom('application/pdf', 'text/plain', 'x/y') })
    .map(({ name, mediaType }) => file(name, mediaType)),
);
const spoken = fc.oneof(
  words.map(text),
  fc.record({
    type: fc.constant('reasoning' as const),
    provider: words,
    text: words,
    opaque: fc.constantFrom(null, { signature: 's' }, 7),
  }),
);
const input = fc.jsonValue().map((value) => jsonValue.parse(JSON.parse(JSON.stringify(value))));
const round = fc.record({
  said: fc.array(userPart, { maxLength: 25 }),
  spoken: fc.array(spoken, { maxLength: 3 }),
  calls: fc.array(fc.record({ name: words, input }), { maxLength: 3 }),
  results: fc.array(fc.array(userPart, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
  isError: fc.boolean(),
});

/** A conversation as `buildContext` makes them: roles alternate, each call has its result. */
const conversation = fc.array(round, { minLength: 1, maxLength: 4 }).map((rounds) => {
  const messages: ModelMessage[] = [user(text('Hello.'))];
  for (const [i, { said, spoken, calls, results, isError }] of rounds.entries()) {
    const made = calls.map(({ name, input }, j) => call(`call-${i}-${j}`, input, name));
    messages.push(
      assistant(...spoken, ...made),
      user(...made.map((_, j) => result(`call-${i}-${j}`, results[j] ?? [], isError)), ...said),
    );
  }
  return messages;
});

it('whatever was said, Bedrock refuses none of it', async () => {
  const server = await openLoopbackBedrock(() => ({ say: 'Fine.' }));
  const client = openClient(server.url);
  const model = openModel(client);
  await fc.assert(
    fc.asyncProperty(conversation, fc.boolean(), async (all, hasTools) => {
      const messages = withNewestFiles(all);
      const { stop, failure } = await ask(model, { messages, tools: hasTools ? REQUEST.tools : [] });
      expect([stop, failure?.message]).toEqual(['end-turn', undefined]);
    }),
    { numRuns: 60 },
  );
  client.destroy();
  await server.close();
});

const given = fc.constantFrom(image(), image(3_750_000), file('a'), file('b', 'application/pdf', 4_500_000));
const MANY = Array.from({ length: 30 }, () => image());
const LARGE = Array.from({ length: 8 }, () => image(3_750_000));

it('however many files came, Bedrock refuses none of the requests', async () => {
  const server = await openLoopbackBedrock(() => ({ say: 'Fine.' }));
  const client = openClient(server.url);
  await fc.assert(
    fc.asyncProperty(fc.array(given, { minLength: 1, maxLength: 40 }), async (files) => {
      const steps = files.flatMap((each, i) => [
        assistant(call(`call-${i}`)),
        user(result(`call-${i}`, [text('seen'), each])),
      ]);
      const messages = withNewestFiles([user(text('Look.')), ...steps]);
      const { stop, failure } = await ask(openModel(client), { messages });
      expect([stop, failure?.message]).toEqual(['end-turn', undefined]);
    }),
    // Shrinking would send hundreds of megabytes.
    { numRuns: 20, endOnFailure: true, examples: [[MANY], [LARGE]] },
  );
  client.destroy();
  await server.close();
});
