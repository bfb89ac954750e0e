import { expect, it } from '@jest/globals';
import { text, toolCallsOf } from '@swe/domain';
import type { ModelMessage } from '@swe/domain';
import { openLoopbackBedrock } from '@swe/testing/servers';
import type { LoopbackAnswer } from '@swe/testing/servers';
import { z } from 'zod';
import { ask, openClient, openModel, REQUEST } from './bedrock-fixture';

const STEPS = 6;
const TOOLS = [
  ...REQUEST.tools,
  { ...REQUEST.tools[0], name: 'wait', description: '', inputSchema: { type: 'object' } },
];
const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
const pdf = { type: 'document', name: 'a.pdf', mediaType: 'application/pdf', data: 'aGk=' } as const;
const block = z.looseObject({ cachePoint: z.unknown().optional() });
const body = z.looseObject({
  system: z.array(block),
  toolConfig: z.looseObject({ tools: z.array(block) }),
  messages: z.array(z.looseObject({ content: z.array(block) })),
});
type Body = z.infer<typeof body>;

/** Bodies of the requests of a conversation of several steps, the person speaking up in its midst. */
async function bodiesOfConversation(): Promise<readonly Body[]> {
  const answers = Array.from({ length: STEPS }, (_, i): LoopbackAnswer => ({
    reasoning: [{ text: `thought ${i}`, seal: `seal ${i}` }],
    calls: [
      { id: `call-${i}-1`, name: 'look', input: { at: i } },
      { id: `call-${i}-2`, name: 'wait', input: {} },
    ],
  }));
  const server = await openLoopbackBedrock(answers);
  const client = openClient(server.url);
  const model = openModel(client, { thinking: 'bound' });
  let messages: readonly ModelMessage[] = [{ role: 'user', content: [text('Hello.'), pdf] }];
  for (let step = 0; step < STEPS; step += 1) {
    const { stop, content, failure } = await ask(model, { messages, tools: TOOLS });
    expect([stop, failure]).toEqual(['tool-use', undefined]);
    const results = toolCallsOf(content).map(({ callId }) => ({
      type: 'tool-result' as const,
      callId,
      content: step === 4 ? [pdf] : [text(`seen ${step}`), image],
      isError: step === 2,
    }));
    messages = [
      ...messages,
      { role: 'assistant', content },
      { role: 'user', content: step === 3 ? [...results, text('Faster!'), pdf] : results },
    ];
  }
  client.destroy();
  await server.close();
  return server.requests.map((request) => body.parse(request.body));
}

const withoutPoints = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    Array.isArray(inner)
      ? inner.filter((each) => block.safeParse(each).data?.cachePoint === undefined)
      : inner,
  );

it('every request of a conversation begins with the bytes of the one before it', async () => {
  const bodies = await bodiesOfConversation();
  expect(bodies).toHaveLength(STEPS);
  for (const [i, after] of bodies.slice(1).entries()) {
    const before = bodies[i];
    expect(JSON.stringify([after.toolConfig, after.system])).toBe(
      JSON.stringify([before?.toolConfig, before?.system]),
    );
    const shared = after.messages.slice(0, before?.messages.length);
    expect(withoutPoints(shared)).toBe(withoutPoints(before?.messages));
  }
});

it('every request reads the cache where the one before it wrote it, within four points', async () => {
  const bodies = await bodiesOfConversation();
  const marked = (blocks: Body['system']): readonly number[] =>
    blocks.flatMap(({ cachePoint }, i) => (cachePoint === undefined ? [] : [i]));
  const markedMessages = ({ messages }: Body) =>
    messages.flatMap(({ content }, i) => marked(content).map((j) => [i, j === content.length - 1]));
  for (const [i, one] of bodies.entries()) {
    expect([marked(one.toolConfig.tools), marked(one.system)]).toEqual([[TOOLS.length], [1]]);
    const written = [one.messages.length - 1, true];
    const before = bodies[i - 1];
    expect(markedMessages(one)).toEqual(
      before === undefined ? [written] : [markedMessages(before).at(-1), written],
    );
  }
});

it('a model that caches nothing, or only some of it, gets no point where it would refuse one', async () => {
  const server = await openLoopbackBedrock([{ say: 'A' }, { say: 'B' }]);
  const client = openClient(server.url);
  await ask(openModel(client, { cachePoints: [] }));
  await ask(openModel(client, { cachePoints: ['system', 'messages'] }));
  client.destroy();
  await server.close();
  const points = server.requests.map(
    (request) => JSON.stringify(request.body).split('cachePoint').length - 1,
  );
  expect(points).toEqual([0, 2]);
  expect(JSON.stringify(server.requests[1]?.body['toolConfig'])).not.toContain('cachePoint');
});
