import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, parseIssueUrl, sessionBranch, text } from '@swe/domain';
import type { NewJournalEntry, Outcome } from '@swe/domain';
import {
  ManualClock,
  MemoryJournal,
  MemoryRepoHost,
  MemorySessionStore,
  MemoryStore,
  MemoryWorkspace,
  ScriptedProcesses,
} from '@swe/testing/memory';
import type { ScriptedProgram } from '@swe/testing/memory';
import { runDemo } from './run-demo';
import type { DemoForge, DemoVerdict } from './run-demo';

const RED = '# pass 23\n# fail 1\n';
const GREEN = '# pass 24\n# fail 0\n';

type Fact = Extract<NewJournalEntry, { kind: 'tool-finished' }>;

const tool = (name: string, said: string, isError = false): Fact => ({
  kind: 'tool-finished',
  atMs: 0,
  callId: 'call',
  name,
  content: [text(said)],
  isError,
  durationMs: 1,
});
const ran = (command: string, exitCode: number, output = '(no output)'): Fact => ({
  ...tool('bash', `${output}\n[exit code ${exitCode} after 0.1 s]`, exitCode !== 0),
  ran: { command, cwd: '/workspace', exitCode },
});

const CLONED = tool('clone_repository', 'Cloned forge://bookshop-abc into bookshop-abc.');
const EDITED = tool('edit_file', 'Changed src/lending.js');
const COMMITTED = ran('git commit -am fix', 0);
const OPENED = tool('open_pull_request', 'Opened it.');
/** What the agent's journal says. */
const FACTS = [CLONED, ran('npm test', 1, RED), EDITED, ran('npm test', 0, GREEN), COMMITTED, OPENED];

/** A world in which everything works, with parts to break. */
function openWorld() {
  const repoHost = new MemoryRepoHost();
  const shared = new MemoryStore();
  const store = new MemorySessionStore(shared);
  const journal = new MemoryJournal(shared);
  const workspace = new MemoryWorkspace();
  let branch = '';
  const program: Record<string, ScriptedProgram> = {
    git: (call) => {
      const [verb = '', ...args] = call.args.slice(2);
      if (verb === 'diff') {
        const changed = branch === 'main' ? [] : world.changedFiles;
        if (args.includes('--quiet'))
          return changed.some((file) => /^(test|package\.json)/.test(file)) ? 1 : 0;
        call.print(changed.join('\n'));
        return 0;
      }
      branch = args[args.indexOf('--branch') + 1] ?? '';
      workspace.put(`${workspace.root}/${args.at(-1)}/package.json`, '{}');
      return 0;
    },
    npm: (call) => {
      const red = branch === 'main' ? world.baseIsRed : !world.isRepaired;
      call.print(red ? RED : GREEN);
      return red ? 1 : 0;
    },
  };
  const world = {
    program,
    agentStarted: false,
    baseIsRed: true,
    opensPullRequest: true,
    isRepaired: true,
    changedFiles: ['src/lending.js'],
    forge: {
      createRepository: async (name) => {
        const url = `forge://${name}`;
        repoHost.addRepository(url);
        return repoHost.repository(url);
      },
      createIssue: async ({ url }, issue) => repoHost.seedIssue(url, { ...issue, labels: [...issue.labels] }),
    } as DemoForge,

    run: async (): Promise<DemoVerdict> => {
      const told: string[] = [];
      const processes = new ScriptedProcesses({
        workspace,
        clock: new ManualClock(),
        programs: world.program,
      });
      const verdict = await runDemo(
        {
          forge: world.forge,
          repoHost,
          store,
          journal,
          processes,
          random: { fraction: () => 0, id: () => 'abc' },
        },
        { signal: new AbortController().signal, onCheck: ({ step }) => told.push(step), runTask: work },
      );
      expect(told).toEqual(verdict.checks.map(({ step }) => step));
      return verdict;
    },
  };

  /** The agent: leaves its journal, its branch and its pull request. */
  async function work(issueUrl: string) {
    world.agentStarted = true;
    const { repository, number } = parseIssueUrl(issueUrl) ?? { repository: 'not an issue', number: 0 };
    const { sessionId } = await store.receive({
      messageKey: 'm',
      origin: 'terminal:1',
      requester: 'local:ada',
      addressed: true,
      body: { kind: 'text', text: issueUrl },
      receivedAtMs: 0,
    });
    const { fence } = await store.takeLease({ sessionId, holder: 'agent', generation: 0, dueAtMs: 1 });
    await journal.append({ sessionId, fence, entries: FACTS });
    const headBranch = sessionBranch(sessionId, number);
    repoHost.pushCommit(repository, headBranch);
    const draft = { repository, headBranch, baseBranch: 'main', title: 'Fix', body: `Closes #${number}` };
    if (world.opensPullRequest) await repoHost.openPullRequest(draft);
    const outcome: Outcome = { kind: 'answered', replyKey: 'r' };
    return { sessionId, outcome };
  }
  return world;
}

function culpritOf({ checks }: DemoVerdict) {
  return checks.find((check) => !check.ok);
}

describe('runDemo', () => {
  let world: ReturnType<typeof openWorld>;
  beforeEach(() => {
    world = openWorld();
  });

  it('is ok when the pull request repairs the repository', async () => {
    const verdict = await world.run();
    expect(verdict).toMatchObject({ ok: true, pullRequestUrl: 'forge://bookshop-abc/pulls/2' });
    expect(verdict.checks.map(({ step, ok }) => `${step}: ${ok}`)).toEqual([
      'repository: true',
      'clone: true',
      'test: true',
      'edit: true',
      'commit: true',
      'push: true',
      'pull request: true',
      'verify: true',
    ]);
  });

  it('finds out from outside that there is no pull request', async () => {
    world.opensPullRequest = false;
    const verdict = await world.run();
    expect(verdict.pullRequestUrl).toBeUndefined();
    expect(culpritOf(verdict)).toMatchObject({ step: 'pull request', detail: 'No pull request was opened.' });
  });

  it('does not take the word of the agent: the tests fail in a fresh clone', async () => {
    world.isRepaired = false;
    expect(culpritOf(await world.run())).toMatchObject({
      step: 'verify',
      detail: expect.stringContaining('23 passed, 1 failed'),
    });
  });

  it.each(['test/lending.test.js', 'package.json'])('does not accept a change of %s', async (file) => {
    world.changedFiles = ['src/lending.js', file];
    expect(culpritOf(await world.run())).toMatchObject({
      step: 'verify',
      detail: expect.stringContaining('changes the tests'),
    });
  });
});

describe('runDemo does not start the agent', () => {
  let world: ReturnType<typeof openWorld>;
  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => {
    expect(world.agentStarted).toBe(false);
  });

  it('without a repository', async () => {
    world.forge = { ...world.forge, createIssue: () => Promise.reject(new Fault('denied', 'read only')) };
    expect(culpritOf(await world.run())).toMatchObject({
      step: 'repository',
      detail: expect.stringContaining('read only'),
    });
  });

  it('when the tests do not fail', async () => {
    world.baseIsRed = false;
    expect(culpritOf(await world.run())).toMatchObject({ step: 'repository' });
  });

  it('when git cannot clone', async () => {
    world.program['git'] = (call) => {
      call.print('fatal: disk full');
      return 128;
    };
    expect(culpritOf(await world.run())).toMatchObject({
      step: 'clone',
      detail: expect.stringContaining('fatal: disk full'),
    });
  });

  it('when there is no npm', async () => {
    delete world.program['npm'];
    expect(culpritOf(await world.run())).toMatchObject({
      step: 'test',
      detail: expect.stringContaining('npm: no such program'),
    });
  });
});
