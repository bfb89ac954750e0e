import { expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import type { ModelMessage } from '@swe/domain';
import { ScriptedLanguageModel } from '@swe/testing/memory';
import { withinLimits } from './within-limits';

const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
const result = (content: (typeof image | ReturnType<typeof text>)[]) =>
  ({ type: 'tool-result', callId: 'c', content, isError: false }) as const;
const CONVERSATION: readonly ModelMessage[] = [
  { role: 'user', content: [text('Look.'), image] },
  { role: 'assistant', content: [{ type: 'tool-call', callId: 'c', name: 'view_image', input: {} }] },
  { role: 'user', content: [result([text('a.png'), image]), text('And?')] },
];

async function asked({ contextTokens = 1_000_000, maxOutputTokens = 64_000, seesImages = true }) {
  const limits = { contextTokens, maxOutputTokens, seesImages };
  const model = new ScriptedLanguageModel([{ say: 'Fine.' }]);
  const request = { system: '', tools: [], messages: CONVERSATION, maxOutputTokens: 16_000 };
  await Array.fromAsync(withinLimits(model, limits).stream(request, new AbortController().signal));
  return model.requests[0]!;
}

it.each([
  ['its limit', { maxOutputTokens: 4_000 }, 4_000],
  ['what the turn may use', {}, 16_000],
  ['a quarter of its context', { contextTokens: 8_192 }, 2_048],
  ['one token of a context that has none to spare', { contextTokens: 3 }, 1],
])('a model is asked for no longer an answer than %s', async (_name, limits, most) => {
  expect((await asked(limits)).maxOutputTokens).toBe(most);
});

it('a model that sees pictures gets them', async () => {
  expect((await asked({ seesImages: true })).messages).toEqual(CONVERSATION);
});

it('a model that sees none is told where one was, in words and in results', async () => {
  const { messages } = await asked({ seesImages: false });
  const note = { type: 'text', text: expect.stringContaining('cannot see pictures') };
  expect(messages).toEqual([
    { role: 'user', content: [text('Look.'), note] },
    CONVERSATION[1],
    { role: 'user', content: [{ ...result([]), content: [text('a.png'), note] }, text('And?')] },
  ]);
});
