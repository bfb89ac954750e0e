import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { FREE, sessionBranch, textOf } from '@swe/domain';
import type { Check, SessionStore } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryCompute,
  MemoryDirectory,
  MemoryEventBus,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemoryRepoHost,
  MemorySessionStore,
  MemorySnapshots,
  MemoryStore,
  ScriptedLanguageModel,
  silentLogger,
} from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_TURN_LIMITS,
  DEFAULT_WORKER_TIMING,
  defineTool,
  runWorker,
  said,
} from './agent';
import type { AgentPorts } from './agent';
import { handleCodeEvent } from './ingress';
import { waitForChecks } from './tools/wait-for-checks';
import { DEFAULT_MANAGER_TIMING, sweep } from './worker-manager';
import type { ManagerPorts } from './worker-manager';

const SHOP = 'https://github.com/acme/shop';
const ORIGIN = 'slack:T/C/1';
const MINUTE_MS = 60_000;
const MANAGER = { name: 'manager', timing: DEFAULT_MANAGER_TIMING };
const wait = { calls: [{ name: 'wait_for_checks', input: {} }] };

/** A session whose pull request has a check that runs, with its manager and whichever machine that starts. */
async function open(answers: readonly ScriptedTurn[]) {
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const outbox = new MemoryOutbox(data);
  const compute = new MemoryCompute();
  const clock = new ManualClock();
  const chat = new MemoryChat();
  const bus = new MemoryEventBus();
  const model = new ScriptedLanguageModel(answers);
  const repoHost = new MemoryRepoHost(clock);
  const journal = new MemoryJournal(data);
  const random = { fraction: () => 0.5 };
  const shared = {
    journal,
    outbox,
    chat,
    clock,
    random,
    ledger: new MemoryLedger(data),
    logger: silentLogger,
  };
  const blobs = new MemoryBlobStore();
  const managerPorts: ManagerPorts = { ...shared, store, compute, blobs, directory: new MemoryDirectory() };
  const agentPorts: Omit<AgentPorts, 'snapshots'> = {
    ...shared,
    store,
    blobs,
    bus,
    models: [model],
    openModel: async () => model,
    observe: () => undefined,
  };
  const off = new AbortController();
  let snapshots = new MemorySnapshots();
  let messages = 0;
  let booted = 0;
  let sessionId = '';

  const load = async () => (await store.load(sessionId))!;
  const send = async (
    body: { kind: 'text'; text: string } | { kind: 'command'; command: 'stop' | 'end' },
  ) => {
    messages += 1;
    const from = { origin: ORIGIN, requester: 'slack:T/U', addressed: true, receivedAtMs: clock.nowMs() };
    const shown = { showsReactions: true, messageKey: `m${messages}` };
    ({ sessionId } = await store.receive({ ...from, ...shown, body }));
    await bus.publish(sessionId);
  };
  await send({ kind: 'text', text: 'Fix it.' });
  repoHost.addRepository(SHOP);
  const headBranch = sessionBranch(sessionId);
  const headSha = repoHost.pushCommit(SHOP, headBranch);
  const draft = { repository: SHOP, headBranch, baseBranch: 'main', title: 't', body: 'b' };
  const { number, url } = await repoHost.openPullRequest(draft);
  const pullRequest = { repository: SHOP, headBranch, number, url, headSha };
  await store.change(sessionId, 0, { pullRequests: [pullRequest] });
  let state: Check['state'] = 'pending';
  const hosted = {
    pullRequest: repoHost.pullRequest.bind(repoHost),
    checks: async (): Promise<readonly Check[]> => [{ name: 'test', state, summary: '' }],
  };

  const write = defineTool({
    name: 'write',
    description: 'Changes a file.',
    access: 'acts',
    input: z.object({}),
    async run() {
      snapshots.workspace.set('shop', new Map([['file', 'written']]));
      return said('Done.');
    },
  });
  const ask = defineTool({
    name: 'ask',
    description: 'Asks the person.',
    access: 'acts',
    input: z.object({}),
    run: async () => ({ ...said('Asked.'), post: 'Which one?', asksBack: true }),
  });
  const profile = {
    system: 'You are a test.',
    tools: [
      write,
      ask,
      waitForChecks({
        repoHost: hosted,
        demandRight: async () => undefined,
        checkLogs: { log: async () => 'expected 4', annotations: async () => [] },
        clock,
      }),
    ],
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    spending: { priceOf: () => FREE, capNanoUsd: 0 },
    endProcesses: async () => 0,
  };

  return {
    store,
    clock,
    model,
    send,
    session: load,
    say: (text: string) => send({ kind: 'text', text }),
    check: (next: Check['state']) => void (state = next),
    /** Boots what the manager has started and does not run yet; `over` is what that machine's ports are like. */
    async boot(over: Partial<AgentPorts> = {}) {
      const { generation } = await load();
      if (generation === booted || compute.acting(sessionId, generation) === 0) return;
      booted = generation;
      const worker = { sessionId, holder: `agent-${generation}`, generation };
      const ports = { ...agentPorts, snapshots, ...over };
      void runWorker(ports, worker, profile, DEFAULT_WORKER_TIMING, off.signal);
      await clock.advance(0);
    },
    look: () => sweep(managerPorts, MANAGER),
    /** Looks once a minute, as a schedule does. */
    async pass(minutes: number) {
      for (let i = 0; i < minutes; i += 1) {
        await this.look();
        await this.boot();
        await clock.advance(MINUTE_MS);
      }
    },
    crash: () => compute.crash(sessionId),
    file: () => snapshots.workspace.get('shop')?.get('file'),
    loseMachine: () => void (snapshots = new MemorySnapshots()),
    tellChecks: (eventKey: string) =>
      handleCodeEvent(
        { store, bus, logger: silentLogger },
        { allowedBots: [] },
        {
          kind: 'checks-finished',
          eventKey,
          repository: SHOP,
          workspace: 'github:github.com/acme/shop',
          requester: 'github:ci[bot]',
          isBot: true,
          state: 'success',
          headSha,
          headBranch,
          receivedAtMs: clock.nowMs(),
        },
      ),
    machine: async () => (await compute.describe(sessionId))?.state,
    outcomes: async () => (await store.readInbox(sessionId, 0)).map(({ outcome }) => outcome?.kind),
    posts: () => chat.seen(ORIGIN),
    /** Of the wait's calls. */
    results: async () => {
      const entries = await Array.fromAsync(journal.read(sessionId, 1));
      return entries.flatMap((entry) => (entry.kind === 'tool-finished' ? [textOf(entry.content)] : []));
    },
    shutDown: () => off.abort(),
  };
}

let world: Awaited<ReturnType<typeof open>>;
afterEach(() => {
  world.shutDown();
  world.model.assertDone();
});

describe('a message while checks are waited for', () => {
  it('is answered at once, by a machine that is up', async () => {
    world = await open([wait, { say: 'It still runs.' }]);
    await world.pass(2);
    await world.say('How is it going?');
    await world.clock.advance(0);
    expect(world.posts()).toContain('It still runs.');
    expect(await world.results()).toEqual([expect.stringContaining('somebody wrote to you')]);
    const asked = world.model.requests[1]?.messages.at(-1)?.content ?? [];
    expect(asked.map(({ type }) => type)).toEqual(['tool-result', 'text']);
    expect(textOf(asked)).toBe('How is it going?');
  });

  it('that nobody sends leaves it waiting', async () => {
    world = await open([wait]);
    await world.pass(4);
    await world.clock.advance(MINUTE_MS / 2);
    expect(await world.results()).toEqual([]);
    expect(await world.session()).toMatchObject({ status: 'working' });
  });
});

describe('checks that take long', () => {
  /** The sixth minute: the machine is stopped. */
  const fallAsleep = async (answers: readonly ScriptedTurn[], first: ScriptedTurn = wait): Promise<void> => {
    world = await open([first, ...answers]);
    await world.pass(7);
    expect(await world.session()).toMatchObject({ status: 'asleep', generation: 1 });
    expect(await world.machine()).toBe('stopped');
  };

  it('hold no machine: it is stopped at once, and started when it is time to look', async () => {
    await fallAsleep([{ say: 'All green.' }]);
    const { wakeAtMs = 0, awaitedChecks, createdAtMs, id } = await world.session();
    expect(wakeAtMs - createdAtMs).toBe(10 * MINUTE_MS);
    expect(awaitedChecks).toMatchObject({ repository: SHOP, untilMs: createdAtMs + 60 * MINUTE_MS });
    expect(await world.store.readLease(id)).toBeUndefined();
    expect(await world.outcomes()).toEqual([undefined]);
    expect(world.posts()).toEqual([expect.stringContaining('Waiting for checks until 01:00 UTC')]);

    await world.pass(3);
    expect((await world.session()).generation).toBe(1);
    world.check('success');
    await world.pass(2);
    expect(await world.outcomes()).toEqual(['answered']);
    expect(await world.results()).toEqual([
      expect.stringMatching(/processes that ran have ended[^]*All checks/),
    ]);
    const { generation, ...rest } = await world.session();
    expect(generation).toBe(2);
    expect([rest.wakeAtMs, rest.awaitedChecks]).toEqual([undefined, undefined]);
  });

  it('are looked at ever more seldom, with no word of the model, until the time that it chose', async () => {
    await fallAsleep([{ say: 'I leave it at that.' }]);
    await world.pass(51);
    expect(await world.outcomes()).toEqual([undefined]);
    expect(world.model.requests).toHaveLength(1);
    // After 10, 20 and 40 minutes.
    expect((await world.session()).generation).toBe(4);
    await world.pass(4);
    expect(await world.results()).toEqual([expect.stringContaining('I waited for 60 min.')]);
    expect(await world.outcomes()).toEqual(['answered']);
  });

  it('do not keep a message waiting', async () => {
    await fallAsleep([{ say: 'It still runs.' }]);
    await world.say('How is it going?');
    await world.pass(1);
    expect(world.posts()).toContain('It still runs.');
    expect(await world.results()).toEqual([expect.stringContaining('somebody wrote to you')]);
  });

  it('are waited for on when a command is answered meanwhile', async () => {
    await fallAsleep([{ say: 'All green.' }]);
    const before = await world.session();
    const outcome = { kind: 'command-result', text: '$1 of $10.' } as const;
    const from = { origin: ORIGIN, requester: 'slack:T/U', addressed: true, receivedAtMs: 0 };
    const body = { kind: 'text', text: 'budget' } as const;
    await world.store.receive({ ...from, messageKey: 'budget', body }, () => ({ outcome, posts: [] }));
    await world.pass(1);
    const { wakeAtMs, status, generation, cursor } = await world.session();
    expect({ wakeAtMs, status, generation }).toEqual({
      wakeAtMs: before.wakeAtMs,
      status: 'asleep',
      generation: 1,
    });
    expect(cursor).toBe(2);
    world.check('success');
    await world.pass(5);
    expect(await world.outcomes()).toEqual(['answered', 'command-result']);
  });

  it('wake their session when the host tells that they are through, once', async () => {
    await fallAsleep([{ say: 'All green.' }]);
    world.check('success');
    await world.tellChecks('suite-1');
    await world.tellChecks('suite-1');
    await Promise.all([world.look(), world.look()]);
    await world.pass(1);
    expect(await world.outcomes()).toEqual(['answered', 'command-result']);
    await world.tellChecks('suite-1');
    await world.pass(45);
    expect((await world.session()).generation).toBe(2);
  });

  it.each(['stop', 'end'] as const)(
    'do not keep the command %s waiting, which needs no machine',
    async (command) => {
      await fallAsleep([]);
      await world.send({ kind: 'command', command });
      await world.pass(15);
      expect(await world.outcomes()).toEqual(['stopped', 'command-result']);
      expect(world.posts()).toContain(command === 'stop' ? 'Stopped.' : 'Ended.');
      const { status, generation, wakeAtMs, awaitedChecks } = await world.session();
      expect({ status, generation }).toEqual({
        status: command === 'stop' ? 'asleep' : 'ended',
        generation: 1,
      });
      expect([wakeAtMs, awaitedChecks]).toEqual([undefined, undefined]);
    },
  );

  it('whose wait was stopped leave a session that can be spoken to', async () => {
    await fallAsleep([{ say: 'Here.' }]);
    await world.send({ kind: 'command', command: 'stop' });
    await world.pass(1);
    await world.say('Are you there?');
    await world.pass(1);
    expect(world.posts()).toContain('Here.');
    expect(await world.results()).toEqual([expect.stringContaining('stopped the work while this waited')]);
  });

  it('are waited for also when the machine is lost meanwhile', async () => {
    const write = { name: 'write', input: {} };
    await fallAsleep([{ say: 'All green.' }], { calls: [write, ...wait.calls] });
    world.loseMachine();
    expect(world.file()).toBeUndefined();
    world.check('success');
    await world.pass(5);
    expect(await world.outcomes()).toEqual(['answered']);
    expect(world.file()).toBe('written');
  });
});

describe('a wait among other calls of one answer', () => {
  it('keeps back what was asked for behind it', async () => {
    world = await open([{ calls: [...wait.calls, { name: 'write', input: {} }] }, { say: 'All green.' }]);
    await world.pass(7);
    expect(await world.results()).toEqual([expect.stringContaining('Not run')]);
    world.check('success');
    await world.pass(5);
    expect(world.file()).toBeUndefined();
    expect(await world.results()).toHaveLength(2);
    expect(await world.outcomes()).toEqual(['answered']);
  });

  it('does not outlast a question before it', async () => {
    world = await open([{ calls: [{ name: 'ask', input: {} }, ...wait.calls] }]);
    await world.pass(7);
    expect(world.posts()).toContain('Which one?');
    expect(await world.results()).toEqual(['Asked.', expect.stringContaining('not all through yet')]);
    expect(await world.outcomes()).toEqual(['answered']);
    expect((await world.session()).wakeAtMs).toBeUndefined();
  });
});

describe('a message that comes just as the machine is let go', () => {
  type Release = SessionStore['releaseLease'];

  const never = (): Promise<never> => new Promise(() => undefined);

  const passWith = async (
    release: (world_: typeof world, real: Release) => Release,
    isDead = () => false,
  ): Promise<void> => {
    world = await open([wait, { say: 'It still runs.' }]);
    const { store } = world;
    await world.look();
    const watched: AgentPorts['store'] = {
      load: (id) => store.load(id),
      capOf: (id) => store.capOf(id),
      readInbox: (id, after) => store.readInbox(id, after),
      readLease: (id) => store.readLease(id),
      takeLease: (claim) => store.takeLease(claim),
      renewLease: (lease, dueAtMs) => (isDead() ? never() : store.renewLease(lease, dueAtMs)),
      releaseLease: release(world, (lease, change) => store.releaseLease(lease, change)),
    };
    await world.boot({ store: watched });
  };

  it('before it is: the machine goes on with it', async () => {
    let isSaid = false;
    await passWith(({ say }, real) => async (lease, change) => {
      if (!isSaid) await say('How is it going?');
      isSaid = true;
      return real(lease, change);
    });
    await world.pass(7);
    expect(world.posts()).toContain('It still runs.');
    expect(await world.session()).toMatchObject({ generation: 1 });
  });

  it('behind that: it takes its lease again', async () => {
    let isSaid = false;
    await passWith(({ say }, real) => async (lease, change) => {
      const isReleased = await real(lease, change);
      if (!isSaid) await say('How is it going?');
      isSaid = true;
      return isReleased;
    });
    await world.clock.advance(6 * MINUTE_MS);
    expect(world.posts()).toContain('It still runs.');
    expect(await world.session()).toMatchObject({ generation: 1 });
  });

  it('while it is being stopped: the next machine takes it', async () => {
    world = await open([wait, { say: 'It still runs.' }]);
    await world.look();
    await world.boot();
    await world.clock.advance(5 * MINUTE_MS);
    await world.look();
    expect(await world.session()).toMatchObject({ stopping: true });
    await world.say('How is it going?');
    await world.pass(2);
    expect(world.posts()).toContain('It still runs.');
    expect(await world.session()).toMatchObject({ generation: 2 });
  });

  it('that dies there: its successor waits on', async () => {
    let isDead = false;
    const die = (): Promise<never> => {
      isDead = true;
      return never();
    };
    await passWith(
      () => die,
      () => isDead,
    );
    await world.clock.advance(5 * MINUTE_MS);
    expect((await world.session()).awaitedChecks).toBeDefined();
    world.crash();
    world.check('success');
    await world.pass(2);
    expect(await world.session()).toMatchObject({ generation: 2 });
    expect(world.posts()).toContain('It still runs.');
  });
});

describe('a turn that no model answers', () => {
  beforeEach(async () => {
    const failure = { kind: 'throttled', message: 'slow down', retryAfterMs: 60 * MINUTE_MS } as const;
    world = await open([{ failure }]);
  });

  it('ends with a stop while it is put down', async () => {
    await world.pass(3);
    expect(await world.machine()).toBe('stopped');
    await world.send({ kind: 'command', command: 'stop' });
    await world.pass(10);
    expect(await world.outcomes()).toEqual(['stopped', 'command-result']);
    expect(await world.session()).toMatchObject({ status: 'asleep', generation: 1 });
  });
});
