import { expect, it } from '@jest/globals';
import { text, toolCallsOf } from '@swe/domain';
import type { ModelMessage, ModelRequest } from '@swe/domain';
import { openLoopbackAnthropic } from '@swe/testing/servers';
import type { LoopbackAnswer } from '@swe/testing/servers';
import { z } from 'zod';
import { openAnthropic } from './open-anthropic';

const STEPS = 6;
const REQUEST: Omit<ModelRequest, 'messages'> = {
  system: 'You are a test.',
  tools: [
    { name: 'look', description: 'Looks.', inputSchema: { type: 'object', properties: {} } },
    { name: 'wait', description: 'Waits.', inputSchema: { type: 'object', properties: {} } },
  ],
  maxOutputTokens: 256,
};
const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
const block = z.looseObject({ cache_control: z.unknown().optional() });
const body = z.looseObject({
  system: z.array(block),
  tools: z.array(block),
  messages: z.array(z.looseObject({ content: z.array(block) })),
});
type Body = z.infer<typeof body>;

/** Bodies of the requests of a conversation of several steps, the person speaking up in its midst. */
async function bodiesOfConversation(): Promise<readonly Body[]> {
  const answers = Array.from({ length: STEPS }, (_, i): LoopbackAnswer => ({
    reasoning: [{ text: `thought ${i}`, seal: `seal ${i}` }],
    calls: [
      { name: 'look', input: { at: i } },
      { name: 'wait', input: {} },
    ],
  }));
  const server = await openLoopbackAnthropic(answers);
  const model = openAnthropic({ apiKey: 'k', baseUrl: server.url, modelId: 'm', thinking: 'bound' });
  let messages: readonly ModelMessage[] = [{ role: 'user', content: [text('Hello.')] }];
  for (let step = 0; step < STEPS; step += 1) {
    const events = await Array.fromAsync(
      model.stream({ ...REQUEST, messages }, new AbortController().signal),
    );
    const last = events.at(-1);
    if (last?.type !== 'finished' || last.stop !== 'tool-use') throw new Error(JSON.stringify(last));
    const results = toolCallsOf(last.content).map(({ callId }) => ({
      type: 'tool-result' as const,
      callId,
      content: [text(`seen ${step}`), image],
      isError: step === 2,
    }));
    messages = [
      ...messages,
      { role: 'assistant', content: last.content },
      { role: 'user', content: step === 3 ? [...results, text('Faster!')] : results },
    ];
  }
  await server.close();
  return server.requests.map((request) => body.parse(request.body));
}

const withoutMarks = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (key === 'cache_control' ? undefined : inner));

it('every request of a conversation begins with the bytes of the one before it', async () => {
  const bodies = await bodiesOfConversation();
  for (const [i, after] of bodies.slice(1).entries()) {
    const before = bodies[i];
    expect(JSON.stringify([after.tools, after.system])).toBe(JSON.stringify([before?.tools, before?.system]));
    const shared = after.messages.slice(0, before?.messages.length);
    expect(withoutMarks(shared)).toBe(withoutMarks(before?.messages));
  }
});

it('every request reads the cache where the one before it wrote it, within four marks', async () => {
  const bodies = await bodiesOfConversation();
  const marksOf = ({ tools, system, messages }: Body) => ({
    tools: marked(tools),
    system: marked(system),
    messages: messages.flatMap(({ content }, i) => marked(content).map((j) => `${i}.${j}`)),
  });
  const marked = (blocks: Body['tools']): readonly number[] =>
    blocks.flatMap(({ cache_control }, i) => (cache_control === undefined ? [] : [i]));
  for (const [i, one] of bodies.entries()) {
    const marks = marksOf(one);
    expect([marks.tools, marks.system]).toEqual([[1], [0]]);
    const lastBlock = (one.messages.at(-1)?.content.length ?? 0) - 1;
    const written = `${one.messages.length - 1}.${lastBlock}`;
    const before = bodies[i - 1];
    expect(marks.messages).toEqual(
      before === undefined ? [written] : [marksOf(before).messages.at(-1), written],
    );
  }
});
