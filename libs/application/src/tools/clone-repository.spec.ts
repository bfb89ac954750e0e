import { describe, expect, it } from '@jest/globals';
import { newSession, textOf } from '@swe/domain';
import type { RunResult, RunSpec } from '@swe/domain';
import { MemoryRepoHost, MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { cloneRepository } from './clone-repository';

const BRANCH = 'swe/s-issue-7';
const SHOP = 'forge://shop';
const ORIGIN_OF = 'config --get remote.origin.url';
const MADE = `rev-parse --verify --quiet refs/heads/${BRANCH}`;
const PUSHED = `rev-parse --verify --quiet origin/${BRANCH}`;

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
function openTool(answers: Readonly<Record<string, string | number>> = {}, folders: readonly string[] = []) {
  const workspace = new MemoryWorkspace();
  for (const folder of folders) workspace.put(`/workspace/${folder}/README`, '');
  const repoHost = new MemoryRepoHost();
  repoHost.addRepository(SHOP);
  repoHost.addRepository('forge://other/shop', 'trunk');
  const ran: string[] = [];
  const run = async ({ command, cwd }: RunSpec): Promise<RunResult> => {
    const [git, , hooks, ...args] = 'argv' in command ? command.argv : ['a shell'];
    expect([git, hooks]).toEqual(['git', 'core.hooksPath=/dev/null']);
    const key = `${cwd}: ${args.join(' ')}`;
    ran.push(key);
    const answer = answers[key] ?? '';
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
  const tool = cloneRepository({ processes: { run }, workspace, repoHost, branch: BRANCH });
  return {
    ran,
    async clone(repository: string, repositories: string[] = []) {
      const session = { ...opened, repositories };
      const context = { session, signal: new AbortController().signal } as ToolContext;
      const { content, isError = false, session: change } = await tool.call({ repository }, context);
      return { said: textOf(content), isError, change };
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
    });
    expect(world.ran).toEqual([
      '/workspace: clone --no-local --no-tags -- memory:shop shop',
      `shop: ${PUSHED}`,
      `shop: checkout --no-track -B ${BRANCH} origin/main`,
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
    });
    expect(world.ran).toEqual([`shop: ${ORIGIN_OF}`, `shop: ${MADE}`]);
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

  it('says why git failed, and does not tell the session', async () => {
    const world = openTool({ '/workspace: clone --no-local --no-tags -- memory:shop shop': 128 });
    const { said, isError, change } = await world.clone(SHOP);
    expect(isError).toBe(true);
    expect(said).toMatch(/^git clone failed\.\nfatal: no\n\[exit code 128/);
    expect(change).toBeUndefined();
  });

  it('clones nothing that the host does not know', async () => {
    const world = openTool();
    expect(await world.clone('forge://nowhere')).toMatchObject({ isError: true });
    expect(world.ran).toEqual([]);
  });
});
