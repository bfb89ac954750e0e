import { beforeEach, describe, expect, it } from '@jest/globals';
import { BUILT_IN_MODELS, Fault, sessionBranch, toNanoUsd } from '@swe/domain';
import type { HostEvent, Reviewed, SaidInChat } from '@swe/domain';
import {
  ManualClock,
  MemoryAccess,
  MemoryBlobStore,
  MemoryChat,
  MemoryCompute,
  MemoryDirectory,
  MemoryEventBus,
  MemoryHostEvents,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { handleRepoEvent } from './ingress';
import { DEFAULT_MANAGER_TIMING, sweep } from './worker-manager';
import type { ManagerPorts } from './worker-manager';

const SHOP = 'https://github.com/acme/shop';
const WORKSPACE = 'github:github.com/acme/shop';
const ISSUE = { repository: SHOP, number: 1 };
const SHA = 'a'.repeat(40);
const MINUTE_MS = 60_000;
const MANAGER = { name: 'manager', timing: DEFAULT_MANAGER_TIMING };

let world: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  world = await open();
});

/** Sessions that sleep, each about an issue of the shop, with its pull request. */
async function open() {
  const data = new MemoryStore();
  const clock = new ManualClock();
  const store = new MemorySessionStore(data);
  const ledger = new MemoryLedger(data);
  const host = new MemoryHostEvents();
  const ingress = {
    store,
    ledger,
    access: new MemoryAccess(),
    bus: new MemoryEventBus(),
    clock,
    logger: silentLogger,
  };
  const rules = {
    admins: undefined,
    allowedBots: [],
    catalog: BUILT_IN_MODELS,
    models: [],
    providers: [],
    capNanoUsd: toNanoUsd(10),
  } as const;
  const deliver = (event: HostEvent): Promise<void> => handleRepoEvent(ingress, rules, event);
  const compute = new MemoryCompute();
  const ports: ManagerPorts = {
    store,
    compute,
    clock,
    ledger,
    chat: new MemoryChat(),
    journal: new MemoryJournal(data),
    outbox: new MemoryOutbox(data),
    blobs: new MemoryBlobStore(),
    directory: new MemoryDirectory(),
    random: { fraction: () => 0 },
    logger: silentLogger,
    missed: { serves: (url) => url.startsWith('https://github.com/'), events: host, handle: deliver },
  };
  const changed = async (id: string, change: Parameters<typeof store.change>[2]): Promise<void> =>
    void (await store.change(id, (await store.load(id))!.revision, change));
  const numberOf = new Map<string, number>();
  return {
    clock,
    host,
    store,
    ports,
    deliver,
    changed,
    /** A session about an issue whose pull request has the number behind it. */
    async begin(number = ISSUE.number, repository = SHOP) {
      const from = { origin: `${WORKSPACE}/${number}`, requester: 'github:ada', addressed: true };
      const message = { ...from, messageKey: `m${number}`, receivedAtMs: clock.nowMs() };
      const { sessionId } = await store.receive({ ...message, body: { kind: 'text', text: 'Fix it.' } });
      const [issue, pull] = [number, number + 1].map((each) => ({ repository, number: each }));
      if (issue === undefined || pull === undefined) throw new Error('there are two');
      const own = { ...pull, headBranch: sessionBranch(sessionId), headSha: SHA };
      const pullRequests = [{ ...own, url: `${repository}/pull/${pull.number}` }];
      await changed(sessionId, { status: 'asleep', cursor: 1, issue, pullRequests, pollAtMs: 0 });
      await store.takeOver(`${WORKSPACE}/${pull.number}`, sessionId);
      host.addIssue(issue);
      host.addPullRequest(pull);
      numberOf.set(sessionId, pull.number);
      return sessionId;
    },
    happen: (number: number, event: HostEvent) => host.happen({ ...ISSUE, number }, event, clock.nowMs()),
    sweep: () => sweep(ports, MANAGER),
    async watch(minutes: number) {
      for (let i = 0; i < minutes; i += 1) {
        await world.sweep();
        await clock.advance(MINUTE_MS);
      }
    },
    texts: async (id: string) =>
      (await store.readInbox(id, 1)).map(({ body }) => (body.kind === 'text' ? body.text : body.command)),
    /** What came behind its first message. */
    woken: async (id: string) => (await store.readInbox(id, 1)).map(({ messageKey }) => messageKey),
    pollAtMs: async (id: string) => (await store.load(id))?.pollAtMs,
  };
}

const moment = { workspace: WORKSPACE, requester: 'github:ada', isBot: false, receivedAtMs: 5 };
const ofPull = {
  ...moment,
  repository: SHOP,
  origin: `${WORKSPACE}/2`,
  number: 2,
  headBranch: '',
  headSha: SHA,
};
const review: Reviewed = {
  kind: 'reviewed',
  ...ofPull,
  eventKey: `${WORKSPACE}/review/7`,
  state: 'changes-requested',
  body: 'Rename it.',
  isAddressed: false,
};
const words: SaidInChat = {
  kind: 'said',
  ...moment,
  messageKey: `${WORKSPACE}/comment/9`,
  origin: `${WORKSPACE}/1`,
  text: 'Go on.',
  files: [],
  isAddressed: true,
};
const failed = (id: string): HostEvent => ({
  kind: 'checks-finished',
  ...moment,
  eventKey: `${WORKSPACE}/check-suite/3/now`,
  repository: SHOP,
  state: 'failure',
  headSha: SHA,
  headBranch: sessionBranch(id),
});
const merged: HostEvent = {
  kind: 'pull-request-closed',
  ...ofPull,
  eventKey: `${WORKSPACE}/2/closed/now`,
  isMerged: true,
};

describe('what a lost delivery was about', () => {
  it.each<[string, number, (id: string) => HostEvent, string]>([
    ['a review', 2, () => review, review.eventKey],
    ['failed checks', 2, failed, `${WORKSPACE}/checks/${SHA}`],
    ['words in the issue', 1, () => words, words.messageKey],
    ['a merge', 2, () => merged, merged.eventKey],
  ])('is found, and wakes once: %s', async (_name, number, eventOf, key) => {
    const id = await world.begin();
    await world.watch(1);
    world.happen(number, eventOf(id));
    await world.watch(12);
    expect(await world.woken(id)).toEqual([key]);
  });

  it('is one message with its delivery, whichever comes first', async () => {
    const id = await world.begin();
    await world.deliver(review);
    for (const event of [review, failed(id)]) world.happen(2, event);
    world.happen(1, words);
    await world.watch(6);
    for (const event of [review, words, failed(id)]) await world.deliver(event);
    expect((await world.woken(id)).toSorted()).toEqual(
      [review.eventKey, words.messageKey, `${WORKSPACE}/checks/${SHA}`].toSorted(),
    );
  });

  it('is an edit of words that came, whatever it says by then', async () => {
    const id = await world.begin();
    world.happen(1, words);
    await world.watch(1);
    const edited = { ...words, kind: 'edited', editKey: `${words.messageKey}/later`, text: 'Wait!' } as const;
    world.happen(1, edited);
    await world.watch(12);
    expect(await world.texts(id)).toEqual(['Wait!']);
  });

  it('is a check that passed, which wakes whoever waits for it, once', async () => {
    const id = await world.begin();
    const untilMs = world.clock.nowMs() + 60 * MINUTE_MS;
    const awaitedChecks = { repository: SHOP, headSha: SHA, untilMs };
    await world.changed(id, { awaitedChecks, wakeAtMs: untilMs });
    const passed = { ...failed(id), state: 'success' } as HostEvent;
    world.happen(2, passed);
    await world.sweep();
    expect(await world.store.load(id)).toMatchObject({ wakeAtMs: passed.receivedAtMs });
    await world.watch(12);
    expect(await world.woken(id)).toHaveLength(1);
  });

  it('ends a session that was merged, which is asked about no more', async () => {
    const id = await world.begin();
    world.happen(2, merged);
    await world.watch(2);
    expect(await world.store.load(id)).toMatchObject({ status: 'ended' });
    expect(await world.pollAtMs(id)).toBeUndefined();
  });
});

describe('a host', () => {
  it('is asked every five minutes, later less often', async () => {
    const id = await world.begin();
    await world.watch(11);
    expect(world.host.reads.filter((read) => read.startsWith('pull'))).toHaveLength(3);
    await world.clock.advance(24 * 60 * MINUTE_MS);
    await world.sweep();
    expect(await world.pollAtMs(id)).toBe(world.clock.nowMs() + 30 * MINUTE_MS);
  });

  it.each([
    ['all are over', { closedPullRequests: [`${SHOP}/pull/2`] }],
    ['there is none', { pullRequests: [] }],
    ['the session has ended', { status: 'ended' as const }],
  ])('is not asked, and the session not due, when %s', async (_name, change) => {
    const id = await world.begin();
    await world.changed(id, change);
    await world.sweep();
    expect(world.host.reads).toEqual([]);
    expect((await world.store.listDue(Infinity, { limit: 9 })).items).toEqual([]);
  });

  it('that tells of nothing is not asked', async () => {
    const id = await world.begin(1, 'forge://shop');
    await world.sweep();
    expect([world.host.reads, await world.pollAtMs(id)]).toEqual([[], undefined]);
    const { missed: _none, ...without } = world.ports;
    const other = await world.begin(5);
    await sweep(without, MANAGER);
    expect([world.host.reads, await world.pollAtMs(other)]).toEqual([[], undefined]);
  });

  it('that does not answer is tried once, and asked later about all', async () => {
    const ids = [await world.begin(1), await world.begin(11), await world.begin(21)];
    world.host.failure = new Fault('transient', 'no answer');
    await world.watch(4);
    expect(world.host.reads).toHaveLength(1);
    world.host.failure = undefined;
    world.happen(2, review);
    await world.watch(8);
    expect(await Promise.all(ids.map(world.woken))).toContainEqual([review.eventKey]);
  });

  it('that refuses one session holds up no other', async () => {
    const ids = [await world.begin(1), await world.begin(11)];
    world.host.failure = new Fault('missing', 'gone');
    await world.sweep();
    expect(world.host.reads).toHaveLength(2);
    for (const id of ids) expect(await world.pollAtMs(id)).toBeGreaterThan(world.clock.nowMs());
  });

  it('is asked about twenty sessions at once at most', async () => {
    for (let i = 0; i < 22; i += 1) await world.begin(1 + 10 * i);
    const pulls = () => world.host.reads.filter((read) => read.startsWith('pull')).length;
    await world.sweep();
    expect(pulls()).toBe(20);
    await world.sweep();
    expect(pulls()).toBe(22);
  });
});
