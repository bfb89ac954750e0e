import { describe, expect, it } from '@jest/globals';
import { Fault, newSession, textOf } from '@swe/domain';
import type { RepoForks, RunResult, RunSpec } from '@swe/domain';
import { MemoryRepoHost, MemoryWorkspace } from '@swe/testing/memory';
import type { DemandRight } from '../agent/demand-right';
import type { ToolContext } from '../agent/tool';
import { cloneRepository } from './clone-repository';

const BRANCH = 'swe/s-issue-7';
const SHOP = 'forge://shop';
const FOREIGN = 'forge://theirs/lib';
const FORK = 'forge://ours/lib-fork';
const ORIGIN_OF = 'config --get remote.origin.url';
const MADE = `rev-parse --verify --quiet refs/heads/${BRANCH}`;
const PUSHED = `rev-parse --verify --quiet refs/remotes/origin/${BRANCH}`;
const ON_MAIN = 'rev-parse --verify --quiet refs/remotes/origin/main';
const LFS = 'grep -lF filter=lfs -- .gitattributes **/.gitattributes';
const TEMPLATES =
  'ls-files -- :(icase)pull_request_template.* :(icase)pull_request_template/* :(icase).github/pull_request_template.* :(icase).github/pull_request_template/* :(icase)docs/pull_request_template.* :(icase)docs/pull_request_template/*';

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

/** A toolbox's clone tool on a git whose answers are `answers`, keyed by folder and arguments: output, or exit code. */
function openTool(
  answers: Readonly<Record<string, string | number>> = {},
  folders: readonly string[] = [],
  forks: RepoForks = { fork: () => Promise.reject(new Error('nobody may fork')) },
) {
  const workspace = new MemoryWorkspace();
  for (const folder of folders) workspace.put(`/workspace/${folder}/README`, '');
  const repoHost = new MemoryRepoHost();
  repoHost.addRepository(SHOP);
  repoHost.addRepository('forge://other/shop', 'trunk');
  repoHost.addRepository(FOREIGN, 'main', 'read');
  repoHost.addRepository(FORK);
  repoHost.addRepository('forge://old/attic', 'main', 'archived');
  const ran: string[] = [];
  const grant = (url: string, base?: string, upstream?: string): void => {
    const of = upstream === undefined ? '' : ` of ${upstream}`;
    ran.push(`grant ${url}${base === undefined ? '' : ` ${base}`}${of}`);
  };
  /** Files that a clone brings. */
  const cloned: string[] = [];
  const run = async ({ command, cwd }: RunSpec): Promise<RunResult> => {
    const argv: readonly string[] = 'argv' in command ? command.argv : ['a shell'];
    const isRemoval = argv[0] === 'rm';
    if (!isRemoval) expect([argv[0], argv[2]]).toEqual(['git', 'core.hooksPath=/dev/null']);
    const args = isRemoval ? argv : argv.slice(3);
    const key = `${cwd}: ${args.join(' ')}`;
    ran.push(key);
    if (args[0] === 'clone') cloned.forEach((path) => workspace.put(`/workspace/${path}`, ''));
    const answer = answers[key] ?? (key.endsWith(LFS) ? 1 : '');
    const head = typeof answer === 'string' ? answer : 'fatal: no';
    const output = {
      head,
      tail: '',
      omittedBytes: 0,
      totalBytes: head.length,
      spoolPath: '',
      spooledBytes: 0,
    };
    const exitCode = typeof answer === 'string' ? 0 : answer;
    return { end: 'exited', exitCode, signal: null, output, cwd, leftovers: 0, durationMs: 0 };
  };
  const demandRight: DemandRight = async (right, repository) => {
    if (repository === 'forge://secret') throw new Fault('denied', `Ada may not ${right} ${repository}.`);
  };
  const ports = { processes: { run }, workspace, repoHost, forks, demandRight };
  const tool = cloneRepository({ ...ports, grant, branch: BRANCH });
  return {
    ran,
    repoHost,
    cloned,
    async clone(repository: string, repositories: string[] = [], base?: string) {
      const session = { ...opened, repositories };
      const context = { session, signal: new AbortController().signal } as ToolContext;
      const {
        content,
        isError = false,
        session: change,
        touched,
      } = await tool.call({ repository, ...(base && { base }) }, context);
      return { said: textOf(content), isError, change, touched };
    },
  };
}

describe('clone_repository', () => {
  it('clones, starts the branch from the default branch, and tells the session', async () => {
    const world = openTool({ [`shop: ${PUSHED}`]: 1, 'shop: log -1 --format=%h %s': 'abc123 First\n' });
    expect(await world.clone(SHOP)).toEqual({
      said: `Cloned forge://shop into shop.\nbranch: ${BRANCH} (from main)\nlast commit: abc123 First`,
      isError: false,
      change: { repositories: [SHOP] },
      touched: ['shop'],
    });
    expect(world.ran).toEqual([
      'grant forge://shop',
      '/workspace: clone --no-local --no-tags -- memory:shop shop',
      `shop: ${PUSHED}`,
      `shop: ${ON_MAIN}`,
      `shop: checkout --no-track -B ${BRANCH} origin/main`,
      `shop: ${LFS}`,
      `shop: ${TEMPLATES}`,
      'shop: log -1 --format=%h %s',
    ]);
  });

  it('goes on from the branch as it was pushed before', async () => {
    const world = openTool();
    expect((await world.clone(SHOP)).said).toContain(`branch: ${BRANCH} (from ${BRANCH})`);
    expect(world.ran).toContain(`shop: checkout --no-track -B ${BRANCH} origin/${BRANCH}`);
  });

  it('takes the URL with slashes behind it, and keeps the order in which repositories were met', async () => {
    const { change } = await openTool().clone(`${SHOP}//`, ['forge://first']);
    expect(change).toEqual({ repositories: ['forge://first', SHOP] });
  });

  it('names a repository once, however often it is cloned', async () => {
    expect((await openTool().clone(SHOP, [SHOP])).change).toEqual({ repositories: [SHOP] });
  });

  it('leaves a working copy that is there as it is, and tells the session, which may not know it', async () => {
    const world = openTool({ [`shop: ${ORIGIN_OF}`]: 'memory:shop\n', [`shop: ${MADE}`]: 'abc\n' }, ['shop']);
    expect(await world.clone(SHOP)).toEqual({
      said: 'forge://shop is already in shop, left as it is.',
      isError: false,
      change: { repositories: [SHOP] },
      touched: ['shop'],
    });
    expect(world.ran).toEqual([`shop: ${ORIGIN_OF}`, `shop: ${MADE}`, 'grant forge://shop']);
  });

  it('does not take for a working copy what a clone that was killed left behind', async () => {
    const world = openTool({ [`shop: ${ORIGIN_OF}`]: 'memory:shop\n', [`shop: ${MADE}`]: 1 }, ['shop']);
    expect((await world.clone(SHOP)).said).toContain('into shop-2.');
  });

  it('puts a second repository of the same name beside the first', async () => {
    const world = openTool({ [`shop: ${ORIGIN_OF}`]: 'memory:elsewhere\n', [`shop-2: ${ORIGIN_OF}`]: 1 }, [
      'shop',
      'shop-2',
    ]);
    expect((await world.clone('forge://other/shop')).said).toContain('into shop-3.');
    expect(world.ran).toContain('/workspace: clone --no-local --no-tags -- memory:shop shop-3');
  });

  it('brings in nothing that those it works for may not read', async () => {
    const world = openTool();
    world.repoHost.addRepository('forge://secret');
    expect(await world.clone('forge://secret')).toEqual({
      said: 'Ada may not read forge://secret.',
      isError: true,
      change: undefined,
    });
    expect(world.ran).toEqual([]);
  });

  it('says why git failed, and does not tell the session', async () => {
    const world = openTool({ '/workspace: clone --no-local --no-tags -- memory:shop shop': 128 });
    const { said, isError, change } = await world.clone(SHOP);
    expect(isError).toBe(true);
    expect(said).toMatch(/^forge:\/\/shop could not be cloned\. If the connection broke off, call .* again/);
    expect(said).toMatch(/\ngit clone failed\.\nfatal: no\n\[exit code 128/);
    expect(change).toBeUndefined();
  });

  it('clones nothing that the host does not know', async () => {
    const world = openTool();
    expect(await world.clone('forge://nowhere')).toMatchObject({ isError: true });
    expect(world.ran).toEqual([]);
  });

  it('starts from a branch that is named', async () => {
    const world = openTool({ [`shop: ${PUSHED}`]: 1 });
    const { said, change } = await world.clone(SHOP, [], 'release/2');
    expect(said).toContain(`branch: ${BRANCH} (from release/2)`);
    expect(change).toEqual({ repositories: [SHOP], baseBranches: { [SHOP]: 'release/2' } });
    expect(world.ran[0]).toBe(`grant ${SHOP} release/2`);
  });

  it('says that there is no such branch, or none at all', async () => {
    const none = { [`shop: ${PUSHED}`]: 1, [`shop: ${ON_MAIN}`]: 1 };
    const named = { ...none, 'shop: rev-parse --verify --quiet refs/remotes/origin/next': 1 };
    expect((await openTool(named).clone(SHOP, [], 'next')).said).toBe('forge://shop has no branch next.');
    const empty = openTool(none);
    expect((await empty.clone(SHOP)).said).toBe(
      'forge://shop is empty: somebody has to push a first commit to main, then it can be cloned.',
    );
    expect(empty.ran.at(-1)).toBe('/workspace: rm -rf -- shop');
  });

  it('takes a working copy of a repository that is called otherwise now for the same', async () => {
    const old = 'https://github.com/acme/store';
    const answers = { [`store: ${ORIGIN_OF}`]: `${old}.git\n`, [`store: ${MADE}`]: 'abc\n' };
    const world = openTool(answers, ['store']);
    const { repository } = world.repoHost;
    world.repoHost.repository = (url) => repository.call(world.repoHost, url === old ? SHOP : url);
    expect(await world.clone(SHOP, [old])).toEqual({
      said: 'forge://shop is already in store, left as it is.',
      isError: false,
      touched: ['store'],
      change: { repositories: [old, SHOP] },
    });
  });

  it('starts a fork where its upstream has the branch', async () => {
    const world = openTool({}, [], { fork: async () => world.repoHost.repository(FORK) });
    await world.clone(FOREIGN, [], 'next');
    expect(world.ran.slice(0, 2)).toEqual([`grant ${FOREIGN} next`, `grant ${FORK} next of ${FOREIGN}`]);
  });

  it('works from a fork where it may not push', async () => {
    const asked: string[] = [];
    const world = openTool({ [`lib: rev-parse --verify --quiet refs/remotes/fork/${BRANCH}`]: 1 }, [], {
      fork: async (url) => {
        asked.push(url);
        return world.repoHost.repository(FORK);
      },
    });
    const { said, change } = await world.clone(FOREIGN);
    expect(asked).toEqual([FOREIGN]);
    expect(said).toContain(`You may not push there. Your fork ${FORK} is the remote "fork".`);
    expect(change).toEqual({ repositories: [FOREIGN, FORK], upstreams: { [FORK]: FOREIGN } });
    expect(world.ran.slice(0, 2)).toEqual([`grant ${FOREIGN}`, `grant ${FORK} of ${FOREIGN}`]);
    expect(world.ran.slice(3, 7)).toEqual([
      'lib: remote add fork memory:lib-fork',
      `lib: fetch --no-tags fork +refs/heads/${BRANCH}:refs/remotes/fork/${BRANCH}`,
      `lib: rev-parse --verify --quiet refs/remotes/fork/${BRANCH}`,
      `lib: ${ON_MAIN}`,
    ]);
  });

  it('may be read where it can neither be pushed to nor forked', async () => {
    const world = openTool({}, [], {
      fork: async () => Promise.reject(new Fault('denied', 'forking is off')),
    });
    const { said, isError, change } = await world.clone(FOREIGN);
    expect(said).toContain("You may not push there, and it can't be forked: forking is off");
    expect({ isError, change }).toEqual({ isError: false, change: { repositories: [FOREIGN] } });
    expect((await world.clone('forge://old/attic')).said).toContain('forge://old/attic is archived');
  });

  it('brings in submodules and large files, and says what it could not', async () => {
    const world = openTool({ [`shop: ${LFS}`]: '.gitattributes\n', 'shop: lfs pull': 2 });
    const before = await world.clone(SHOP);
    expect(world.ran).not.toContain('shop: submodule update --init --recursive');
    expect(before.said).toContain('Files kept by git-lfs are pointers here: fatal: no');
    const other = openTool({ 'sub: submodule update --init --recursive': 1 });
    other.repoHost.addRepository('forge://sub');
    other.cloned.push('sub/.gitmodules');
    expect((await other.clone('forge://sub')).said).toContain('Not all submodules could be brought in');
  });

  it('tells the form that pull requests are to have', async () => {
    const world = openTool({ [`shop: ${TEMPLATES}`]: '.github/PULL_REQUEST_TEMPLATE.md\n' });
    expect((await world.clone(SHOP)).said).toContain(
      'Pull requests are to have the form of .github/PULL_REQUEST_TEMPLATE.md.',
    );
  });
});
