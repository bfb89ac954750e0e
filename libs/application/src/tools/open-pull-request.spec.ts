import { describe, expect, it } from '@jest/globals';
import { Fault, newSession, sessionBranch, sessionIdOf, textOf, withoutVerification } from '@swe/domain';
import type { IssueRef, RanCommand, Repository, RunResult, RunSpec, Session } from '@swe/domain';
import { MemoryDirectory, MemoryRepoHost } from '@swe/testing/memory';
import type { DemandRight } from '../agent/demand-right';
import type { ToolContext } from '../agent/tool';
import { AGENT_EMAIL } from '../agent/shell-environment';
import { openPullRequest } from './open-pull-request';

const SHOP = 'forge://shop';
const ISSUE: IssueRef = { repository: SHOP, number: 7 };
const opened = newSession(
  {
    messageKey: 'm1',
    origin: 'terminal:1',
    requester: 'local:ada',
    addressed: true,
    body: { kind: 'text', text: 'Fix it.' },
    receivedAtMs: 0,
  },
  1,
);
const BRANCH = sessionBranch(opened.id, 7);
const TREE = 'e'.repeat(40);
const ADA = { name: 'Ada', isBot: false, isGuest: false, isForeign: false, isKnown: true };
const SKIPS = `diff --git a/a.spec.ts b/a.spec.ts
--- a/a.spec.ts
+++ b/a.spec.ts
@@ -1 +1 @@
-it('adds')
+it.skip('adds')
`;
const PUSH = `push --porcelain --no-recurse-submodules --receive-pack=git-receive-pack --no-signed -- memory:shop HEAD:refs/heads/${BRANCH}`;

interface Situation {
  readonly branch?: string;
  readonly status?: string;
  readonly ahead?: number;
  readonly cloneUrl?: string;
  readonly repositories?: readonly string[];
  readonly issue?: IssueRef;
  /** The shop may only be read, and this is the agent's fork of it. */
  readonly fork?: string;
  readonly archived?: boolean;
  /** Of those for whom the agent works somebody may not write there. */
  readonly lacksRight?: boolean;
  readonly checks?: readonly RanCommand[];
  readonly isRepair?: boolean;
  /** What git shows of the change against the base branch, and against what is pushed already. */
  readonly diff?: string;
  readonly repairDiff?: string;
  /** Git shows no more of it than this. */
  readonly isDiffCut?: boolean;
  readonly pollAtMs?: number;
  /** What their host credits the requester's commits to. */
  readonly commitEmail?: string;
  /** Commits that the shell pushed before. */
  readonly uncredited?: number;
  /** There are files that git-lfs keeps elsewhere: they can be brought there, or not. */
  readonly largeFiles?: 'brought' | 'stuck' | 'without git-lfs';
  /** What a push does to the host; by default it arrives. */
  readonly push?: 'fails' | 'is lost';
}

function accessOf({ fork, archived = false }: Situation): Repository['access'] {
  if (archived) return 'archived';
  return fork === undefined ? 'write' : 'read';
}

/** The tool in a working copy of the shop, on a git that answers as the situation says. */
function openTool(situation: Situation = {}) {
  const { branch = BRANCH, status = '', ahead = 2, cloneUrl = 'memory:shop', issue, push } = situation;
  const { checks = [], isRepair = false, diff = '', repairDiff = '', isDiffCut = false } = situation;
  const repoHost = new MemoryRepoHost();
  repoHost.addRepository('forge://first');
  repoHost.addRepository(SHOP, 'main', accessOf(situation));
  if (situation.fork !== undefined) repoHost.addRepository(situation.fork);
  const ran: string[] = [];
  const argvs: string[][] = [];
  const effects: string[] = [];
  const head = 'c'.repeat(40);

  function git(args: string): string | undefined {
    const [, range] =
      /^-c core\.quotePath=false diff .*--no-ext-diff .*--end-of-options (\S+) --$/.exec(args) ?? [];
    if (range !== undefined) return range.startsWith('origin/') ? diff : repairDiff;
    // One commit of the agent's that credits nobody.
    if (args.startsWith('log --format=%x01%ae')) {
      const isPushed = args.endsWith(' origin/main..HEAD --');
      return `\x01${AGENT_EMAIL}\t\n`.repeat(isPushed ? (situation.uncredited ?? 0) : 1);
    }
    if (args.startsWith('-C /workspace/shop filter-branch ')) return '';
    switch (args) {
      case 'grep -lF filter=lfs -- .gitattributes **/.gitattributes':
        return situation.largeFiles === undefined ? undefined : '.gitattributes\n';
      case 'lfs version':
        return situation.largeFiles === 'without git-lfs' ? undefined : 'git-lfs/3.3.0\n';
      case 'lfs push origin HEAD':
        return situation.largeFiles === 'stuck' ? undefined : '';
      case 'rev-parse --show-toplevel --path-format=absolute --git-path swe-credit':
        return '/workspace/shop\n/workspace/shop/.git/swe-credit\n';
      case 'for-each-ref --format=%(refname) refs/swe-credit':
        return '';
      case 'config --get remote.origin.url':
        return `${cloneUrl}\n`;
      case 'branch --show-current':
        return `${branch}\n`;
      case 'status --porcelain --untracked-files=normal':
        return status;
      case 'rev-list --count origin/main..HEAD':
      case 'rev-list --count origin/next..HEAD':
        return `${ahead}\n`;
      case 'rev-parse HEAD':
        return `${head}\n`;
      case 'rev-parse --show-toplevel HEAD^{tree}':
        return `/workspace/shop\n${TREE}\n`;
      case PUSH:
      case PUSH.replace('memory:shop', 'memory:shop-fork'):
        if (push === undefined) repoHost.pushCommit(situation.fork ?? SHOP, branch, head);
        return push === 'fails' ? undefined : 'done\n';
      default:
        throw new Error(`nobody scripted git ${args}`);
    }
  }

  const run = async ({ command, cwd }: RunSpec): Promise<RunResult> => {
    if (!('argv' in command)) throw new Error('a shell was asked');
    const args = command.argv.slice(3).join(' ');
    argvs.push([...command.argv]);
    ran.push(args);
    const printed = git(args);
    const output = {
      head: printed ?? '! [rejected]',
      tail: '',
      omittedBytes: isDiffCut && args.includes(' diff ') ? 1 : 0,
      totalBytes: 1,
      spoolPath: '',
      spooledBytes: 1,
    };
    const exitCode = printed === undefined ? 1 : 0;
    return { end: 'exited', exitCode, signal: null, output, cwd, leftovers: 0, durationMs: 0 };
  };

  const pushes: RunSpec[] = [];
  const pushProcesses = {
    run: (spec: RunSpec) => {
      pushes.push(spec);
      return run(spec);
    },
  };
  const forks = { fork: async () => repoHost.repository(situation.fork ?? SHOP) };
  const granted: string[] = [];
  const grant = (url: string): void => void granted.push(url);
  const followed: number[] = [];
  const follow = async ({ number }: IssueRef): Promise<void> => void followed.push(number);
  const directory = new MemoryDirectory();
  const { commitEmail } = situation;
  if (commitEmail !== undefined) directory.people.set(opened.requester, { ...ADA, commitEmail });
  const demanded: unknown[] = [];
  const demandRight = async (...args: Parameters<DemandRight>): Promise<void> => {
    demanded.push(args);
    if (situation.lacksRight === true) throw new Fault('denied', 'Ada may not write there.');
  };
  const ports = { processes: { run }, pushProcesses, repoHost, forks, directory, demandRight };
  const tool = openPullRequest({ ...ports, grant, follow, issue });
  let session: Session = {
    ...opened,
    repositories: [...(situation.repositories ?? ['forge://first', SHOP])],
    ...(situation.pollAtMs !== undefined && { pollAtMs: situation.pollAtMs }),
  };
  const changes: unknown[] = [];
  return {
    repoHost,
    ran,
    argvs,
    pushes,
    effects,
    demanded,
    granted,
    followed,
    changes,
    session: () => session,
    async call(
      title = 'Fix the total',
      body = 'It was off by one.',
      more: { readonly base?: string; readonly draft?: boolean } = {},
    ) {
      const context: ToolContext = {
        callId: 'c1',
        session,
        people: [session.requester],
        record: { checks, isRepair },
        resultOf: () => undefined,
        signal: new AbortController().signal,
        wordsArrive: new AbortController().signal,
        startedAtMs: 0,
        effect: (key, _what, act) => {
          effects.push(key);
          return act();
        },
      };
      const {
        content,
        isError = false,
        session: change,
      } = await tool.call({ directory: 'shop', title, body, ...more }, context);
      changes.push(change);
      session = { ...session, ...(change as Partial<typeof session>) };
      return { said: textOf(content), isError };
    },
    request: () => repoHost.findPullRequest(SHOP, branch, situation.fork),
  };
}

describe('open_pull_request', () => {
  it('pushes the branch, opens its pull request, and tells the session', async () => {
    const world = openTool();
    const { said, isError } = await world.call();
    const request = await world.request();
    expect(request).toMatchObject({
      headBranch: BRANCH,
      baseBranch: 'main',
      title: 'Fix the total',
      body: expect.stringMatching(/\n\nIt was off by one\.$/),
    });
    expect(isError).toBe(false);
    expect(said).toContain(`Opened ${request?.url} (2 commits, head ${request?.headSha.slice(0, 10)}).\n`);
    const { number, url, headSha } = request ?? {};
    const facts = { repository: SHOP, headBranch: BRANCH, number, url, headSha };
    expect(world.session()).toMatchObject({ pullRequests: [facts], pollAtMs: 0 });
    expect(world.followed).toEqual([number]);
  });

  it('credits the requester with the commits before it pushes them, and says so', async () => {
    const world = openTool({ commitEmail: '1+ada@users.noreply.github.com' });
    const { said } = await world.call();
    expect(said).toContain('given the line "Co-authored-by: Ada <1+ada@users.noreply.github.com>"');
    const [credit, read, push] = [/ filter-branch /, /^rev-parse HEAD$/, /^push /].map((shape) =>
      world.ran.findIndex((args) => shape.test(args)),
    );
    expect(credit).toBeGreaterThan(0);
    expect(read).toBeGreaterThan(credit ?? 0);
    expect(push).toBeGreaterThan(read ?? 0);
    expect(said).not.toContain('lack the line');
    const pushed = openTool({ commitEmail: '1+ada@users.noreply.github.com', uncredited: 2 });
    expect((await pushed.call()).said).toContain('2 of your commits lack the line');
  });

  it('goes through a fork where the repository itself can’t be pushed to', async () => {
    const world = openTool({ fork: 'memory://ours/shop-fork' });
    expect((await world.call()).said).toMatch(/^Opened /);
    expect(world.pushes[0]?.command).toMatchObject({ argv: expect.arrayContaining(['memory:shop-fork']) });
    expect(await world.request()).toMatchObject({
      repository: SHOP,
      headRepository: 'memory://ours/shop-fork',
    });
    expect(world.session().repositories).toContain('memory://ours/shop-fork');
    expect(world.session().upstreams).toEqual({ 'memory://ours/shop-fork': SHOP });
    expect(world.granted).toEqual(['memory://ours/shop-fork']);
    expect((await world.call('A better title')).said).toMatch(/^Updated /);
  });

  it('pushes nothing for whoever may not write there', async () => {
    const world = openTool({ lacksRight: true });
    expect(await world.call()).toEqual({ said: 'Ada may not write there.', isError: true });
    expect(world.demanded).toEqual([['write', SHOP, ['local:ada']]]);
    expect(world.pushes).toEqual([]);
  });

  it('opens none from a fork for whoever may not read there', async () => {
    const world = openTool({ fork: 'memory://ours/shop-fork', lacksRight: true });
    expect(await world.call()).toMatchObject({ isError: true });
    expect(world.demanded).toEqual([['read', SHOP, ['local:ada']]]);
    expect(world.pushes).toEqual([]);
  });

  it('brings what git-lfs keeps elsewhere there first, and pushes nothing when it can’t', async () => {
    const world = openTool({ largeFiles: 'brought' });
    expect((await world.call()).said).toMatch(/^Opened /);
    const at = ['lfs push origin HEAD', PUSH].map((args) => world.ran.indexOf(args));
    expect(at[0]).toBeGreaterThan(0);
    expect(at[1]).toBeGreaterThan(at[0] ?? 0);
    expect(world.pushes).toHaveLength(1);

    const stuck = openTool({ largeFiles: 'stuck' });
    expect(await stuck.call()).toMatchObject({ said: expect.stringMatching(/^Not pushed: /), isError: true });
    expect(stuck.pushes).toEqual([]);
    expect((await openTool({ largeFiles: 'without git-lfs' }).call()).said).toMatch(/^Opened /);
  });

  it('opens none in an archive, and pushes nothing there', async () => {
    const world = openTool({ archived: true });
    expect(await world.call()).toEqual({
      said: `${SHOP} is archived: no pull request can be opened there. Your commits are kept in shop. Ask the person to have it unarchived, or for the repository that took its place.`,
      isError: true,
    });
    expect(world.pushes).toEqual([]);
  });

  it('announces the push and the pull request before it does them', async () => {
    const world = openTool();
    await world.call();
    const { headSha } = (await world.request()) ?? {};
    expect(world.effects).toEqual([
      `${opened.id}/push/${headSha}`,
      `${opened.id}/pull-request/${SHOP}/${BRANCH}`,
    ]);
  });

  it('runs the push alone where repositories can be written, without the configuration of the shell', async () => {
    const world = openTool();
    await world.call();
    const [pushed, ...others] = world.pushes;
    expect(pushed?.command).toMatchObject({ argv: expect.arrayContaining(['push']) });
    expect(pushed?.env).toMatchObject({ GIT_CONFIG_GLOBAL: '/dev/null' });
    expect(others).toEqual([]);
  });

  it('updates the one that is open instead of opening a second', async () => {
    const world = openTool();
    await world.call();
    const first = await world.request();
    expect((await world.call('A better title', 'More.')).said).toMatch(/^Updated /);
    expect(await world.request()).toMatchObject({
      number: first?.number,
      title: 'A better title',
      body: expect.stringMatching(/\n\nMore\.$/),
    });
    expect(world.session().pullRequests).toHaveLength(1);
  });

  it('opens a draft, leaves it one while nothing else is said, and makes it ready', async () => {
    const world = openTool();
    expect((await world.call('t', 'b', { draft: true })).said).toMatch(/^Opened .*, a draft\)\./);
    expect((await world.call()).said).toMatch(/^Updated .*, a draft\)\./);
    expect(await world.request()).toMatchObject({ isDraft: true });
    expect((await world.call('t', 'b', { draft: false })).said).not.toContain('draft');
    expect(await world.request()).not.toHaveProperty('isDraft');
  });

  /** The branch's pull request is open already, into another branch than the default one. */
  async function openIntoNext() {
    const world = openTool();
    for (const branch of ['next', BRANCH]) world.repoHost.pushCommit(SHOP, branch);
    const draft = { repository: SHOP, headBranch: BRANCH, baseBranch: 'next', title: 't', body: '' };
    await world.repoHost.openPullRequest(draft);
    return world;
  }

  it.each([{}, { base: 'next' }])(
    'looks at what an open one changes in its own base branch (%j)',
    async (more) => {
      const world = await openIntoNext();
      expect((await world.call('t', 'b', more)).said).toMatch(/^Updated /);
      const ranges = world.ran.flatMap((args) => / ?(origin\/\w+\.{2,3}HEAD)/.exec(args)?.[1] ?? []);
      expect(ranges).toEqual(['origin/next..HEAD', 'origin/next...HEAD']);
    },
  );

  it('refuses another base branch than that of an open one, and pushes nothing', async () => {
    const world = await openIntoNext();
    const { said, isError } = await world.call('t', 'b', { base: 'main' });
    expect(isError).toBe(true);
    expect(said).toContain('merges into next, not into main');
    expect(world.pushes).toEqual([]);
    expect((await world.request())?.title).toBe('t');
  });

  it('has its host asked at once also where the session is said to wait for that already', async () => {
    const world = openTool({ pollAtMs: 0 });
    await world.call();
    expect(world.changes).toMatchObject([{ pollAtMs: 0 }]);
  });

  it('opens another when the one before was closed', async () => {
    const world = openTool();
    await world.call();
    const first = await world.request();
    world.repoHost.closePullRequest(SHOP, first?.number ?? 0);
    expect((await world.call()).said).toMatch(/^Opened /);
    expect(world.session().pullRequests.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('takes a warning of git’s for no change', async () => {
    const status =
      "warning: ignoring 'submodule.x.url' which may be interpreted as a command-line option: -x\n";
    expect((await openTool({ status }).call()).said).toMatch(/^Opened /);
  });

  it('says "1 commit" of one', async () => {
    expect((await openTool({ ahead: 1 }).call()).said).toContain('(1 commit, ');
  });

  const hostile = 'Fix `rm -rf ~` $(touch x) "a" \'b\' ; & | > \\ $& #1';
  it('hands title and body over as they are, and never to a command line', async () => {
    const world = openTool();
    await world.call(hostile, `${hostile}\n\n${hostile}`);
    expect(await world.request()).toMatchObject({
      title: hostile,
      body: expect.stringContaining(`\n\n${hostile}\n\n${hostile}`),
    });
    expect(world.argvs.flat().join('\n')).not.toContain('rm -rf');
  });
});

describe('open_pull_request refuses', () => {
  it.each<[string, Situation, string]>([
    ['the default branch', { branch: 'main' }, 'shop is on main'],
    [
      "another session's branch",
      { branch: sessionBranch(sessionIdOf('terminal:2', 1)) },
      'only this session',
    ],
    ['a branch that only begins alike', { branch: `${sessionBranch(opened.id)}x` }, 'only this session'],
    ['a working copy on no branch', { branch: '' }, 'shop is on no branch'],
    ['changes that are not committed', { status: ' M a.ts\n?? b.ts\n' }, 'M a.ts\n?? b.ts'],
    ['a change behind a warning', { status: 'warning: odd\n M a.ts\n' }, ' M a.ts'],
    ['a branch with nothing on it', { ahead: 0 }, 'has no commit that main lacks'],
    [
      'a working copy of a foreign repository',
      { cloneUrl: 'https://evil.example/x' },
      'https://evil.example/x',
    ],
    ['a repository that the session did not clone', { repositories: ['forge://first'] }, 'did not bring in'],
  ])('%s, and pushes nothing', async (_name, situation, words) => {
    const world = openTool(situation);
    const { said, isError } = await world.call();
    expect(isError).toBe(true);
    expect(said).toContain(words);
    expect(world.ran).not.toContain(PUSH);
    expect(world.effects).toEqual([]);
  });

  it.each<[string, Situation, string]>([
    ['that git refused', { push: 'fails' }, 'git push failed.\n! [rejected]'],
    ['that the host does not show', { push: 'is lost' }, `is at nothing`],
  ])('to believe in a push %s, and opens nothing', async (_name, situation, words) => {
    const world = openTool(situation);
    const { said, isError } = await world.call();
    expect(isError).toBe(true);
    expect(said).toContain(words);
    expect(await world.request()).toBeUndefined();
  });

  it('to believe in a push when the branch is elsewhere', async () => {
    const world = openTool({ push: 'is lost' });
    const elsewhere = world.repoHost.pushCommit(SHOP, BRANCH);
    expect((await world.call()).said).toContain(`is at ${elsewhere}`);
  });

  it.each([
    ['no title', '', 'b'],
    ['a title that is too long', 'x'.repeat(251), 'b'],
    ['no body', 't', ''],
  ])('%s, and runs nothing', async (_name, title, body) => {
    const world = openTool();
    expect((await world.call(title, body)).isError).toBe(true);
    expect(world.ran).toEqual([]);
  });
});

describe("the pull request of an issue's session", () => {
  it.each([
    ['It was off by one.', 'It was off by one.\n\nCloses #7'],
    ['It was off by one.\n\n', 'It was off by one.\n\nCloses #7'],
    ['Closes #77.', 'Closes #77.\n\nCloses #7'],
    ['See #7.', 'See #7.\n\nCloses #7'],
    ['It encloses #7', 'It encloses #7\n\nCloses #7'],
    ['Closes #7', 'Closes #7'],
    ['fixes: #7, and more', 'fixes: #7, and more'],
    ['This RESOLVED #7.', 'This RESOLVED #7.'],
  ])('with the body %j says once that it closes it', async (body, expected) => {
    const world = openTool({ issue: ISSUE });
    await world.call('t', body);
    const written = (await world.request())?.body ?? '';
    expect(withoutVerification(written)).toBe(expected);
    await world.call('t', written);
    expect((await world.request())?.body).toBe(written);
  });

  it('in another repository closes nothing', async () => {
    const world = openTool({ issue: { ...ISSUE, repository: 'forge://first' } });
    await world.call('t', 'b');
    expect(withoutVerification((await world.request())?.body ?? '')).toBe('b');
  });
});

describe('the verification of a pull request', () => {
  const ran = { command: 'npm test', cwd: '/workspace/shop', exitCode: 0, workingCopy: '/workspace/shop' };

  it('is in its body, and told to the model', async () => {
    const world = openTool({ checks: [{ ...ran, tree: TREE }], diff: SKIPS });
    const { said } = await world.call();
    const lines = [
      '- `npm test` (tests): exit code 0, on what is pushed',
      '- tests skipped or left out: `a.spec.ts` (1)',
    ];
    for (const line of lines) {
      expect((await world.request())?.body).toContain(line);
      expect(said).toContain(line);
    }
  });

  it('says when nothing was run, and when it was something else', async () => {
    expect((await openTool().call()).said).toContain('**No tests were run.**');
    const world = openTool({ checks: [{ ...ran, tree: 'f'.repeat(40) }] });
    expect((await world.call()).said).toContain(
      '**No tests were run on what is pushed: it was changed since.**',
    );
  });

  it.each<[string, readonly RanCommand[], string, string]>([
    ['never ran them', [], '', '**No tests were run.**'],
    ['saw them fail', [{ ...ran, tree: TREE, exitCode: 1 }], '', '**Tests did not pass on what is pushed.**'],
    [
      'edited behind them',
      [{ ...ran, tree: 'f'.repeat(40) }],
      '',
      '**No tests were run on what is pushed: it was changed since.**',
    ],
    [
      'ran some of them',
      [{ ...ran, tree: TREE, command: 'npx jest fare.spec.ts' }],
      '',
      '**Only some of the tests were run on what is pushed.**',
    ],
    [
      'let them fail',
      [{ ...ran, tree: TREE, command: 'npm test || true' }],
      '',
      '**No exit code says whether the tests passed on what is pushed.**',
    ],
    ['skipped them', [{ ...ran, tree: TREE }], SKIPS, '- tests skipped or left out: `a.spec.ts` (1)'],
    [
      'made them ask for less',
      [{ ...ran, tree: TREE }],
      SKIPS.replace("-it('adds')", '-  expect(total).toBe(3);').replace("+it.skip('adds')", '+'),
      '- assertions removed: `a.spec.ts` (1)',
    ],
  ])('says so of an agent that %s and claims that all pass', async (_lie, checks, diff, line) => {
    const world = openTool({ checks, diff });
    await world.call('Fix it', '## Verification\n\nAll tests pass on what is pushed.');
    const { body = '' } = (await world.request()) ?? {};
    expect(body).toContain(line);
    expect(body.indexOf(line)).toBeLessThan(body.indexOf('All tests pass'));
    expect(body).toContain('## Verification, as the agent tells it');
  });

  it('warns of nothing where all was run as it should be, after a failure and some of the tests too', async () => {
    const checks = [
      { ...ran, tree: 'f'.repeat(40), exitCode: 1 },
      { ...ran, tree: TREE, command: 'npx jest fare.spec.ts' },
      { ...ran, tree: TREE },
      { ...ran, tree: TREE, command: 'npm run lint' },
    ];
    const { said } = await openTool({ checks }).call();
    expect(said).not.toContain('**');
    expect(said).not.toContain('What this change does');
  });

  it('says when there was more than could be looked through', async () => {
    expect((await openTool({ isDiffCut: true }).call()).said).toContain(
      'Not all of the change could be looked through.',
    );
  });

  it('is replaced when the pull request is updated', async () => {
    const world = openTool();
    await world.call();
    await world.call('t', `${(await world.request())?.body}\n\nMore.`);
    const { body = '' } = (await world.request()) ?? {};
    expect(body.match(/## Verification/g)).toHaveLength(1);
    expect(withoutVerification(body)).toBe('It was off by one.\n\nMore.');
  });

  it('leaves room for the longest body', async () => {
    const world = openTool({
      checks: Array.from({ length: 50 }, (_, i) => ({
        ...ran,
        command: `npm test ${i} ${'x'.repeat(999)} | tail`,
      })),
      diff: Array.from({ length: 50 }, (_, i) =>
        SKIPS.replaceAll('a.spec', `${'a'.repeat(200)}${i}.spec`),
      ).join(''),
    });
    await world.call('t', 'x'.repeat(56_000));
    expect((await world.request())?.body.length).toBeLessThan(65_536);
  });
});

describe('in a repair of failed checks', () => {
  /** The session's pull request is open, and what is committed since changes this. */
  function openRepair(situation: Situation) {
    const world = openTool({ isRepair: true, ...situation });
    return { ...world, before: world.repoHost.pushCommit(SHOP, BRANCH) };
  }

  it('what makes them say less is not pushed, and the model is told whom to ask', async () => {
    const world = openRepair({ repairDiff: SKIPS });
    const { said, isError } = await world.call();
    expect(isError).toBe(true);
    expect(said).toContain('- tests skipped or left out: `a.spec.ts` (1)');
    expect(said).toContain('ask_user');
    expect(world.pushes).toEqual([]);
    expect(await world.repoHost.branchHead(SHOP, BRANCH)).toBe(world.before);
    expect(world.effects).toEqual([]);
  });

  it('what can’t be looked through is not pushed', async () => {
    const world = openRepair({ isDiffCut: true });
    expect((await world.call()).said).toContain('more than could be looked through');
    expect(world.pushes).toEqual([]);
  });

  it('what was pushed before counts no more, nor do tests that are edited', async () => {
    const edits = SKIPS.replace('it.skip', 'it');
    const world = openRepair({ diff: SKIPS, repairDiff: edits });
    await world.call();
    expect(world.pushes).toHaveLength(1);
  });

  it('a person may have it pushed', async () => {
    const world = openTool({ repairDiff: SKIPS });
    world.repoHost.pushCommit(SHOP, BRANCH);
    expect((await world.call()).said).toMatch(/^Opened /);
  });
});
