import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleLoader } from '@swe/application/agent';
import { MemoryRepoHost } from '@swe/testing/memory';
import { openMachine } from './machine';
import { agentsOf, mustBeAgent } from './organisation';

const { signal } = new AbortController();
const silent = { warn: () => undefined };

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'knowledge-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function git(cwd: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd: join(folder, cwd), encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}

function open(organisation?: string) {
  const options = {
    hidden: join(folder, 'hidden'),
    path: process.env['PATH'] ?? '',
    repositories: [join(folder, 'forge')],
    secrets: [],
    organisation,
    onBare: () => undefined,
  };
  mkdirSync(options.hidden, { recursive: true });
  const interrupts = { signal, beforeQuit: () => undefined, [Symbol.dispose]: () => undefined };
  return openMachine(options, join(folder, 'session'), interrupts);
}

describe('on a real machine', () => {
  it('a repository’s rules are read where the agent’s commands run', async () => {
    write('forge/shop/AGENTS.md', 'Use tabs.');
    write('forge/shop/web/CLAUDE.md', 'See @rules.md.');
    write('forge/shop/web/rules.md', 'Use React: é.');
    git('forge/shop', 'init', '--quiet', '--initial-branch=main');
    git('forge/shop', 'add', '--all');
    const me = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
    git('forge/shop', ...me, 'commit', '--quiet', '--message=x');
    await using machine = await open();
    const { workspace, processes } = machine;
    const script = `git clone --quiet ${join(folder, 'forge/shop')} shop && rm shop/AGENTS.md`;
    const limits = { cwd: '.', timeoutMs: 30_000, previewBytes: 1_000 };
    const cloned = await processes.run({ command: { script }, ...limits }, signal);
    expect(cloned).toMatchObject({ exitCode: 0 });

    const host = new MemoryRepoHost();
    host.addRepository('forge://shop');
    const cloneUrl = join(folder, 'forge/shop');
    const repoHost = {
      repository: async (url: string) => ({ ...(await host.repository(url)), cloneUrl }),
    };
    const load = ruleLoader({ processes, workspace, logger: silent, repoHost });
    const session = { repositories: ['forge://shop'], cursor: 1, rules: new Map() };
    const rules = await load([join(workspace.root, 'shop/web')], session, signal);
    expect(rules.map(({ path, text }) => [path, text.split('\n')[2]])).toEqual([
      ['shop/AGENTS.md', 'Use tabs.'],
      ['shop/web/CLAUDE.md', 'See @rules.md.'],
      ['shop/web/rules.md', 'Use React: é.'],
    ]);
  });

  it('an organisation’s folder is read, and may be absent', async () => {
    write('ours/agents/reviewer.md', 'Look.');
    const ours = join(folder, 'ours');
    await using machine = await open(ours);
    expect((await machine.organisation?.list('agents'))?.map(({ name }) => name)).toEqual(['reviewer.md']);
    expect((await agentsOf(ours)).map(({ name }) => name)).toEqual(['reviewer']);
    expect(await agentsOf(join(folder, 'none'))).toEqual([]);
    await mustBeAgent(ours, 'reviewer');
    await mustBeAgent(ours, 'default');
    await expect(mustBeAgent(ours, 'nobody')).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(
        /no agent `nobody`\. There are: `reviewer`\. They are in .*ours\/agents/,
      ),
    });
  });
});
