import { afterEach, describe, expect, it } from '@jest/globals';
import { assistantContent } from '@swe/domain';
import type { AssistantContent, LanguageModel, ModelMessage } from '@swe/domain';
import { openLoopbackBedrock } from '@swe/testing/servers';
import type { LoopbackAnswer, LoopbackScript, LoopbackServer } from '@swe/testing/servers';
import { z } from 'zod';
import { ask, openClient, openModel, REQUEST, told } from './bedrock-fixture';
import type { BedrockOptions } from './bedrock-language-model';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(script: LoopbackScript, options: Partial<BedrockOptions> = { thinking: 'bound' }) {
  const server = await openLoopbackBedrock(script);
  const client = openClient(server.url);
  closing.push(
    () => server.close(),
    () => client.destroy(),
  );
  return { server, client, model: openModel(client, options) };
}

const messagesOf = z.object({ messages: z.array(z.object({ content: z.array(z.looseObject({})) })) });

/** The reasoning of the last request. */
function reasoningIn({ requests }: LoopbackServer): readonly unknown[] {
  return messagesOf
    .parse(requests.at(-1)?.body)
    .messages.flatMap(({ content }) => content)
    .flatMap(({ reasoningContent }) => reasoningContent ?? []);
}

const THOUGHTS = ['I see.\n ', 'Ünd so\u2028on "quoted"', 'third'];
const seal = (i: number): string => `EqQB/+=${i}`;
const given = (i: number) => ({ reasoningText: { text: THOUGHTS[i], signature: seal(i) } });
const answer = (i: number): LoopbackAnswer => ({
  reasoning: [{ text: THOUGHTS[i] ?? '', seal: seal(i) }],
  say: 'Looking.',
  calls: [{ id: `call-${i}`, name: 'look', input: { at: i } }],
});
const LOOKS = THOUGHTS.map((_, i) => answer(i));
const DONE: LoopbackAnswer = { say: 'Done.' };
const HELLO = REQUEST.messages;

/** As it is read from a journal. */
const stored = (content: readonly AssistantContent[]): AssistantContent[] =>
  z.array(assistantContent).parse(JSON.parse(JSON.stringify(content)));

/** Takes step after step until the model asks for nothing more. */
async function converse(model: LanguageModel): Promise<readonly ModelMessage[]> {
  let messages = HELLO;
  for (;;) {
    const { stop, content, failure } = await ask(model, { messages });
    expect(failure).toBeUndefined();
    messages = [...messages, ...told(stored(content))];
    if (stop !== 'tool-use') return messages;
  }
}

describe('reasoning of Claude on Bedrock', () => {
  it('goes back byte for byte with every step, through the journal', async () => {
    const { model, server } = await open([...LOOKS, DONE]);
    await converse(model);
    expect(server.requests).toHaveLength(4);
    expect(reasoningIn(server)).toEqual(THOUGHTS.map((_, i) => given(i)));
  });

  it('that is redacted or hidden goes back, also in several pieces', async () => {
    const sealed = Buffer.from([0, 255, 128, 7]).toString('base64');
    const { model, server } = await open([
      {
        reasoning: [
          { text: '', seal: 'hidden' },
          { text: '', seal: sealed, redacted: true },
        ],
        say: 'So.',
      },
      DONE,
    ]);
    const { content } = await ask(model);
    expect(content.slice(0, 2)).toMatchObject([
      { text: '', opaque: { signature: 'hidden' } },
      { text: '', opaque: { redactedContent: sealed } },
    ]);
    expect(await ask(model, { messages: [...HELLO, ...told(stored(content))] })).toMatchObject({
      stop: 'end-turn',
    });
    expect(reasoningIn(server)).toEqual([
      { reasoningText: { text: '', signature: 'hidden' } },
      { redactedContent: sealed },
    ]);
  });

  it('is refused when it was altered, and from then on left out', async () => {
    const { model, server } = await open([...LOOKS, DONE, answer(0), DONE]);
    const messages = (await converse(model)).map((message): ModelMessage =>
      message.role === 'user'
        ? message
        : {
            ...message,
            content: message.content.map((part) =>
              part.type === 'reasoning' ? { ...part, opaque: { signature: 'EqQC' } } : part,
            ),
          },
    );
    expect(await ask(model, { messages })).toMatchObject({
      stop: 'error',
      content: [],
      failure: { kind: 'transient', message: expect.stringContaining('refused') },
    });
    expect(reasoningIn(server)).toHaveLength(3);

    const next = await ask(model, { messages });
    expect(next).toMatchObject({ stop: 'tool-use' });
    expect(reasoningIn(server)).toEqual([]);

    expect(await ask(model, { messages: [...messages, ...told(next.content)] })).toMatchObject({
      stop: 'end-turn',
    });
    expect(reasoningIn(server)).toEqual([given(0)]);
    expect(server.turnsLeft).toBe(0);
  });

  it.each([
    ['costs one try behind other tools', [], ['error', 'end-turn']],
    [
      'costs none where the catalogue asks to have it dropped',
      ['thinking-binding-controls-2026-08-01'],
      ['end-turn', 'end-turn'],
    ],
  ])('that is bound %s', async (_name, betas, stops) => {
    const { model } = await open([...LOOKS, DONE, DONE, DONE], { thinking: 'bound', betas });
    const messages = await converse(model);
    const tools = [...REQUEST.tools, { name: 'new', description: 'New.', inputSchema: { type: 'object' } }];
    const tries = [await ask(model, { messages, tools }), await ask(model, { messages, tools })];
    expect(tries.map(({ stop }) => stop)).toEqual(stops);
    expect(tries[0]?.failure?.kind).toBe(stops[0] === 'error' ? 'transient' : undefined);
  });

  it('is given to another Claude, and to no model of another vendor', async () => {
    const { model, server, client } = await open([...LOOKS, DONE, DONE, DONE]);
    const messages = await converse(model);
    await ask(openModel(client, { modelId: 'eu.anthropic.claude-sonnet-5-5', thinking: 'bound' }), {
      messages,
    });
    expect(reasoningIn(server)).toHaveLength(3);
    await ask(openModel(client, { modelId: 'us.amazon.nova-pro-v1:0' }), { messages });
    expect(reasoningIn(server)).toEqual([]);
  });

  it('without a seal stays here: Nova gives some, and refuses it', async () => {
    const { model, server } = await open([{ reasoning: [{ text: 'hm' }], say: 'A' }, DONE]);
    const { content } = await ask(model);
    expect(content[0]).toMatchObject({ type: 'reasoning', text: 'hm', opaque: null });
    await ask(model, { messages: [...HELLO, ...told(content)] });
    expect(reasoningIn(server)).toEqual([]);
  });
});

describe('a model with a budget', () => {
  it('thinks between its calls as long as its thinking goes back with them', async () => {
    const { model, server } = await open([...LOOKS, DONE], { thinking: 'budgeted' });
    await converse(model);
    const asked = server.requests.map(({ body }) => JSON.stringify(body['additionalModelRequestFields']));
    expect(new Set(asked)).toEqual(new Set(['{"thinking":{"type":"enabled","budget_tokens":2048}}']));
  });

  it('is not asked to think behind calls of another vendor’s, where it would refuse', async () => {
    const { model, server } = await open([DONE, DONE], { thinking: 'budgeted' });
    const call = { type: 'tool-call', callId: 'c', name: 'look', input: {} } as const;
    const messages = [...HELLO, ...told([call])];
    expect(await ask(model, { messages })).toMatchObject({ stop: 'end-turn' });
    expect(server.requests[0]?.body['additionalModelRequestFields']).toBeUndefined();

    expect(
      await ask(model, { messages: [...messages, ...told([{ type: 'text', text: 'A' }])] }),
    ).toMatchObject({
      stop: 'end-turn',
    });
    expect(server.requests[1]?.body['additionalModelRequestFields']).toBeDefined();
  });
});
