import { expect } from '@jest/globals';
import { textOf, toolCallsOf } from '@swe/domain';
import type { LanguageModel, ModelEvent, ModelFinished, ModelRequest } from '@swe/domain';
import type { Contract } from './run-contract';

/** What the vendor behind the model is made to do. */
export type ModelScenario =
  /** Answers in words. */
  | 'words'
  /** Answers in words and asks for two tools. */
  | 'tools'
  /** Refuses the call. */
  | 'failure'
  /** Is not there. */
  | 'unreached'
  /** Begins a tool call and breaks off in the middle of its input. */
  | 'broken'
  /** Says a word and then nothing more. */
  | 'silence';

export interface LanguageModelSubject {
  model(scenario: ModelScenario): LanguageModel;
}

const REQUEST: ModelRequest = {
  system: 'You are a test.',
  tools: [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object', properties: {} } }],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello.' }] }],
  maxOutputTokens: 256,
};
/** When to call it a hang: not an assertion on time, so far longer than what is promised. */
const PATIENCE_MS = 10_000;
const SCENARIOS: readonly ModelScenario[] = ['words', 'tools', 'failure', 'unreached', 'broken'];

async function eventsOf(model: LanguageModel, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.stream(REQUEST, signal)) events.push(event);
  return events;
}

async function endOf(model: LanguageModel): Promise<ModelFinished> {
  const last = (await eventsOf(model)).at(-1);
  if (last?.type !== 'finished') throw new Error('the stream ended without finished');
  return last;
}

export const languageModelContract = {
  'ends with exactly one `finished`, and nothing after it': async ({ model }) => {
    for (const scenario of SCENARIOS) {
      const events = await eventsOf(model(scenario));
      expect(events.filter(({ type }) => type === 'finished')).toHaveLength(1);
      expect(events.at(-1)?.type).toBe('finished');
    }
  },
  'never throws: failures end the stream with `error`, and say their kind': async ({ model }) => {
    const { stop, failure } = await endOf(model('failure'));
    expect(stop).toBe('error');
    expect(failure?.kind).toEqual(expect.any(String));
    expect(failure?.message).not.toBe('');
  },
  'streamed text adds up to the text of the answer': async ({ model }) => {
    const events = await eventsOf(model('words'));
    const streamed = events.flatMap((event) => (event.type === 'text' ? [event.delta] : []));
    const finished = events.find((event) => event.type === 'finished');
    expect(streamed.join('')).not.toBe('');
    expect(textOf(finished?.content ?? [])).toBe(streamed.join(''));
  },
  'an aborted signal ends the call within a second, as `cancelled`': async ({ model }) => {
    const controller = new AbortController();
    const stream = model('silence').stream(REQUEST, controller.signal)[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ type: 'text' });
    const ended = stream.next();
    controller.abort();
    // The vendor stays silent, so that it ends at all is the abort's doing.
    const deadline = new Promise((_, reject) =>
      AbortSignal.timeout(PATIENCE_MS).addEventListener('abort', () => reject(new Error('still running'))),
    );
    expect(await Promise.race([ended, deadline])).toMatchObject({
      value: { type: 'finished', stop: 'cancelled' },
    });
  },
  'a stream that breaks off is an `error` and never yields half a tool call': async ({ model }) => {
    const { stop, content } = await endOf(model('broken'));
    expect(stop).toBe('error');
    expect(toolCallsOf(content)).toEqual([]);
  },
  'tool calls end with `tool-use`, and only they do': async ({ model }) => {
    const asked = await endOf(model('tools'));
    expect(asked.stop).toBe('tool-use');
    expect(toolCallsOf(asked.content)).toHaveLength(2);
    expect((await endOf(model('words'))).stop).toBe('end-turn');
  },
  'usage comes in four tiers': async ({ model }) => {
    expect((await endOf(model('words'))).usage).toEqual({
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
      cacheReadTokens: expect.any(Number),
      cacheWriteTokens: expect.any(Number),
    });
  },
  'a call that the vendor refuses is said to be uncharged, one that breaks off is not': async ({ model }) => {
    expect((await endOf(model('failure'))).failure?.isUncharged).toBe(true);
    expect((await endOf(model('broken'))).failure?.isUncharged ?? false).toBe(false);
  },
  'a call that never reaches the vendor is said to be uncharged': async ({ model }) => {
    expect((await endOf(model('unreached'))).failure?.isUncharged).toBe(true);
  },
} satisfies Contract<LanguageModelSubject>;
