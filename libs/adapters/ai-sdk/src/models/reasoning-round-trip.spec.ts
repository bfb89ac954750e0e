import { afterEach, describe, expect, it } from '@jest/globals';
import { assistantContent, text, toolCallsOf } from '@swe/domain';
import type { AssistantContent, LanguageModel, ModelFinished, ModelMessage, ModelRequest } from '@swe/domain';
import { openLoopbackAnthropic, openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackAnswer, LoopbackScript, LoopbackServer } from '@swe/testing/servers';
import { z } from 'zod';
import { openAnthropic } from './open-anthropic';
import { openOpenAi } from './open-openai';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Vendor {
  readonly name: string;
  openServer(script: LoopbackScript): Promise<LoopbackServer>;
  model(url: string, modelId: string): LanguageModel;
  /** The reasoning of a request, as the vendor takes it. */
  reasoningIn(body: LoopbackServer['requests'][number]['body']): readonly object[];
  /** Reasoning of that text under that seal, the nth of its answer. */
  block(text: string, seal: string, answer: number): object;
}

const messagesOf = z.object({ messages: z.array(z.object({ content: z.array(z.looseObject({})) })) });
const inputOf = z.object({ input: z.array(z.looseObject({})) });

const VENDORS: readonly Vendor[] = [
  {
    name: 'Anthropic',
    openServer: openLoopbackAnthropic,
    model: (baseUrl, modelId) => openAnthropic({ apiKey: 'sk-key', baseUrl, modelId, thinking: 'bound' }),
    reasoningIn: (body) =>
      messagesOf
        .parse(body)
        .messages.flatMap(({ content }) => content)
        .filter((part) => String(part['type']).endsWith('thinking')),
    block: (thinking, signature) => ({ type: 'thinking', thinking, signature }),
  },
  {
    name: 'OpenAI',
    openServer: openLoopbackOpenAi,
    model: (baseUrl, modelId) => openOpenAi({ apiKey: 'sk-key', baseUrl, modelId, thinking: 'kept' }),
    reasoningIn: (body) => inputOf.parse(body).input.filter(({ type }) => type === 'reasoning'),
    block: (words, sealed, answer) => ({
      type: 'reasoning',
      id: `rs_1_${answer}`,
      encrypted_content: sealed,
      summary: [{ type: 'summary_text', text: words }],
    }),
  },
];

const REQUEST: Omit<ModelRequest, 'messages'> = {
  system: 'You are a test.',
  tools: [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object', properties: {} } }],
  maxOutputTokens: 256,
};
const THOUGHTS = ['I see.\n ', 'Ünd so\u2028on "quoted"', 'third'];
const seal = (i: number): string => `EqQB/+=${i}`;
const answer = (i: number): LoopbackAnswer => ({
  id: `${i}`,
  reasoning: [{ text: THOUGHTS[i] ?? '', seal: seal(i) }],
  say: 'Looking.',
  calls: [{ name: 'look', input: { at: i } }],
});
const LOOKS = THOUGHTS.map((_, i) => answer(i));
const DONE: LoopbackAnswer = { say: 'Done.' };

async function ask(model: LanguageModel, messages: readonly ModelMessage[]): Promise<ModelFinished> {
  const events = await Array.fromAsync(model.stream({ ...REQUEST, messages }, new AbortController().signal));
  const last = events.at(-1);
  if (last?.type !== 'finished') throw new Error('the stream ended without finished');
  return last;
}

/** As it is read from a journal. */
const stored = (content: readonly AssistantContent[]): AssistantContent[] =>
  z.array(assistantContent).parse(JSON.parse(JSON.stringify(content)));

/** What was said and done, and what the tools gave. */
function told(content: readonly AssistantContent[]): readonly ModelMessage[] {
  const results = toolCallsOf(content).map(({ callId }) => ({
    type: 'tool-result' as const,
    callId,
    content: [text('seen')],
    isError: false,
  }));
  return [
    { role: 'assistant', content },
    { role: 'user', content: results.length === 0 ? [text('Go on.')] : results },
  ];
}

const HELLO: readonly ModelMessage[] = [{ role: 'user', content: [text('Hello.')] }];

/** Takes step after step until the model asks for nothing more. */
async function converse(model: LanguageModel): Promise<readonly ModelMessage[]> {
  let messages = HELLO;
  for (;;) {
    const { stop, content, failure } = await ask(model, messages);
    expect(failure).toBeUndefined();
    messages = [...messages, ...told(stored(content))];
    if (stop !== 'tool-use') return messages;
  }
}

function changed(
  messages: readonly ModelMessage[],
  change: (part: AssistantContent) => readonly AssistantContent[],
): readonly ModelMessage[] {
  return messages.map((message) =>
    message.role === 'user' ? message : { ...message, content: message.content.flatMap(change) },
  );
}

describe.each(VENDORS)('reasoning of $name', ({ openServer, model, reasoningIn, block }) => {
  async function open(script: LoopbackScript) {
    const server = await openServer(script);
    closing.push(() => server.close());
    const lastReasoning = () => reasoningIn(server.requests.at(-1)?.body ?? {});
    return { server, lastReasoning, thinker: model(server.url, 'thinker') };
  }

  it('goes back byte for byte with every step, through the journal', async () => {
    const { thinker, server, lastReasoning } = await open([...LOOKS, DONE]);
    await converse(thinker);
    expect(server.requests).toHaveLength(4);
    expect(lastReasoning()).toEqual(THOUGHTS.map((words, i) => block(words, seal(i), i)));
  });

  it('is refused when it was altered, and from then on left out', async () => {
    const { thinker, server, lastReasoning } = await open([...LOOKS, DONE, answer(0), DONE]);
    const messages = changed(await converse(thinker), (part) =>
      part.type === 'reasoning'
        ? [{ ...part, opaque: JSON.parse(JSON.stringify(part.opaque).replace('EqQB', 'EqQC')) }]
        : [part],
    );
    expect(await ask(thinker, messages)).toMatchObject({
      stop: 'error',
      content: [],
      failure: { kind: 'transient', message: expect.stringContaining('refused') },
    });
    expect(lastReasoning()).toHaveLength(3);

    const next = await ask(thinker, messages);
    expect(next).toMatchObject({ stop: 'tool-use' });
    expect(lastReasoning()).toEqual([]);

    expect(await ask(thinker, [...messages, ...told(next.content)])).toMatchObject({ stop: 'end-turn' });
    expect(lastReasoning()).toEqual([block(THOUGHTS[0] ?? '', seal(0), 0)]);
    expect(server.turnsLeft).toBe(0);
  });

  it('is not given to another vendor', async () => {
    const { thinker } = await open([...LOOKS, DONE]);
    const messages = await converse(thinker);
    for (const other of VENDORS) {
      if (other.model === model) continue;
      const server = await other.openServer([DONE]);
      closing.push(() => server.close());
      expect(await ask(other.model(server.url, 'other'), messages)).toMatchObject({ stop: 'end-turn' });
      expect(other.reasoningIn(server.requests[0]?.body ?? {})).toEqual([]);
    }
  });
});

describe('reasoning of Anthropic', () => {
  const anthropic = async (script: LoopbackScript, thinking?: 'none' | 'kept' | 'bound') => {
    const server = await openLoopbackAnthropic(script);
    closing.push(() => server.close());
    return { server, model: openAnthropic({ apiKey: 'k', baseUrl: server.url, modelId: 'm', thinking }) };
  };

  it.each([
    ['none', undefined],
    ['kept', { type: 'adaptive', display: 'summarized' }],
    [
      'bound',
      {
        type: 'adaptive',
        display: 'summarized',
        block_binding: { prefix_mismatch_behavior: 'drop_block' },
      },
    ],
  ] as const)('is asked for as the catalogue says: %s', async (thinking, asked) => {
    const { server, model } = await anthropic([DONE], thinking);
    expect(await ask(model, HELLO)).toMatchObject({ stop: 'end-turn' });
    expect(server.requests[0]?.body['thinking']).toEqual(asked);
  });

  it('that is bound is no reason to refuse a conversation behind other tools', async () => {
    const { server, model } = await anthropic([...LOOKS, DONE, DONE], 'bound');
    const messages = await converse(model);
    const request = { ...REQUEST, tools: [], messages };
    const events = await Array.fromAsync(model.stream(request, new AbortController().signal));
    expect(events.at(-1)).toMatchObject({ stop: 'end-turn' });
    expect(server.requests).toHaveLength(5);
  });

  it('that is redacted or hidden goes back', async () => {
    const { server, model } = await anthropic(
      [
        {
          reasoning: [
            { text: '', seal: 'hidden' },
            { text: '', seal: 'EmwK', redacted: true },
          ],
          say: 'So.',
        },
        DONE,
      ],
      'bound',
    );
    const { content } = await ask(model, HELLO);
    await ask(model, [...HELLO, ...told(content)]);
    expect(server.requests[1]?.body['messages']).toMatchObject([
      {},
      {
        content: [
          { type: 'thinking', thinking: '', signature: 'hidden' },
          { type: 'redacted_thinking', data: 'EmwK' },
          { type: 'text', text: 'So.' },
        ],
      },
      {},
    ]);
  });
});

describe('what OpenAI keeps', () => {
  const openai = async (script: LoopbackScript) => {
    const server = await openLoopbackOpenAi(script);
    closing.push(() => server.close());
    const model = (modelId: string) =>
      openOpenAi({ apiKey: 'k', baseUrl: server.url, modelId, thinking: 'kept' });
    return { server, model };
  };

  it('of reasoning goes to the model that made it, and to no other', async () => {
    const { server, model } = await openai([...LOOKS, DONE, DONE]);
    const messages = await converse(model('one'));
    expect(await ask(model('other'), messages)).toMatchObject({ stop: 'end-turn' });
    expect(JSON.stringify(server.requests.at(-1)?.body)).not.toContain('EqQB');
  });

  it('of a text is whether it was commentary or the answer', async () => {
    const { server, model } = await openai([
      { ...answer(0), phase: 'commentary' },
      { say: 'Done.', phase: 'final_answer' },
      DONE,
    ]);
    const one = model('one');
    await ask(one, await converse(one));
    const said = inputOf.parse(server.requests.at(-1)?.body).input.filter(({ role }) => role === 'assistant');
    expect(said).toEqual([
      { role: 'assistant', content: 'Looking.', phase: 'commentary' },
      { role: 'assistant', content: 'Done.', phase: 'final_answer' },
    ]);
  });
});
