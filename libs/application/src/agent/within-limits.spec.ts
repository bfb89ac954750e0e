import { expect, it } from '@jest/globals';
import { filesOf, text } from '@swe/domain';
import type { ModelFacts, ModelMessage, UserContent } from '@swe/domain';
import { ScriptedLanguageModel } from '@swe/testing/memory';
import { withinLimits } from './within-limits';

const pdf = { type: 'document', name: 'a.pdf', mediaType: 'application/pdf', data: 'aGk=' } as const;
const table = { type: 'document', name: 'a.csv', mediaType: 'text/csv', data: 'aGk=' } as const;
const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
const result = (content: UserContent[]) =>
  ({ type: 'tool-result', callId: 'c', content, isError: false }) as const;
const CONVERSATION: readonly ModelMessage[] = [
  { role: 'user', content: [text('Look.'), image] },
  { role: 'assistant', content: [{ type: 'tool-call', callId: 'c', name: 'view_file', input: {} }] },
  { role: 'user', content: [result([text('a.png'), image]), text('And?')] },
];

const FACTS = { contextTokens: 1_000_000, maxOutputTokens: 64_000, seesImages: true };

async function asked(facts: Partial<ModelFacts>, messages = CONVERSATION) {
  const limits = { ...FACTS, ...facts };
  const model = new ScriptedLanguageModel([{ say: 'Fine.' }]);
  const request = { system: '', tools: [], messages, maxOutputTokens: 16_000 };
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
  const note = { type: 'text', text: expect.stringContaining('you cannot see such files') };
  expect(messages).toEqual([
    { role: 'user', content: [text('Look.'), note] },
    CONVERSATION[1],
    { role: 'user', content: [{ ...result([]), content: [text('a.png'), note] }, text('And?')] },
  ]);
});

it('a model gets the documents that it reads, and those that an adapter sends as text', async () => {
  const documents = { mediaTypes: ['application/pdf' as const], maxBytes: 1, maxPages: 1 };
  const messages: ModelMessage[] = [{ role: 'user', content: [text('Look.'), pdf, table] }];
  expect((await asked({ documents }, messages)).messages).toEqual(messages);
  expect(filesOf((await asked({}, messages)).messages)).toEqual([table]);
});

it('a model gets the newest files, as many as a request may hold', async () => {
  const messages = Array.from({ length: 99 }, (): ModelMessage => ({ role: 'user', content: [image] }));
  expect(filesOf((await asked({}, messages)).messages).length).toBeLessThanOrEqual(20);
});
