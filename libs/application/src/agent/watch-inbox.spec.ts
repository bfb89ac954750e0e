import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { InboxItem, MessageBody } from '@swe/domain';
import { ManualClock, MemoryEventBus, MemorySessionStore } from '@swe/testing/memory';
import { watchInbox } from './watch-inbox';

const POLL_MS = 1_000;
const STOP = { kind: 'command', command: 'stop' } as const;

async function openWatch({ cursor = 0, before = [] as readonly string[] } = {}) {
  const store = new MemorySessionStore();
  const bus = new MemoryEventBus();
  const clock = new ManualClock();
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (event: string) => warnings.push(event),
    error() {},
    with: () => logger,
  };
  const down: { times: number; error: Error } = {
    times: 0,
    error: new Fault('transient', 'the store is down'),
  };
  const reads = { count: 0 };
  let messages = 0;

  async function receive(body: MessageBody): Promise<string> {
    messages += 1;
    const from = { origin: 'terminal:1', requester: 'local:ada', addressed: true, receivedAtMs: 0 };
    return (await store.receive({ ...from, messageKey: `m${messages}`, body })).sessionId;
  }

  const sessionId = await receive({ kind: 'text', text: 'first' });
  for (const text of before) await receive({ kind: 'text', text });
  const failing: Pick<MemorySessionStore, 'readInbox'> = {
    readInbox: async (id, after) => {
      reads.count += 1;
      if (down.times > 0) {
        down.times -= 1;
        throw down.error;
      }
      return store.readInbox(id, after);
    },
  };
  const ports = { bus, clock, logger, store: failing as MemorySessionStore };
  const watch = await watchInbox(ports, sessionId, cursor, POLL_MS);
  await clock.advance(0);
  return {
    watch,
    clock,
    warnings,
    down,
    reads,
    receive,
    hint: () => bus.publish(sessionId),
    took: () => watch.take().map(wordsOf),
  };
}

function wordsOf({ body }: InboxItem): string {
  return body.kind === 'text' ? body.text : body.command;
}

const say = (text: string): MessageBody => ({ kind: 'text', text });

describe('a watched inbox', () => {
  it('gives what was there before, once, in order', async () => {
    const { watch, took } = await openWatch({ before: ['second', 'third'] });
    expect(took()).toEqual(['first', 'second', 'third']);
    expect(took()).toEqual([]);
    await watch.close();
  });

  it('leaves out what was admitted already', async () => {
    const { watch, took } = await openWatch({ cursor: 1, before: ['second'] });
    expect(took()).toEqual(['second']);
    await watch.close();
  });

  it('gives a message at once when it is hinted', async () => {
    const { watch, clock, receive, hint, took } = await openWatch({ cursor: 1 });
    await receive(say('hinted'));
    await hint();
    await clock.advance(0);
    expect(took()).toEqual(['hinted']);
    await watch.close();
  });

  it('gives a message at the next poll when its hint is lost', async () => {
    const { watch, clock, receive, took } = await openWatch({ cursor: 1 });
    await receive(say('unhinted'));
    await clock.advance(POLL_MS - 1);
    expect(took()).toEqual([]);
    await clock.advance(1);
    expect(took()).toEqual(['unhinted']);
    await watch.close();
  });

  it('gives a message when it is asked to look', async () => {
    const { watch, receive, took } = await openWatch({ cursor: 1 });
    await receive(say('looked for'));
    await watch.look();
    expect(took()).toEqual(['looked for']);
    await watch.close();
  });

  it('gives each message once, however many looks, hints and polls there are', async () => {
    const { watch, clock, receive, hint, took } = await openWatch({ cursor: 1 });
    await receive(say('once'));
    await Promise.all([watch.look(), hint(), watch.look()]);
    await clock.advance(5 * POLL_MS);
    expect(took()).toEqual(['once']);
    await watch.close();
  });

  it('gives messages up to the first command: what follows a stop is for the next turn', async () => {
    const { watch, receive, took } = await openWatch({ cursor: 1 });
    for (const body of [say('a'), STOP, say('b'), STOP]) await receive(body);
    await watch.look();
    expect(took()).toEqual(['a', 'stop']);
    expect(took()).toEqual(['b', 'stop']);
    await watch.close();
  });

  it('tells listeners of each message as it arrives, until they leave', async () => {
    const { watch, receive, took } = await openWatch({ before: ['second'] });
    const heard: string[] = [];
    const leave = watch.onArrival((item) => heard.push(wordsOf(item)));
    await receive(say('third'));
    await watch.look();
    leave();
    await receive(say('fourth'));
    await watch.look();
    expect(heard).toEqual(['third']);
    expect(took()).toEqual(['first', 'second', 'third', 'fourth']);
    await watch.close();
  });

  it('loses nothing while the store is down, and says once that it is', async () => {
    const { watch, clock, receive, down, warnings, took } = await openWatch({ cursor: 1 });
    down.times = 2;
    await receive(say('late'));
    await clock.advance(2 * POLL_MS);
    expect(took()).toEqual([]);
    await clock.advance(POLL_MS);
    expect(took()).toEqual(['late']);
    expect(warnings).toEqual(['inbox.unreadable']);
    await watch.close();
  });

  it('tells who looks of what is no outage but a bug', async () => {
    const { watch, down } = await openWatch();
    Object.assign(down, { times: 1, error: new TypeError('a bug') });
    await expect(watch.look()).rejects.toThrow('a bug');
    await watch.close();
  });

  it('reads nothing more once it is closed', async () => {
    const { watch, clock, reads, hint } = await openWatch();
    await watch.close();
    const before = reads.count;
    await hint();
    await clock.advance(10 * POLL_MS);
    expect(reads.count).toBe(before);
    expect(clock.sleeping).toBe(0);
  });
});
