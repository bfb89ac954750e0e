import { beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, sessionBranch } from '@swe/domain';
import type { ChecksFinished, CodeEvent, PullRequestClosed, Reviewed } from '@swe/domain';
import {
  MemoryEventBus,
  MemoryJournal,
  MemoryOutbox,
  MemorySessionStore,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { handleCodeEvent } from './handle-code-event';

const SHOP = 'https://github.com/acme/shop';
const ORIGIN = 'github:github.com/acme/shop/2';
const ADA = 'github:ada';
const SHA = 'a'.repeat(40);

let world: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  world = await open();
});

/** A Slack thread's session that opened pull request 2 of the shop and pushed `SHA` there. */
async function open() {
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const outbox = new MemoryOutbox(data);
  const ports = { store, bus: new MemoryEventBus(), logger: silentLogger };
  const body = { kind: 'text', text: 'Fix it.' } as const;
  const first = { messageKey: 'm1', origin: 'slack:T/C/1', requester: 'slack:T/U', addressed: true, body };
  const { sessionId } = await store.receive({ ...first, receivedAtMs: 0 });
  const headBranch = sessionBranch(sessionId);
  const change = async (what: Parameters<typeof store.change>[2]): Promise<void> => {
    const { revision } = (await store.load(sessionId))!;
    await store.change(sessionId, revision, what);
  };
  await store.takeOver(ORIGIN, sessionId);
  const pullRequest = { repository: SHOP, headBranch, number: 2, url: `${SHOP}/pull/2`, headSha: SHA };
  await change({ repositories: [SHOP], pullRequests: [pullRequest] });

  const moment = {
    repository: SHOP,
    workspace: 'github:github.com/acme/shop',
    requester: ADA,
    isBot: false,
    receivedAtMs: 5,
  };
  const pullRequestMoment = { ...moment, origin: ORIGIN, number: 2, headBranch, headSha: SHA };
  const handle = (event: CodeEvent): Promise<void> =>
    handleCodeEvent(ports, { allowedBots: ['friend[bot]'] }, event);
  let events = 0;
  const eventKey = (): string => `event-${(events += 1)}`;
  return {
    sessionId,
    store,
    change,
    /** What the agent does with the messages so far: it takes them up, but refuses those of `refused`. */
    async take(refused: readonly string[] = []) {
      const outcome = { kind: 'refused', reason: 'No.' } as const;
      const items = await store.readInbox(sessionId, 0);
      const outcomes = items
        .filter(({ requester }) => refused.includes(requester))
        .map(({ seq }) => ({ seq, outcome }));
      const lease = await store.takeLease({ sessionId, holder: 'agent', generation: 0, dueAtMs: 0 });
      const admit = { cursor: items.length, items };
      await new MemoryJournal(data).append({ ...lease, entries: [], admit, outcomes, session: {} });
      await store.releaseLease(lease, {});
    },
    handle,
    pullRequest,
    review: (more: Partial<Reviewed> = {}): Promise<void> =>
      handle({
        ...pullRequestMoment,
        kind: 'reviewed',
        eventKey: eventKey(),
        state: 'changes-requested',
        body: 'Please rename it.',
        isAddressed: false,
        ...more,
      }),
    checks: (more: Partial<ChecksFinished> = {}): Promise<void> =>
      handle({
        ...moment,
        kind: 'checks-finished',
        eventKey: eventKey(),
        requester: 'github:github-actions[bot]',
        isBot: true,
        state: 'failure',
        headSha: SHA,
        headBranch,
        ...more,
      }),
    close: (more: Partial<PullRequestClosed> = {}): Promise<void> =>
      handle({
        ...pullRequestMoment,
        kind: 'pull-request-closed',
        eventKey: eventKey(),
        isMerged: true,
        ...more,
      }),
    reopen: (): Promise<void> =>
      handle({ ...pullRequestMoment, kind: 'pull-request-reopened', eventKey: eventKey() }),
    session: async () => (await store.load(sessionId))!,
    /** All but the first message. */
    woken: async () =>
      (await store.readInbox(sessionId, 1)).map(({ body: { ...said }, requester, outcome, cause }) => ({
        said,
        requester,
        outcome,
        ...(cause !== undefined && { cause }),
      })),
    sessions: async () => (await store.list({ limit: 9 })).items.length,
    posts: async () => (await outbox.listUndelivered(sessionId)).map(({ entry }) => entry),
  };
}

describe('a review of a session’s pull request', () => {
  it('wakes the session with what it says', async () => {
    await world.review();
    expect(await world.woken()).toEqual([
      {
        requester: ADA,
        outcome: undefined,
        said: {
          kind: 'text',
          text: expect.stringMatching(
            /^\[harness\] ada reviewed https:\/\/github.com\/acme\/shop\/pull\/2: changes are requested\. .*\n\nPlease rename it\.$/s,
          ),
        },
      },
    ]);
  });

  it('wakes it once, however often it is told', async () => {
    await world.review({ eventKey: 'same' });
    await world.review({ eventKey: 'same' });
    expect(await world.woken()).toHaveLength(1);
  });

  it.each([
    ['that only approves', { state: 'approved', body: '' }],
    ['of a program', { isBot: true, requester: 'github:robot[bot]' }],
    ['of another pull request', { number: 3, origin: 'github:github.com/acme/shop/3' }],
  ] as const)('%s does not', async (_name, more) => {
    await world.review(more);
    expect(await world.woken()).toEqual([]);
    expect(await world.sessions()).toBe(1);
  });

  it.each([
    ['that approves and says more', { state: 'approved', body: 'But rename it.' }],
    ['of a program that may', { isBot: true, requester: 'github:friend[bot]' }],
    ['without words of its own', { state: 'commented', body: '' }],
  ] as const)('%s does', async (_name, more) => {
    await world.review(more);
    expect(await world.woken()).toHaveLength(1);
  });

  it('of a program is stored as one', async () => {
    await world.review({ isBot: true, requester: 'github:friend[bot]' });
    expect(await world.woken()).toMatchObject([{ cause: 'program' }]);
  });

  it('that mentions the agent reaches it in any pull request', async () => {
    await world.review({ number: 3, origin: 'github:github.com/acme/shop/3', isAddressed: true });
    expect(await world.sessions()).toBe(2);
  });

  it('wakes nobody once the session has ended, unless the agent is mentioned', async () => {
    await world.change({ status: 'ended', cursor: 1 });
    await world.review();
    expect(await world.sessions()).toBe(1);
    await world.review({ isAddressed: true });
    expect(await world.sessions()).toBe(2);
  });
});

describe('failed checks of what the session pushed', () => {
  it('wake it on behalf of who last had it work', async () => {
    await world.review({ body: 'Please.' });
    await world.review({ requester: 'github:eve' });
    await world.review({ requester: 'github:friend[bot]', isBot: true });
    await world.take(['slack:T/U', 'github:eve']);
    await world.checks();
    expect((await world.woken()).at(-1)).toMatchObject({ requester: ADA });
  });

  it('wake it on its requester’s behalf, once for a commit', async () => {
    await world.checks();
    await world.checks();
    expect(await world.woken()).toMatchObject([
      {
        requester: 'slack:T/U',
        cause: 'checks',
        said: { text: expect.stringContaining('Checks of your pull request') },
      },
    ]);
    expect((await world.session()).repairs).toBe(1);
  });

  it.each([
    ['that passed', { state: 'success' }],
    ['that were cancelled', { state: 'cancelled' }],
    ['of what a person pushed to the branch', { headSha: 'b'.repeat(40) }],
    ['of another branch', { headBranch: 'main' }],
    ['of a commit without a branch', { headBranch: undefined }],
    ['of a branch of that name elsewhere', { repository: 'https://github.com/eve/shop' }],
  ] as const)('%s do not', async (_name, more) => {
    await world.checks(more as Partial<ChecksFinished>);
    expect(await world.woken()).toEqual([]);
  });

  it('are given up on after three in a row, which is said once', async () => {
    for (const digit of ['1', '2', '3', '4']) {
      const headSha = digit.repeat(40);
      await world.change({ pullRequests: [{ ...world.pullRequest, headSha }] });
      await world.checks({ headSha });
      await world.checks({ headSha });
    }
    const woken = await world.woken();
    expect(woken.map(({ outcome }) => outcome?.kind)).toEqual([
      undefined,
      undefined,
      undefined,
      'command-result',
    ]);
    const posts = await world.posts();
    expect(posts).toMatchObject([{ destination: 'slack:T/C/1', mention: 'slack:T/U' }]);
    expect(posts[0]?.body).toContain('leave them to you');
  });

  it('that are through wake a session that waits for them, once, with nobody having spoken', async () => {
    const awaitedChecks = { repository: SHOP, headSha: SHA, untilMs: 99 };
    await world.change({ awaitedChecks, wakeAtMs: 50 });
    await world.checks({ eventKey: 'suite-1', state: 'success' });
    expect((await world.session()).wakeAtMs).toBe(5);
    expect(await world.woken()).toMatchObject([{ outcome: { kind: 'command-result' } }]);
    expect(await world.posts()).toEqual([]);
    // It sleeps on, for others run: to be told the same again is no news.
    await world.change({ awaitedChecks, wakeAtMs: 50 });
    await world.checks({ eventKey: 'suite-1', state: 'success' });
    expect((await world.session()).wakeAtMs).toBe(50);
    await world.checks({ eventKey: 'suite-2', state: 'cancelled' });
    expect((await world.session()).wakeAtMs).toBe(5);
  });

  it.each([
    ['of another commit', { headSha: 'b'.repeat(40) }],
    ['of another repository', { repository: 'https://github.com/acme/toys' }],
  ])('that are through, %s, let it sleep', async (_name, other) => {
    await world.change({
      awaitedChecks: { repository: SHOP, headSha: SHA, untilMs: 99, ...other },
      wakeAtMs: 50,
    });
    await world.checks({ state: 'success' });
    expect((await world.session()).wakeAtMs).toBe(50);
    expect(await world.woken()).toEqual([]);
  });

  it('that it waits for wake it also when they are given up on', async () => {
    const awaitedChecks = { repository: SHOP, headSha: SHA, untilMs: 99 };
    await world.change({ awaitedChecks, wakeAtMs: 50, repairs: 3 });
    await world.checks();
    expect((await world.session()).wakeAtMs).toBe(5);
  });

  it('that it waits for wake it whoever pushed, and when they are run again', async () => {
    const headSha = 'b'.repeat(40);
    await world.change({ awaitedChecks: { repository: SHOP, headSha, untilMs: 99 }, wakeAtMs: 50 });
    await world.checks({ headSha });
    expect((await world.session()).wakeAtMs).toBe(5);

    await world.checks();
    await world.change({ awaitedChecks: { repository: SHOP, headSha: SHA, untilMs: 99 }, wakeAtMs: 50 });
    await world.checks();
    expect((await world.session()).wakeAtMs).toBe(5);
  });

  it('of a session that has ended are nobody’s business', async () => {
    await world.change({ status: 'ended', cursor: 1 });
    await world.checks();
    expect(await world.woken()).toEqual([]);
  });
});

describe('a pull request that is over', () => {
  it('ends the session when it is merged', async () => {
    await world.close();
    expect(await world.woken()).toMatchObject([
      // A merge queue is nobody the agent works for.
      { said: { kind: 'command', command: 'end' }, requester: 'slack:T/U' },
    ]);
    expect((await world.session()).closedPullRequests).toEqual([`${SHOP}/pull/2`]);
  });

  it('ends it also when the store failed at the first word of it', async () => {
    const { receive } = world.store;
    world.store.receive = () => Promise.reject(new Fault('transient', 'the store is away'));
    await expect(world.close({ eventKey: 'same' })).rejects.toThrow('the store is away');
    world.store.receive = receive;
    expect((await world.session()).closedPullRequests).toBeUndefined();
    await world.close({ eventKey: 'same' });
    expect(await world.woken()).toHaveLength(1);
  });

  it('does not when it was the first of two', async () => {
    const second = { ...world.pullRequest, number: 4, url: `${SHOP}/pull/4` };
    await world.change({ pullRequests: [world.pullRequest, second] });
    await world.close();
    expect(await world.woken()).toEqual([]);
    expect((await world.session()).closedPullRequests).toEqual([`${SHOP}/pull/2`]);
  });

  it('does not when it was closed, and nothing of it is repaired then', async () => {
    await world.close({ isMerged: false });
    await world.checks();
    expect(await world.woken()).toEqual([]);
  });

  it('is looked after again once it is open again', async () => {
    await world.close({ isMerged: false });
    await world.change({ pollAtMs: undefined });
    await world.reopen();
    expect(await world.session()).toMatchObject({ closedPullRequests: [], pollAtMs: 5 });
    await world.checks();
    expect(await world.woken()).toMatchObject([{ cause: 'checks' }]);
  });

  it('wakes no session that has ended by being open again', async () => {
    await world.change({ status: 'ended', cursor: 1, closedPullRequests: [world.pullRequest.url] });
    await world.reopen();
    expect(await world.session()).toMatchObject({
      status: 'ended',
      closedPullRequests: [world.pullRequest.url],
    });
  });
});
