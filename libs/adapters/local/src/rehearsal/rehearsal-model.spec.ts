import { describe, expect, it } from '@jest/globals';
import { Fault, text, textOf } from '@swe/domain';
import type { LanguageModel, ModelEvent, ModelFinished, ModelRequest } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { REHEARSAL_SCRIPTS, RehearsalModel, rehearsalModel } from './rehearsal-model';

const request: ModelRequest = {
  system: 'You are an engineer.',
  tools: [],
  messages: [{ role: 'user', content: [text('forge://shop/issues/1')] }],
  maxOutputTokens: 1_000,
};

async function eventsOf(model: LanguageModel, signal = new AbortController().signal): Promise<ModelEvent[]> {
  return Array.fromAsync(model.stream(request, signal));
}

function finishOf(events: readonly ModelEvent[]): ModelFinished {
  const last = events.at(-1);
  if (last?.type !== 'finished') throw new Error('the stream has no end');
  return last;
}

const streamed = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.delta : '')).join('');

describe('rehearsalModel', () => {
  it('streams word by word what its answer says', async () => {
    const events = await eventsOf(rehearsalModel('fix-failing-test'));
    expect(events.length).toBeGreaterThan(20);
    expect(streamed(events)).toBe(textOf(finishOf(events).content));
    expect(streamed(events)).toContain('not an intelligence');
  });

  it('asks for tools by ids of its own', async () => {
    const { stop, content } = finishOf(await eventsOf(rehearsalModel('fix-failing-test')));
    expect(stop).toBe('tool-use');
    expect(content.slice(1)).toMatchObject([
      { type: 'tool-call', callId: 'rehearsal-1-1', name: 'report_progress' },
      {
        type: 'tool-call',
        callId: 'rehearsal-1-2',
        name: 'clone_repository',
        input: { repository: 'forge://shop' },
      },
    ]);
  });

  it('gives the same events for the same request', async () => {
    const model = rehearsalModel('fix-failing-test');
    expect(await eventsOf(model)).toEqual(await eventsOf(model));
    expect(await eventsOf(rehearsalModel('fix-failing-test'))).toEqual(await eventsOf(model));
  });

  it('estimates its usage', async () => {
    const { usage } = finishOf(await eventsOf(rehearsalModel('fix-failing-test')));
    expect(usage).toMatchObject({ cacheReadTokens: 0, cacheWriteTokens: 0 });
    expect(usage?.inputTokens).toBeGreaterThan(20);
    expect(usage?.outputTokens).toBeGreaterThan(20);
  });

  it('ends as cancelled before its first word when the signal is aborted', async () => {
    const events = await eventsOf(rehearsalModel('fix-failing-test'), AbortSignal.abort());
    expect(events).toMatchObject([{ type: 'finished', stop: 'cancelled', content: [] }]);
  });

  it('ends as cancelled while it waits for the next word, with the words it said', async () => {
    const clock = new ManualClock();
    const aborter = new AbortController();
    const events = eventsOf(rehearsalModel('fix-failing-test', { clock, wordMs: 40 }), aborter.signal);
    await clock.advance(100);
    aborter.abort();
    const given = await events;
    expect(streamed(given)).toBe('This is ');
    expect(finishOf(given)).toMatchObject({ stop: 'cancelled', content: [{ text: 'This is ' }] });
  });

  it('ends its turn when the script has no call', async () => {
    const model = new RehearsalModel('rehearsal/short', function* () {
      return { say: 'That is all.', gaveUp: false };
    });
    expect(finishOf(await eventsOf(model))).toMatchObject({
      stop: 'end-turn',
      content: [text('That is all.')],
    });
  });

  it('refuses when its script gave up, so that nobody takes its words for an answer', async () => {
    const model = new RehearsalModel('rehearsal/short', function* () {
      return { say: 'I cannot.', gaveUp: true };
    });
    expect(finishOf(await eventsOf(model))).toMatchObject({ stop: 'refusal', content: [text('I cannot.')] });
  });

  it('never throws: a script that fails is an error', async () => {
    const model = new RehearsalModel('rehearsal/broken', function* () {
      throw new Error('a bug');
    });
    const { stop, failure } = finishOf(await eventsOf(model));
    expect(stop).toBe('error');
    expect(failure).toMatchObject({ kind: 'invalid', message: expect.stringContaining('a bug') });
  });

  it.each(['nothing', 'toString', ''])('knows no script %j, and names those there are', (name) => {
    expect(() => rehearsalModel(name)).toThrow(Fault);
    expect(() => rehearsalModel(name)).toThrow(REHEARSAL_SCRIPTS.join(', '));
  });

  it('is named after its script', () => {
    expect(rehearsalModel('fix-failing-test').id).toBe('rehearsal/fix-failing-test');
  });
});
