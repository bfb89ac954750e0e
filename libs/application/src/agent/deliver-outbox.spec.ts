import { describe, expect, it } from '@jest/globals';
import { apiOrigin, Fault, reactionEntry } from '@swe/domain';
import type { AgentEvent, Chat, Reaction } from '@swe/domain';
import { ManualClock, MemoryBlobStore, MemoryChat, MemoryOutbox } from '@swe/testing/memory';
import { deliverOutbox } from './deliver-outbox';

const THREAD = 'terminal:1';
const LAPSED_MS = 60_000;
const A = { sessionId: 's1', effectKey: 'a' };

/** An outbox with `bodies` in it, keyed by themselves, and a chat that counts its calls. */
async function openOutbox(...bodies: string[]) {
  const outbox = new MemoryOutbox();
  const memory = new MemoryChat();
  const clock = new ManualClock();
  const warnings: unknown[] = [];
  const calls: string[] = [];
  const events: AgentEvent[] = [];
  const down = new Set<string>();
  const logger = {
    debug() {},
    info() {},
    warn: (event: string, fields: unknown) => warnings.push([event, fields]),
    error() {},
    with: () => logger,
  };
  const chat: Chat = {
    maxBodyLength: memory.maxBodyLength,
    maxAttachmentBytes: memory.maxAttachmentBytes,
    attach: (...args) => memory.attach(...args),
    edit: (...args) => memory.edit(...args),
    react: (...args) => memory.react(...args),
    fetch: (...args) => memory.fetch(...args),
    post: async (destination, post, effectKey) => {
      calls.push(`post ${effectKey}`);
      if (down.has(effectKey)) throw new Fault('transient', 'the chat is down');
      if (post.body.startsWith('too long')) throw new Fault('invalid', 'the chat will never take it');
      return memory.post(destination, post, effectKey);
    },
    find: async (destination, effectKey) => {
      calls.push(`find ${effectKey}`);
      return memory.find(destination, effectKey);
    },
  };
  for (const body of bodies) {
    const entry = { effectKey: body, sessionId: 's1', destination: THREAD, class: 'message', body } as const;
    await outbox.put({ ...entry, createdAtMs: clock.nowMs() });
  }
  const blobs = new MemoryBlobStore();
  const random = { fraction: () => 0.5 };
  const ports = {
    outbox,
    chat,
    blobs,
    clock,
    random,
    logger,
    observe: (event: AgentEvent) => events.push(event),
  };
  return {
    outbox,
    blobs,
    memory,
    clock,
    warnings,
    calls,
    events,
    down,
    deliver: (deliverer: { name: string; fence?: number } = { name: 'agent-1' }) =>
      deliverOutbox(ports, 's1', deliverer),
    seen: () => memory.seen(THREAD),
    left: async () => (await outbox.listUndelivered('s1')).map(({ entry }) => entry.effectKey),
  };
}

describe('what people are to see', () => {
  it('is posted in order, once, without looking for it first', async () => {
    const world = await openOutbox('a', 'b');
    await world.deliver();
    await world.deliver();
    expect(world.seen()).toEqual(['a', 'b']);
    expect(world.calls).toEqual(['post a', 'post b']);
    expect(world.events).toEqual([
      { type: 'post.delivered', effectKey: 'a', body: 'a' },
      { type: 'post.delivered', effectKey: 'b', body: 'b' },
    ]);
    expect(await world.left()).toEqual([]);
  });

  it('is left where it is for a client of the API, who reads it there', async () => {
    const world = await openOutbox();
    const destination = apiOrigin('k1', 'once');
    const entry = { effectKey: 'a', sessionId: 's1', destination, class: 'message', body: 'a' } as const;
    await world.outbox.put({ ...entry, createdAtMs: 0 });
    expect(await world.deliver()).toBeUndefined();
    expect([world.calls, await world.left()]).toEqual([[], []]);
    // Whoever works on it at a terminal sees it there.
    expect(world.events).toEqual([{ type: 'post.delivered', effectKey: 'a', body: 'a' }]);
    expect((await world.outbox.find(A))?.body).toBe('a');
  });

  it('takes its file along', async () => {
    const { outbox, blobs, memory, deliver, events } = await openOutbox();
    const attachment = { name: 'shot.png', blobKey: 'attachment/1' };
    await blobs.put('s1', attachment.blobKey, Uint8Array.of(1, 2));
    const entry = { effectKey: 'a', sessionId: 's1', destination: THREAD, class: 'message' } as const;
    await outbox.put({ ...entry, body: 'The page.', attachment, createdAtMs: 0 });
    expect(await deliver()).toBeUndefined();
    expect(memory.seen(THREAD)).toEqual(['The page.']);
    expect(memory.files(THREAD)).toEqual([{ name: 'shot.png', bytes: Uint8Array.of(1, 2) }]);
    const receipt = await memory.find(THREAD, 'a');
    expect(events).toEqual([
      { type: 'post.delivered', effectKey: 'a', body: 'The page.', attachment: receipt },
    ]);
  });

  it.each([
    ['damaged', (blobs: MemoryBlobStore) => void (blobs.stored('s1', 'attachment/1').bytes[0]! ^= 1)],
    ['gone', (blobs: MemoryBlobStore) => blobs.deleteSession('s1')],
  ])('is said although its file is %s, and that is said too', async (why, lose) => {
    const { outbox, blobs, memory, deliver, events, warnings, left } = await openOutbox();
    const attachment = { name: 'shot.png', blobKey: 'attachment/1' };
    await blobs.put('s1', attachment.blobKey, Uint8Array.of(1, 2));
    await lose(blobs);
    const entry = { effectKey: 'a', sessionId: 's1', destination: THREAD, class: 'message' } as const;
    await outbox.put({ ...entry, body: 'The page.', attachment, createdAtMs: 0 });
    expect(await deliver()).toBeUndefined();
    const body = `The page.\n\nThe file shot.png can't be attached: what was kept of it is ${why}.`;
    expect(memory.seen(THREAD)).toEqual([body]);
    expect(events).toEqual([{ type: 'post.delivered', effectKey: 'a', body }]);
    const reason = expect.stringContaining('attachment/1');
    expect(warnings).toMatchObject([['attachment.lost', { sessionId: 's1', reason }]]);
    expect(await left()).toEqual([]);
  });

  it.each([
    ['posted again when its claimant died before the post', false, ['find a', 'post a']],
    ['found, not posted again, when its claimant died after the post', true, ['find a']],
  ])('is %s', async (_name, wasPosted, calls) => {
    const world = await openOutbox('a');
    const nowMs = world.clock.nowMs();
    await world.outbox.claim(A, { name: 'agent-0', lapsesAtMs: nowMs + LAPSED_MS }, nowMs);
    if (wasPosted) await world.memory.post(THREAD, { body: 'a' }, 'a');
    await world.clock.advance(LAPSED_MS);
    await world.deliver();
    expect(world.calls).toEqual(calls);
    expect(world.seen()).toEqual(['a']);
    expect(await world.left()).toEqual([]);
  });

  it('is looked up only once nothing can be under way to the chat from a claimant that died', async () => {
    const world = await openOutbox('a');
    const nowMs = world.clock.nowMs();
    const dead = { name: 'agent-0', fence: 0, lapsesAtMs: nowMs + LAPSED_MS };
    await world.outbox.claim(A, dead, nowMs);
    const next = { name: 'agent-1', fence: 1 };
    expect(await world.deliver(next)).toBe(nowMs + 10_000);
    await world.memory.post(THREAD, { body: 'a' }, 'a');
    await world.clock.advance(10_000);
    expect(await world.deliver(next)).toBeUndefined();
    expect(world.seen()).toEqual(['a']);
  });

  it('holds up no other when the chat will never take it, and a notice stands in its place', async () => {
    const world = await openOutbox('a', 'too long', 'b');
    expect(await world.deliver()).toBeUndefined();
    expect(world.seen()).toEqual(['a', expect.stringContaining('the chat will never take it'), 'b']);
    expect(await world.left()).toEqual([]);
    expect(world.warnings).toMatchObject([['post.refused', { effectKey: 'too long', kind: 'invalid' }]]);
  });

  it('has its notice once, also when its claimant died behind that', async () => {
    const world = await openOutbox('too long');
    const nowMs = world.clock.nowMs();
    const key = { sessionId: 's1', effectKey: 'too long' };
    await world.outbox.claim(key, { name: 'agent-0', lapsesAtMs: nowMs + LAPSED_MS }, nowMs);
    await world.memory.post(THREAD, { body: 'It is not here.' }, 'too long/refused');
    await world.clock.advance(LAPSED_MS);
    await world.deliver();
    expect(world.seen()).toEqual(['It is not here.']);
    expect(await world.left()).toEqual([]);
  });

  it('has its notice later, when the chat is down by then', async () => {
    const world = await openOutbox('too long');
    world.down.add('too long/refused');
    await world.deliver();
    expect(await world.left()).toEqual(['too long']);
    world.down.clear();
    await world.clock.advance(500);
    await world.deliver();
    expect(world.seen()).toHaveLength(1);
    expect(await world.left()).toEqual([]);
  });

  it('waits, with what comes behind it, while the chat is down', async () => {
    const world = await openOutbox('a', 'b', 'c');
    world.down.add('b');
    await world.deliver();
    expect(world.seen()).toEqual(['a']);
    expect(world.warnings).toEqual([
      ['post.delayed', { sessionId: 's1', effectKey: 'b', kind: 'transient', reason: 'the chat is down' }],
    ]);
    world.down.clear();
    await world.deliver();
    expect(world.seen()).toEqual(['a']);
    await world.clock.advance(500);
    await world.deliver();
    expect(world.seen()).toEqual(['a', 'b', 'c']);
    expect(world.calls.filter((call) => call.endsWith('b'))).toEqual(['post b', 'find b', 'post b']);
  });

  it('is left to another claimant until its claim lapses', async () => {
    const world = await openOutbox('a', 'b');
    const nowMs = world.clock.nowMs();
    await world.outbox.claim(A, { name: 'agent-0', lapsesAtMs: nowMs + LAPSED_MS }, nowMs);
    await world.deliver();
    expect(world.calls).toEqual([]);
    await world.clock.advance(LAPSED_MS);
    await world.deliver();
    expect(world.seen()).toEqual(['a', 'b']);
  });

  it('is taken over from an agent whose fence is older, before its claim lapses', async () => {
    const world = await openOutbox('a');
    const nowMs = world.clock.nowMs();
    const dead = { name: 'agent-0', fence: 1, lapsesAtMs: nowMs + LAPSED_MS };
    await world.outbox.claim(A, dead, nowMs);
    await world.memory.post(THREAD, { body: 'a' }, 'a');
    await world.clock.advance(10_000);
    await world.deliver({ name: 'agent-1', fence: 2 });
    expect(world.calls).toEqual(['find a']);
    expect(world.seen()).toEqual(['a']);
    expect(await world.left()).toEqual([]);
  });

  it('goes in parts when it is long, and only those that are missing are posted after a crash', async () => {
    const line = 'x'.repeat(1_500);
    const long = [line, line, line, line].join('\n');
    const world = await openOutbox(long);
    world.down.add(`${long}#2`);
    await world.deliver();
    expect(world.seen()).toHaveLength(1);
    world.down.clear();
    await world.clock.advance(LAPSED_MS);
    await world.deliver();
    expect(world.seen().join('\n')).toBe(long);
    expect(world.calls.filter((call) => call.startsWith('post'))).toHaveLength(3);
    expect(await world.left()).toEqual([]);
  });

  it('is a beginning with the whole of it attached when it is very long', async () => {
    const { outbox, memory, deliver, seen } = await openOutbox();
    const body = Array.from(
      { length: 40 },
      (_, n) => `${n} ${'word '.repeat(memory.maxBodyLength / 40)}`,
    ).join('\n\n');
    const entry = { effectKey: 'a', sessionId: 's1', destination: THREAD, class: 'message', body } as const;
    await outbox.put({ ...entry, createdAtMs: 0 });
    await deliver();
    expect(await seen()).toEqual([expect.stringContaining('The whole answer is in the attached file')]);
    const [file] = memory.files(THREAD);
    expect(new TextDecoder().decode(file?.bytes)).toBe(body);
  });

  it('notifies by its first part, is answered at its last one, and all of it is for the same person', async () => {
    const { outbox, memory, deliver } = await openOutbox();
    const body = ['x'.repeat(3_000), 'y'.repeat(3_000), 'z'.repeat(3_000)].join('\n');
    const beside = { mention: 'slack:T/U', onlyFor: 'slack:T/U', choices: ['Yes', 'No'] };
    const entry = { effectKey: 'q', sessionId: 's1', destination: THREAD, class: 'message', body } as const;
    await outbox.put({ ...entry, ...beside, createdAtMs: 0 });
    await deliver();
    expect(memory.posts.map(({ mention, onlyFor, choices }) => [mention, onlyFor, choices])).toEqual([
      ['slack:T/U', 'slack:T/U', undefined],
      [undefined, 'slack:T/U', undefined],
      [undefined, 'slack:T/U', ['Yes', 'No']],
    ]);
  });

  it('is no post when it is a reaction, of which the latest is shown', async () => {
    const { outbox, memory, deliver, events, left, calls } = await openOutbox();
    const session = { id: 's1', origin: THREAD };
    const mark = (reaction: Reaction, messageKey = 'terminal:1/a') =>
      outbox.put(reactionEntry(session, { seq: 1, messageKey }, reaction, 0));
    await mark('seen');
    await mark('working');
    await deliver();
    expect([...memory.reactions]).toEqual([['terminal:1/a', 'working']]);
    await mark('working');
    expect(await left()).toEqual([]);
    await mark('done');
    await deliver();
    expect([...memory.reactions]).toEqual([['terminal:1/a', 'done']]);
    expect([memory.posts, events, calls]).toEqual([[], [], []]);
  });

  it('waits for no reaction', async () => {
    const { outbox, memory, deliver, left, clock } = await openOutbox();
    const session = { id: 's1', origin: THREAD };
    await outbox.put(reactionEntry(session, { seq: 1, messageKey: 'm' }, 'done', 0));
    const entry = { effectKey: 'a', sessionId: 's1', destination: THREAD, class: 'message' } as const;
    await outbox.put({ ...entry, body: 'Done.', createdAtMs: 0 });
    memory.react = () => Promise.reject(new Fault('throttled', 'too many', { retryAfterMs: 30_000 }));
    expect(await deliver()).toBeGreaterThanOrEqual(clock.nowMs() + 30_000);
    expect(memory.seen(THREAD)).toEqual(['Done.']);
    expect(await left()).toEqual(['s1/reaction-1']);
  });

  it('is looked at again at once when a later status comes while it is delivered', async () => {
    const { outbox, memory, deliver, left, clock } = await openOutbox();
    const mark = (reaction: Reaction) =>
      outbox.put(reactionEntry({ id: 's1', origin: THREAD }, { seq: 1, messageKey: 'm' }, reaction, 0));
    await mark('working');
    const react = memory.react.bind(memory);
    memory.react = async (...args) => {
      await react(...args);
      memory.react = react;
      await mark('done');
    };
    expect(await deliver()).toBe(clock.nowMs());
    expect(await left()).toEqual(['s1/reaction-1']);
    expect(await deliver()).toBeUndefined();
    expect(memory.reactions.get('m')).toBe('done');
  });

  it('of class status is one post also when it changes while it is posted for the first time', async () => {
    const { outbox, memory, deliver, seen, left } = await openOutbox();
    const entry = { effectKey: 'a', sessionId: 's1', destination: THREAD, class: 'status' } as const;
    const post = memory.post.bind(memory);
    memory.post = async (...args) => {
      const id = await post(...args);
      await outbox.put({ ...entry, body: 'Done', createdAtMs: 0 });
      return id;
    };
    await outbox.put({ ...entry, body: 'Working', createdAtMs: 0 });
    await deliver();
    await deliver();
    expect(seen()).toEqual(['Done']);
    expect(await left()).toEqual([]);
    await outbox.put({ ...entry, body: 'Working again', createdAtMs: 0 });
    await deliver();
    expect(seen()).toEqual(['Working again']);
  });

  it('of class status is one post that says the latest', async () => {
    const { outbox, memory, deliver } = await openOutbox();
    const say = async (body: string): Promise<void> => {
      const entry = { effectKey: 's', sessionId: 's1', destination: THREAD, class: 'status' } as const;
      await outbox.put({ ...entry, body, createdAtMs: 0 });
    };
    await say('starting');
    await deliver();
    await say('working');
    await say('waiting');
    await deliver();
    expect(memory.seen(THREAD)).toEqual(['waiting']);
    memory.posts.length = 0;
    await say('done');
    await deliver();
    expect(memory.seen(THREAD)).toEqual(['done']);
  });

  it('is not delivered by another session', async () => {
    const world = await openOutbox('a');
    const entry = {
      effectKey: 'x',
      sessionId: 's2',
      destination: THREAD,
      class: 'message',
      body: 'x',
    } as const;
    await world.outbox.put({ ...entry, createdAtMs: 0 });
    await world.deliver();
    expect(world.seen()).toEqual(['a']);
  });

  it('does not hide a bug of the chat', async () => {
    const world = await openOutbox('a');
    world.memory.post = () => Promise.reject(new TypeError('x is undefined'));
    await expect(world.deliver()).rejects.toThrow('x is undefined');
  });
});
