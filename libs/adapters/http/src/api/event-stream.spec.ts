import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Followed, SessionEvent } from '@swe/domain/api';
import { eventStream } from './event-stream';

const eventOf = (seq: number): SessionEvent => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  type: 'tool.started',
  callId: `c${seq}`,
  name: 'bash',
});

/** Events without end, and how many were asked for. */
function source() {
  const asked = { count: 0, isOver: false };
  async function* events(): AsyncGenerator<Followed> {
    try {
      for (;;) {
        asked.count += 1;
        yield eventOf(asked.count);
      }
    } finally {
      asked.isOver = true;
    }
  }
  return { asked, events: events() };
}

const options = { maxBytes: Number.POSITIVE_INFINITY, onEnd() {}, onFailure() {} };

it('asks for no event before its reader is ready for it, and for none once they are gone', async () => {
  const { asked, events } = source();
  const reader = eventStream(events, options).getReader();
  await reader.read();
  for (let i = 0; i < 20; i += 1) await setImmediate();
  expect(asked.count).toBe(0);
  await reader.read();
  await reader.read();
  for (let i = 0; i < 20; i += 1) await setImmediate();
  expect(asked).toEqual({ count: 2, isOver: false });
  await reader.cancel();
  expect(asked).toEqual({ count: 2, isOver: true });
});

it('ends behind the event that comes to its limit, and says so', async () => {
  const { asked, events } = source();
  let ends = 0;
  const stream = eventStream(events, { ...options, maxBytes: 1, onEnd: () => (ends += 1) });
  const text = await new Response(stream).text();
  expect(text).toBe(`retry: 1000\n\nid: 1\nevent: tool.started\ndata: ${JSON.stringify(eventOf(1))}\n\n`);
  expect([asked.isOver, ends]).toEqual([true, 1]);
});

it('breaks off where events can’t be had, so that its reader comes back', async () => {
  const failure = new Error('the store is down');
  const told: unknown[] = [];
  async function* events(): AsyncGenerator<Followed> {
    yield eventOf(1);
    throw failure;
  }
  const stream = eventStream(events(), { ...options, onFailure: (error) => told.push(error) });
  await expect(new Response(stream).text()).rejects.toThrow();
  expect(told).toEqual([failure]);
});

it('fails in nothing when its reader goes while there is nothing new', async () => {
  const failures: unknown[] = [];
  const [asked, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  async function* events(): AsyncGenerator<Followed> {
    yield eventOf(1);
    asked.resolve();
    await over.promise;
  }
  const reader = eventStream(events(), {
    ...options,
    onEnd: () => over.resolve(),
    onFailure: (error) => failures.push(error),
  }).getReader();
  for (let frames = 0; frames < 2; frames += 1) await reader.read();
  const waiting = reader.read();
  await asked.promise;
  await reader.cancel();
  expect(await waiting).toMatchObject({ done: true });
  for (let i = 0; i < 20; i += 1) await setImmediate();
  expect(failures).toEqual([]);
});
