import { describe, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import type { AgentEvent, AssistantContent, LanguageModel, ModelEvent, ModelFinished } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { callModel } from './call-model';

const MAX_MS = 5_000;
const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
const call = (callId: string): AssistantContent => ({ type: 'tool-call', callId, name: 'bash', input: {} });
const finished = (stop: ModelFinished['stop'], ...content: AssistantContent[]): ModelFinished => ({
  type: 'finished',
  stop,
  content,
  usage,
});

type Stream = (signal: AbortSignal) => AsyncIterable<ModelEvent>;

async function* events(...all: ModelEvent[]): AsyncIterable<ModelEvent> {
  yield* all;
}

/** Starts the third call of a session on a model that streams what `stream` does. */
function start(stream: Stream) {
  const clock = new ManualClock();
  const observed: AgentEvent[] = [];
  const stop = new AbortController();
  const model: LanguageModel = { id: 'a/b', stream: (_request, signal) => stream(signal) };
  const request = { system: '', tools: [], messages: [], maxOutputTokens: 10 };
  const ports = { model, clock, observe: (event: AgentEvent) => observed.push(event) };
  const answer = callModel(ports, request, 3, MAX_MS, stop.signal);
  return { answer, clock, observed, stop };
}

const failed = (message: string) => ({
  type: 'finished',
  stop: 'error',
  content: [],
  failure: { kind: 'transient', message },
});

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Says a word and then nothing more until it is told to end. */
async function* obedient(signal: AbortSignal): AsyncIterable<ModelEvent> {
  yield { type: 'text', delta: 'Well' };
  await aborted(signal);
  yield finished('cancelled', text('Well'));
}

/** Says a word and never anything more. */
async function* deaf(): AsyncIterable<ModelEvent> {
  yield { type: 'text', delta: 'Well' };
  await new Promise(() => undefined);
}

describe('a model call', () => {
  it('gives the answer, and shows it while it comes', async () => {
    const { answer, observed, clock } = start(() =>
      events(
        { type: 'reasoning', delta: 'hm' },
        { type: 'text', delta: 'a' },
        { type: 'text', delta: 'b' },
        finished('end-turn', text('ab')),
      ),
    );
    expect(await answer).toEqual(finished('end-turn', text('ab')));
    expect(observed).toEqual([
      { type: 'reasoning.streamed', text: 'hm' },
      { type: 'text.streamed', text: 'a' },
      { type: 'text.streamed', text: 'b' },
    ]);
    expect(clock.sleeping).toBe(0);
  });

  it('numbers the tool calls itself: providers promise less than ids that are unique in a session', async () => {
    const { answer } = start(() => events(finished('tool-use', call('0'), text('and'), call('0'), call(''))));
    expect((await answer).content).toEqual([
      call('call-3-1'),
      text('and'),
      call('call-3-2'),
      call('call-3-3'),
    ]);
  });

  it.each<[string, Stream, string]>([
    [
      'ends early',
      () => events({ type: 'text', delta: 'a' }),
      'the model ended its stream without an answer',
    ],
    [
      'throws',
      async function* () {
        yield { type: 'text', delta: 'a' };
        throw new Error('socket hang up');
      },
      'socket hang up',
    ],
    [
      'throws at once',
      () => {
        throw new Error('no such model');
      },
      'no such model',
    ],
    [
      'throws what is no error',
      async function* () {
        yield* [];
        throw 'oops';
      },
      'oops',
    ],
  ])('is a failure when the stream %s', async (_name, stream, message) => {
    expect(await start(stream).answer).toEqual(failed(message));
  });

  it('takes the first answer of a stream that goes on', async () => {
    const { answer, observed } = start(() =>
      events(finished('end-turn', text('a')), { type: 'text', delta: 'b' }, finished('error')),
    );
    expect(await answer).toEqual(finished('end-turn', text('a')));
    expect(observed).toEqual([]);
  });

  it('passes on why the provider failed', async () => {
    const failure = { kind: 'throttled', message: 'slow down', retryAfterMs: 9 } as const;
    const { answer } = start(() => events({ ...finished('error'), failure }));
    expect(await answer).toEqual({ ...finished('error'), failure });
  });
});

describe('what an answer asked for decides how it ended, when a server confuses the two', () => {
  it.each<[ModelFinished['stop'], AssistantContent, ModelFinished['stop']]>([
    ['tool-use', text('Done.'), 'end-turn'],
    ['end-turn', call('x'), 'tool-use'],
    ['max-tokens', call('x'), 'max-tokens'],
  ])('%s with %j is %s', async (stop, content, expected) => {
    const { answer } = start(() => events(finished(stop, content)));
    expect((await answer).stop).toBe(expected);
  });
});

describe('a model call that takes too long', () => {
  it('is ended as a failure that says so, and keeps what it cost', async () => {
    const { answer, clock } = start(obedient);
    await clock.advance(MAX_MS);
    expect(await answer).toEqual({
      ...failed('the model did not finish its answer within 5 seconds'),
      usage,
    });
    expect(clock.sleeping).toBe(0);
  });

  it('is ended also when the model does not listen', async () => {
    const { answer, clock } = start(deaf);
    await clock.advance(MAX_MS + 2_000);
    expect(await answer).toEqual(failed('the model did not finish its answer within 5 seconds'));
  });

  it.each<ModelFinished['stop']>(['end-turn', 'max-tokens', 'refusal'])(
    'counts when its answer came whole just then: %s',
    async (stop) => {
      const { answer, clock } = start(async function* (signal) {
        await aborted(signal);
        yield finished(stop, text('done'));
      });
      await clock.advance(MAX_MS);
      expect(await answer).toEqual(finished(stop, text('done')));
    },
  );
});

describe('a stopped model call', () => {
  it('keeps what was said, and what it cost', async () => {
    const { answer, clock, stop } = start(obedient);
    await clock.advance(0);
    stop.abort();
    expect(await answer).toEqual(finished('cancelled', text('Well')));
  });

  it('ends also when the model does not listen, and shows nothing more', async () => {
    let speak = (): void => undefined;
    const { answer, clock, stop, observed } = start(async function* () {
      await new Promise<void>((resolve) => (speak = resolve));
      yield { type: 'text', delta: 'too late' };
    });
    await clock.advance(0);
    stop.abort();
    await clock.advance(2_000);
    expect(await answer).toMatchObject({ stop: 'cancelled', content: [] });
    speak();
    await clock.advance(0);
    expect(observed).toEqual([]);
  });

  it('is stopped, not failed, when the stream breaks by it', async () => {
    const { answer, clock, stop } = start(async function* (signal) {
      yield { type: 'text', delta: 'Well' };
      await aborted(signal);
      throw new Error('AbortError');
    });
    await clock.advance(0);
    stop.abort();
    const { failure, ...rest } = await answer;
    expect(failure).toBeUndefined();
    expect(rest).toMatchObject({ stop: 'cancelled', content: [] });
  });

  it('is stopped when it was before it began', async () => {
    const stop = AbortSignal.abort();
    const clock = new ManualClock();
    const model: LanguageModel = { id: 'a/b', stream: deaf };
    const request = { system: '', tools: [], messages: [], maxOutputTokens: 10 };
    const answer = callModel({ model, clock, observe: () => undefined }, request, 1, MAX_MS, stop);
    await clock.advance(2_000);
    expect(await answer).toMatchObject({ stop: 'cancelled' });
  });
});
