import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryCompute,
  MemoryJournal,
  MemoryOutbox,
  MemorySessionStore,
  MemoryStore,
} from '@swe/testing/memory';
import { DEFAULT_MANAGER_TIMING, sweep } from './worker-manager';
import type { ManagerPorts } from './worker-manager';

const ORIGIN = 'terminal:1';
const silent = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };
const MINUTE_MS = 60_000;

let world: ReturnType<typeof open>;
beforeEach(() => {
  world = open();
});

function open() {
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const compute = new MemoryCompute();
  const clock = new ManualClock();
  const chat = new MemoryChat();
  const ports: ManagerPorts = {
    store,
    compute,
    clock,
    chat,
    journal: new MemoryJournal(data),
    outbox: new MemoryOutbox(data),
    blobs: new MemoryBlobStore(),
    random: { fraction: () => 0.5 },
    logger: silent,
  };
  let sessionId = '';
  let messages = 0;
  return {
    store,
    compute,
    clock,
    ports,
    async send(body: { kind: 'text'; text: string } | { kind: 'command'; command: 'stop' | 'end' }) {
      messages += 1;
      const from = { origin: ORIGIN, requester: 'local:ada', addressed: true, receivedAtMs: clock.nowMs() };
      sessionId = (await store.receive({ ...from, messageKey: `m${messages}`, body })).sessionId;
    },
    say: (text: string) => world.send({ kind: 'text', text }),
    look: () => sweep(ports, { name: 'manager', timing: DEFAULT_MANAGER_TIMING }),
    /** Looks once a minute, as a schedule does. */
    async watch(minutes: number) {
      for (let i = 0; i < minutes; i += 1) {
        await world.look();
        await clock.advance(MINUTE_MS);
      }
    },
    session: async () => (await store.load(sessionId))!,
    outcomes: async () => (await store.readInbox(sessionId, 0)).map(({ outcome }) => outcome?.kind),
    posts: () => chat.seen(ORIGIN),
    acting: async () => compute.acting(sessionId, (await store.load(sessionId))?.generation ?? 0),
    crash: () => compute.crash(sessionId),
    /** What the session's agent does when it takes up its work and lets it go again. */
    async serve() {
      const { generation } = await world.session();
      const claim = { sessionId, holder: 'agent', generation, dueAtMs: clock.nowMs() + 30_000 };
      const { fence, ...lease } = await store.takeLease(claim);
      const items = await store.readInbox(sessionId, (await world.session()).cursor);
      await ports.journal.append({
        sessionId,
        fence,
        entries: [],
        admit: { cursor: items.at(-1)?.seq ?? 0, items },
        session: { status: 'draining', startAttempts: undefined, manageAtMs: undefined },
      });
      await store.releaseLease({ fence, ...lease }, { manageAtMs: clock.nowMs() });
    },
  };
}

describe('a message', () => {
  it('has a machine started, one only, however often and by whomever it is looked at', async () => {
    await world.say('Go.');
    await Promise.all([world.look(), world.look()]);
    await world.look();
    expect(await world.acting()).toBe(1);
    expect(await world.session()).toMatchObject({ generation: 1, status: 'starting' });
  });

  it('that finds no machine is told why in its thread, after five tries, and the next one tries anew', async () => {
    world.compute.hasCapacity = false;
    await world.say('Go.');
    await world.watch(30);
    expect(world.posts()).toEqual([expect.stringContaining('there are no machines to be had')]);
    expect(await world.outcomes()).toEqual(['failed']);
    expect(await world.session()).toMatchObject({ status: 'failed', generation: 5 });
    world.compute.hasCapacity = true;
    await world.say('And now?');
    await world.look();
    expect(await world.acting()).toBe(1);
  });

  it('whose machines end as they start is told so, with pauses between them', async () => {
    await world.say('Go.');
    for (let i = 0; i < 60; i += 1) {
      await world.look();
      world.crash();
      await world.clock.advance(1_000);
    }
    expect((await world.session()).generation).toBeLessThan(5);
    await world.watch(30);
    for (let i = 0; i < 30; i += 1) {
      world.crash();
      await world.watch(1);
    }
    expect(world.posts()).toEqual([expect.stringContaining('ended before it took up its work')]);
    expect(await world.outcomes()).toEqual(['failed']);
  });
});

describe('a session that its agent let go', () => {
  beforeEach(async () => {
    await world.say('Go.');
    await world.look();
    await world.serve();
  });

  it('has its machine stopped, and terminated a day later', async () => {
    await world.watch(2);
    expect(await world.acting()).toBe(0);
    expect(await world.session()).toMatchObject({ status: 'asleep' });
    await world.watch(23 * 60);
    expect((await world.compute.list({ limit: 9 })).items).toHaveLength(1);
    await world.watch(61);
    expect((await world.compute.list({ limit: 9 })).items).toEqual([]);
    expect((await world.store.listDue(world.clock.nowMs() + 1e12, { limit: 9 })).items).toEqual([]);
  });

  it('is started again by a message at any moment of that', async () => {
    for (const looks of [0, 1, 2, 3]) {
      await world.watch(looks);
      await world.say('More.');
      await world.watch(3);
      expect(await world.acting()).toBe(1);
      expect(await world.session()).toMatchObject({ status: 'starting' });
      await world.serve();
    }
  });

  it('needs no machine to be ended, and nothing is left of it', async () => {
    await world.watch(2);
    await world.send({ kind: 'command', command: 'end' });
    await world.watch(2);
    expect(await world.session()).toMatchObject({ status: 'ended' });
    expect(world.posts()).toEqual(['Ended.']);
    expect((await world.compute.list({ limit: 9 })).items).toEqual([]);
    const due = await world.store.listDue(world.clock.nowMs() + 1e12, { limit: 9 });
    expect(due.items).toEqual([]);
  });
});

it('an agent that dies with its lease is replaced, once its lease did not move for its whole time', async () => {
  await world.say('Go.');
  await world.look();
  const { id, generation } = await world.session();
  await world.store.takeLease({ sessionId: id, holder: 'agent', generation, dueAtMs: world.clock.nowMs() });
  await world.look();
  expect((await world.session()).generation).toBe(1);
  await world.clock.advance(MINUTE_MS);
  await world.look();
  expect(await world.session()).toMatchObject({ generation: 2, status: 'starting' });
  expect(world.compute.acting(id, 1)).toBe(0);
});

it('a post that nobody else delivers is delivered', async () => {
  await world.say('Go.');
  const { id } = await world.session();
  const entry = { effectKey: 'k', sessionId: id, destination: ORIGIN, class: 'message' } as const;
  await world.ports.outbox.put({ ...entry, body: 'Hello.', createdAtMs: world.clock.nowMs() });
  await world.look();
  expect(world.posts()).toEqual(['Hello.']);
});
