import { expect, it } from '@jest/globals';
import { FREE, sessionBranch, sessionIdOf, textOf } from '@swe/domain';
import type { IncomingMessage, RunResult, RunSpec } from '@swe/domain';
import { memoryAgentPorts, MemoryDirectory, MemoryRepoHost, silentLogger } from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import { DEFAULT_PATIENCE, DEFAULT_SESSION_TIMING, DEFAULT_TURN_LIMITS, runSession } from './agent';
import type { PushStanding } from './agent';
import { handleCodeEvent } from './ingress';
import type { CodeIngressPorts } from './ingress';
import { askUser } from './tools/ask-user';
import { openPullRequest } from './tools/open-pull-request';

const SHOP = 'https://github.com/acme/shop';
const THREAD = 'terminal:1';
const ID = sessionIdOf(THREAD, 1);
const BRANCH = sessionBranch(ID);
const SKIP = [
  'diff --git a/cart.spec.ts b/cart.spec.ts',
  '--- a/cart.spec.ts',
  '+++ b/cart.spec.ts',
  '@@ -1 +1 @@',
  "-it('adds', () => {",
  "+it.skip('adds', () => {",
].join('\n');

const push = (): ScriptedTurn => ({
  calls: [{ name: 'open_pull_request', input: { directory: 'shop', title: 't', body: 'b' } }],
});
const askFirst = (): ScriptedTurn => ({
  calls: [{ name: 'ask_user', input: { question: 'May I skip the test of adding?' } }],
});

/**
 * An agent whose pull request is open, in a working copy in which it has since skipped a test. `stored` is what becomes
 * of a message on its way into the store.
 */
async function open(answers: readonly ScriptedTurn[], stored = (message: IncomingMessage) => message) {
  const ports = memoryAgentPorts(answers);
  const { store, journal, bus, clock, model } = ports;
  const repoHost = new MemoryRepoHost(clock);
  repoHost.addRepository(SHOP);
  const pushed = repoHost.pushCommit(SHOP, BRANCH);
  const say = async (text: string): Promise<void> => {
    const who = { origin: THREAD, requester: 'local:ada', addressed: true, receivedAtMs: clock.nowMs() };
    await store.receive({ ...who, messageKey: text, body: { kind: 'text', text } });
  };
  await say('Fix the total.');
  const draft = { repository: SHOP, headBranch: BRANCH, baseBranch: 'main', title: 't', body: 'b' };
  const { number, url } = await repoHost.openPullRequest(draft);
  const own = { repository: SHOP, headBranch: BRANCH, number, url, headSha: pushed };
  const { revision } = (await store.load(ID))!;
  await store.change(ID, revision, { repositories: [SHOP], pullRequests: [own] });

  const skipped = 'f'.repeat(40);
  const printed = (args: string): string => {
    if (args.includes(' diff ')) return SKIP;
    if (args.startsWith('config ')) return 'memory:shop';
    if (args.startsWith('branch ')) return BRANCH;
    if (args.startsWith('rev-list ')) return '2';
    if (args === 'rev-parse HEAD') return skipped;
    if (args.startsWith('rev-parse ')) return `/workspace/shop\n${'e'.repeat(40)}`;
    if (args.startsWith('push ')) repoHost.pushCommit(SHOP, BRANCH, skipped);
    return '';
  };
  const run = async ({ command, cwd }: RunSpec): Promise<RunResult> => {
    const head = printed('argv' in command ? command.argv.slice(3).join(' ') : '');
    const output = { head, tail: '', omittedBytes: 0, totalBytes: 1, spoolPath: '', spooledBytes: 0 };
    return { end: 'exited', exitCode: 0, signal: null, output, cwd, leftovers: 0, durationMs: 0 };
  };
  const processes = { run };
  const forks = { fork: (url: string) => repoHost.repository(url) };
  const follow = async () => undefined;
  const grant = () => undefined;
  const ingressStore: CodeIngressPorts['store'] = {
    receive: (message, answer) => store.receive(stored(message), answer),
    findSession: (origin) => store.findSession(origin),
    load: (id) => store.load(id),
    change: (...what) => store.change(...what),
    readInbox: (...what) => store.readInbox(...what),
  };
  let runs = 0;
  let standing: PushStanding | undefined;
  return {
    model,
    /** What the agent's git is told, for what is pushed without a tool. */
    isRepairToGit: () => standing?.isRepair(),
    say,
    failChecks: (): Promise<void> =>
      handleCodeEvent(
        { store: ingressStore, bus, logger: silentLogger },
        { allowedBots: [] },
        {
          kind: 'checks-finished',
          eventKey: 'checks',
          repository: SHOP,
          workspace: 'github:github.com/acme/shop',
          requester: 'github:ci[bot]',
          isBot: true,
          receivedAtMs: clock.nowMs(),
          state: 'failure',
          headSha: pushed,
          headBranch: BRANCH,
        },
      ),
    repairs: async () => (await store.load(ID))?.repairs,
    async work(): Promise<void> {
      runs += 1;
      const profile = {
        system: 'You are a test.',
        tools: [
          openPullRequest({
            processes,
            pushProcesses: processes,
            repoHost,
            forks,
            directory: new MemoryDirectory(),
            demandRight: async () => undefined,
            grant,
            follow,
            issue: undefined,
          }),
          askUser(),
        ],
        limits: DEFAULT_TURN_LIMITS,
        patience: DEFAULT_PATIENCE,
        spending: { priceOf: () => FREE, capNanoUsd: 0 },
        heed: (told: PushStanding) => {
          standing = told;
        },
        endProcesses: async () => 0,
      };
      const worker = { sessionId: ID, holder: `agent-${runs}`, generation: 0 };
      await runSession(ports, worker, profile, DEFAULT_SESSION_TIMING, new AbortController().signal);
    },
    isPushed: async () => (await repoHost.branchHead(SHOP, BRANCH)) === skipped,
    async results(): Promise<readonly string[]> {
      const entries = await Array.fromAsync(journal.read(ID, 1));
      return entries.flatMap((entry) => (entry.kind === 'tool-finished' ? [textOf(entry.content)] : []));
    },
  };
}

it('I am asked before a test is skipped to make my checks pass, and then it is done', async () => {
  const world = await open([{ say: 'Done.' }, push(), askFirst(), push(), { say: 'Pushed.' }]);
  await world.work();
  expect(world.isRepairToGit()).toBe(false);
  await world.failChecks();
  await world.work();
  expect(await world.isPushed()).toBe(false);
  expect(world.isRepairToGit()).toBe(true);
  expect((await world.results())[0]).toContain('tests skipped or left out: `cart.spec.ts` (1)');
  expect(await world.repairs()).toBe(1);

  await world.say('Yes, skip it.');
  expect(await world.repairs()).toBe(1);
  await world.work();
  expect(await world.isPushed()).toBe(true);
  expect(world.isRepairToGit()).toBe(false);
  expect(await world.repairs()).toBeUndefined();
  world.model.assertDone();
});

it('what I said before my checks failed is no such word', async () => {
  const world = await open([push(), { say: 'I leave it.' }]);
  await world.failChecks();
  await world.work();
  expect(await world.isPushed()).toBe(false);
  world.model.assertDone();
});

it('control: a wake that does not say what caused it is taken for my word', async () => {
  const uncaused = ({ cause: _cause, ...message }: IncomingMessage): IncomingMessage => message;
  const world = await open([push(), { say: 'Pushed.' }], uncaused);
  await world.failChecks();
  await world.work();
  expect(await world.isPushed()).toBe(true);
  world.model.assertDone();
});
