import { beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, JOURNAL_VERSION, text } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryCompute,
  MemoryDirectory,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { reportBoot, reportBootFailure } from './agent/report-boot';
import { openSessionRun } from './agent/session-run';
import { DEFAULT_MANAGER_TIMING, lookAtSession, sweep, sweepOrphans } from './worker-manager';
import type { ManagerPorts } from './worker-manager';

const ORIGIN = 'terminal:1';
const MINUTE_MS = 60_000;
const MANAGER = { name: 'manager', timing: DEFAULT_MANAGER_TIMING };

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
    ledger: new MemoryLedger(data),
    blobs: new MemoryBlobStore(),
    directory: new MemoryDirectory(),
    random: { fraction: () => 0.5 },
    logger: silentLogger,
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
    look: () => sweep(ports, MANAGER),
    sweepOrphans: () => sweepOrphans(ports, MANAGER),
    machines: async () => (await compute.list({ limit: 9 })).items.map(({ state }) => state),
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
    async takeLease(id = sessionId) {
      const { generation = 0 } = (await store.load(id)) ?? {};
      const dueAtMs = clock.nowMs();
      return store.takeLease({ sessionId: id, holder: 'agent', generation, dueAtMs });
    },
    /** What the session's agent does when it takes up its work. */
    async begin() {
      const { fence } = await world.takeLease();
      const items = await store.readInbox(sessionId, 0);
      const admitted = { kind: 'message-admitted', atMs: clock.nowMs(), requester: 'local:ada' } as const;
      await ports.journal.append({
        sessionId,
        fence,
        entries: items.map(({ seq }) => ({ ...admitted, inboxSeq: seq, content: [text('Go.')] })),
        admit: { cursor: items.length, items },
        session: { status: 'working', startAttempts: undefined, manageAtMs: undefined },
      });
    },
    /** Admitted messages without an outcome, as the journal tells. */
    async openMessages() {
      const run = await openSessionRun(
        { ...ports, observe: () => undefined },
        await world.session(),
        1,
        () => undefined,
      );
      return run.openMessages;
    },
    /** Adds a journal entry of a version that nobody knows yet. */
    async spoil() {
      const { journal } = data.record(sessionId);
      journal.push(JSON.stringify({ kind: 'x', seq: journal.length + 1, v: JOURNAL_VERSION + 1 }));
    },
    isDue: async () => (await store.listDue(clock.nowMs(), { limit: 9 })).items.includes(sessionId),
    /** What the session's agent does when it takes up its work and lets it go again. */
    async serve(id = sessionId) {
      const { fence, ...lease } = await world.takeLease(id);
      const items = await store.readInbox(id, (await store.load(id))?.cursor ?? 0);
      await ports.journal.append({
        sessionId: id,
        fence,
        entries: [],
        admit: { cursor: items.at(-1)?.seq ?? 0, items },
        session: {
          status: 'draining',
          startAttempts: undefined,
          retryAtMs: undefined,
          manageAtMs: undefined,
          bootedAtMs: clock.nowMs(),
        },
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
    await world.watch(2);
    expect((await world.compute.list({ limit: 9 })).items).toEqual([]);
    expect((await world.store.listDue(world.clock.nowMs() + 1e12, { limit: 9 })).items).toEqual([]);
  });

  it('that finds no room again for a machine that was stopped keeps that one for a day', async () => {
    await world.say('Go.');
    await world.look();
    await world.serve();
    await world.watch(2);
    world.compute.hasCapacity = false;
    await world.say('More.');
    await world.watch(30);
    expect(await world.session()).toMatchObject({ status: 'failed' });
    expect((await world.compute.list({ limit: 9 })).items).toHaveLength(1);
    await world.watch(24 * 60);
    expect((await world.compute.list({ limit: 9 })).items).toEqual([]);
  });
});

describe('a machine that comes up slowly', () => {
  const { bootMs } = DEFAULT_MANAGER_TIMING;
  const report = async (generation: number) =>
    reportBoot(world.ports, { sessionId: (await world.session()).id, generation }, bootMs);
  beforeEach(async () => {
    await world.say('Go.');
    await world.look();
  });

  it('is waited for as long as it gets further', async () => {
    for (let i = 0; i < 6; i += 1) {
      await world.watch(bootMs / MINUTE_MS - 1);
      expect(await report(1)).toBe(true);
    }
    await world.watch(bootMs / MINUTE_MS - 1);
    expect(await world.session()).toMatchObject({ generation: 1, status: 'starting' });
  });

  it('and got no further for long is replaced, and learns that', async () => {
    await world.watch(5);
    await report(1);
    await world.watch(bootMs / MINUTE_MS + 3);
    expect(await world.session()).toMatchObject({ generation: 2, status: 'starting' });
    expect(await report(1)).toBe(false);
    expect((await world.session()).manageAtMs).toBeGreaterThan(world.clock.nowMs());
  });

  it('reports beside a message that comes', async () => {
    const { store } = world;
    let others = 1;
    const busy = {
      load: async (id: string) => {
        const session = await store.load(id);
        if (others-- > 0) await store.change(id, session?.revision ?? 0, { title: 'Renamed' });
        return session;
      },
      change: store.change.bind(store),
    };
    const { id: sessionId } = await world.session();
    expect(await reportBoot({ ...world.ports, store: busy }, { sessionId, generation: 1 }, bootMs)).toBe(
      true,
    );
  });

  it('and says why it can’t is given up at once each time, and the person learns the reason', async () => {
    const cause = 'SWE_MODEL names no model that is known.';
    for (let generation = 1; generation <= DEFAULT_MANAGER_TIMING.maxStartAttempts; generation += 1) {
      const { id: sessionId } = await world.session();
      expect(await reportBootFailure(world.ports, { sessionId, generation }, cause)).toBe(true);
      // Long before `bootMs` has passed.
      await world.watch(bootMs / MINUTE_MS - 1);
    }
    expect(world.posts()).toEqual([expect.stringContaining(cause)]);
  });

  it('that has taken up its work has nothing to report', async () => {
    await world.begin();
    expect(await report(1)).toBe(false);
    expect((await world.session()).manageAtMs).toBeUndefined();
  });
});

it('a manager that dies while it makes a machine holds up its session for minutes, not for a boot', async () => {
  const { compute } = world;
  const stuck: ManagerPorts['compute'] = {
    ensure: () => new Promise(() => undefined),
    stop: (id) => compute.stop(id),
    terminate: (id) => compute.terminate(id),
    describe: (id) => compute.describe(id),
    list: (page) => compute.list(page),
    confirmDead: (id, generation) => compute.confirmDead(id, generation),
  };
  await world.say('Go.');
  void sweep({ ...world.ports, compute: stuck }, MANAGER);
  await world.clock.advance(0);
  expect(await world.session()).toMatchObject({ status: 'starting', generation: 1 });
  expect(await world.machines()).toEqual([]);
  await world.watch(4);
  expect(await world.acting()).toBe(1);
});

it('a job that ends machine after machine before a step is done is given up, and the person learns that', async () => {
  const { maxStartAttempts } = DEFAULT_MANAGER_TIMING;
  await world.say('Go.');
  for (let generation = 1; generation <= maxStartAttempts; generation += 1) {
    await world.watch(1);
    expect(await world.session()).toMatchObject({ generation, startAttempts: generation });
    // It takes up the work, and dies of it.
    const { id, startAttempts } = await world.session();
    await world.begin();
    const { revision } = await world.session();
    await world.store.change(id, revision, { startAttempts });
    world.crash();
  }
  await world.watch(2);
  expect(world.posts()).toEqual([expect.stringContaining('5 machines in a row ended in the middle')]);
  expect(await world.outcomes()).toEqual(['failed']);
  expect(await world.acting()).toBe(0);
});

describe('when no machine comes up any more', () => {
  const ids: string[] = [];
  const load = () => Promise.all(ids.map(async (id) => (await world.store.load(id))!));
  /** Looks once a minute; whatever was started since has ended by then. */
  const watchThemEnd = async (minutes: number): Promise<void> => {
    for (let i = 0; i < minutes; i += 1) {
      ids.forEach((id) => world.compute.crash(id));
      await world.watch(1);
    }
  };

  beforeEach(async () => {
    ids.length = 0;
    for (let i = 0; i < 20; i += 1) {
      const from = { requester: 'local:ada', addressed: true, receivedAtMs: world.clock.nowMs() };
      const message = { ...from, messageKey: `many-${i}`, origin: `terminal:many-${i}` };
      const body = { kind: 'text', text: 'Go.' } as const;
      ids.push((await world.store.receive({ ...message, body })).sessionId);
      await watchThemEnd(1);
    }
  });

  it('few are started, and the sessions say why they wait', async () => {
    await watchThemEnd(3 * 60);
    const sessions = await load();
    expect(sessions.reduce((sum, { generation }) => sum + generation, 0)).toBeLessThan(30);
    const held = sessions.filter(({ failure }) => failure?.includes('few are started now'));
    expect(held.length).toBeGreaterThan(10);
  });

  it('all are started once they do', async () => {
    await watchThemEnd(60);
    for (let i = 0; i < 60; i += 1) {
      await world.watch(1);
      for (const { id, status } of await load()) if (status === 'starting') await world.serve(id);
    }
    expect((await load()).map(({ cursor }) => cursor)).toEqual(ids.map(() => 1));
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

  it('keeps its machine for a day from its stop, however long that has run before', async () => {
    await world.watch(2);
    await world.say('More.');
    await world.look();
    await world.clock.advance(3 * 24 * 60 * MINUTE_MS);
    await world.serve();
    await world.watch(2);
    expect(await world.machines()).toEqual(['stopped']);
    await world.watch(23 * 60);
    expect(await world.machines()).toEqual(['stopped']);
    await world.watch(61);
    expect(await world.machines()).toEqual([]);
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

it('an agent that dies behind an `end` leaves neither a machine nor anything unsaid', async () => {
  await world.say('Go.');
  await world.look();
  await world.begin();
  const { id, origin: destination } = await world.session();
  const post = { effectKey: `${id}/command-2`, sessionId: id, destination, body: 'Ended.' };
  await world.ports.journal.append({
    sessionId: id,
    fence: 1,
    entries: [],
    outbox: [{ ...post, class: 'message', createdAtMs: 0 }],
    session: { status: 'ended' },
  });
  world.crash();
  await world.watch(3);
  expect(world.posts()).toEqual(['Ended.']);
  expect(await world.machines()).toEqual([]);
  expect((await world.store.listDue(world.clock.nowMs() + 1e12, { limit: 9 })).items).toEqual([]);
});

describe('an agent that dies with its lease', () => {
  beforeEach(async () => {
    await world.say('Go.');
    await world.look();
  });

  it('is replaced, once its lease did not move for its whole time', async () => {
    const { id } = await world.session();
    await world.begin();
    await world.look();
    expect((await world.session()).generation).toBe(1);
    await world.clock.advance(MINUTE_MS);
    await world.look();
    expect(await world.session()).toMatchObject({ generation: 2, status: 'starting' });
    expect(world.compute.acting(id, 1)).toBe(0);
  });

  it('before its first write, again and again, is tried with pauses, then the person is told', async () => {
    const dieBegun = async (): Promise<void> => {
      if ((await world.acting()) === 0) return;
      await world.takeLease();
      world.crash();
    };
    for (let i = 0; i < 60; i += 1) {
      await dieBegun();
      await world.look();
      await world.clock.advance(1_000);
    }
    expect((await world.session()).generation).toBeLessThan(5);
    for (let i = 0; i < 30; i += 1) {
      await dieBegun();
      await world.watch(1);
    }
    expect(world.posts()).toEqual([expect.stringContaining('ended before it took up its work')]);
    expect(await world.outcomes()).toEqual(['failed']);
    expect((await world.session()).generation).toBe(5);
  });

  it('in the middle of a turn that no machine goes on with leaves nothing open for the next one', async () => {
    await world.begin();
    world.crash();
    world.compute.hasCapacity = false;
    await world.watch(30);
    expect(await world.outcomes()).toEqual(['failed']);
    await world.say('And now?');
    expect(await world.openMessages()).toEqual([]);
  });
});

describe('a session whose journal can’t be read', () => {
  beforeEach(async () => {
    await world.say('Go.');
    await world.look();
    await world.serve();
    await world.watch(2);
    await world.spoil();
  });

  it('has its commands fail with the reason, once, without a machine', async () => {
    const { generation } = await world.session();
    await world.send({ kind: 'command', command: 'stop' });
    await world.watch(5);
    expect(world.posts()).toEqual([expect.stringContaining('newer version of this program. Update')]);
    expect(await world.outcomes()).toEqual(['failed', 'failed']);
    expect(await world.session()).toMatchObject({ status: 'failed', generation });
    expect(await world.isDue()).toBe(false);
  });

  it('holds up no other', async () => {
    await world.send({ kind: 'command', command: 'stop' });
    const { sessionId } = await world.store.receive({
      ...{ messageKey: 'other', origin: 'terminal:2', requester: 'local:ada', addressed: true },
      ...{ body: { kind: 'text', text: 'Go.' }, receivedAtMs: world.clock.nowMs() },
    });
    await world.look();
    expect(world.compute.acting(sessionId, 1)).toBe(1);
  });
});

it('a post that nobody else delivers is delivered', async () => {
  await world.say('Go.');
  const { id } = await world.session();
  const entry = { effectKey: 'k', sessionId: id, destination: ORIGIN, class: 'message' } as const;
  await world.ports.outbox.put({ ...entry, body: 'Hello.', createdAtMs: world.clock.nowMs() });
  await world.look();
  expect(world.posts()).toEqual(['Hello.']);
});

describe('a machine that nobody needs', () => {
  it('is ended when its session does not exist', async () => {
    await world.compute.ensure('sgone', 1);
    await world.sweepOrphans();
    expect(await world.machines()).toEqual([]);
  });

  it('is ended when its session has ended', async () => {
    await world.say('Go.');
    await world.look();
    await world.serve();
    const { id, revision } = await world.session();
    await world.store.change(id, revision, { status: 'ended', manageAtMs: undefined });
    await world.sweepOrphans();
    expect(await world.machines()).toEqual([]);
  });

  it('is ended when a later one has its place', async () => {
    await world.say('Go.');
    await world.look();
    await world.serve();
    const { id, revision } = await world.session();
    await world.store.change(id, revision, { generation: 2 });
    await world.sweepOrphans();
    expect(await world.machines()).toEqual([]);
  });

  it('and that its session forgot is stopped, and terminated a day later', async () => {
    await world.say('Go.');
    await world.look();
    await world.serve();
    const { id, revision } = await world.session();
    await world.store.change(id, revision, { manageAtMs: undefined });
    await world.watch(2);
    expect(await world.machines()).toEqual(['running']);
    await world.sweepOrphans();
    expect(await world.machines()).toEqual(['stopped']);
    await world.watch(24 * 60 + 2);
    expect(await world.machines()).toEqual([]);
  });

  it('is not one that a list shows as it was before it was started again', async () => {
    await world.say('Go.');
    await world.look();
    await world.serve();
    const { items } = await world.compute.list({ limit: 9 });
    world.compute.list = async () => ({ items: items.map((worker) => ({ ...worker, generation: 0 })) });
    await world.sweepOrphans();
    expect(await world.acting()).toBe(1);
  });

  it('and cannot be ended holds up no other', async () => {
    const terminate = world.compute.terminate.bind(world.compute);
    world.compute.terminate = async (workerId) => {
      if (workerId.startsWith('sbad')) throw new Fault('denied', 'not that one');
      return terminate(workerId);
    };
    await world.compute.ensure('sbad', 1);
    await world.compute.ensure('sgone', 1);
    await world.sweepOrphans();
    expect((await world.compute.list({ limit: 9 })).items.map(({ sessionId }) => sessionId)).toEqual([
      'sbad',
    ]);
  });
});

it('a machine that anybody needs is left alone, at every moment of its session', async () => {
  await world.say('Go.');
  await world.look();
  const steps = [
    () => world.serve(),
    () => world.watch(1),
    () => world.watch(1),
    () => world.say('More.'),
    () => world.look(),
    () => world.begin(),
  ];
  for (const step of steps) {
    const before = await world.machines();
    await world.sweepOrphans();
    expect(await world.machines()).toEqual(before);
    await step();
  }
});

it('a sweep that is cut short again and again leaves no session out', async () => {
  const origins = ['terminal:1', 'terminal:2', 'terminal:3', 'terminal:4'];
  for (const [i, origin] of origins.entries()) {
    const body = { kind: 'text', text: 'Go.' } as const;
    const from = { requester: 'local:ada', addressed: true, receivedAtMs: world.clock.nowMs() };
    await world.store.receive({ ...from, origin, messageKey: `m${i}`, body });
  }
  const looked = new Set<string>();
  const random = { fraction: () => looked.size / origins.length };
  for (let sweeps = 1; sweeps <= origins.length; sweeps += 1) {
    let hasTime = true;
    world.store.load = async (id) => {
      if (hasTime) looked.add(id);
      hasTime = false;
      return undefined;
    };
    await sweep({ ...world.ports, random }, MANAGER);
  }
  expect(looked.size).toBe(origins.length);
});

describe('a look at one session', () => {
  const lookWith = (fault: unknown) => {
    const store = Object.assign(Object.create(world.store), { load: () => Promise.reject(fault) });
    return lookAtSession({ ...world.ports, store }, MANAGER, 's1');
  };

  it('tells whether the same may do soon', async () => {
    await world.say('Go.');
    expect(await lookAtSession(world.ports, MANAGER, (await world.session()).id)).toBe('looked');
    expect(await lookWith(new Fault('throttled', 'too many'))).toBe('unreachable');
    expect(await lookWith(new Fault('transient', 'reset'))).toBe('unreachable');
    expect(await lookWith(new Fault('denied', 'no'))).toBe('failed');
    expect(await lookWith(new TypeError('a bug'))).toBe('failed');
  });

  it('that finds no machine to be had is done: the session has a time to try again', async () => {
    world.compute.hasCapacity = false;
    await world.say('Go.');
    const { id } = await world.session();
    expect(await lookAtSession(world.ports, MANAGER, id)).toBe('looked');
    expect((await world.session()).retryAtMs).toBeGreaterThan(world.clock.nowMs());
  });
});
