import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult, RunSpec } from '@swe/domain';
import { MemoryDirectory } from '@swe/testing/memory';
import { AGENT_EMAIL } from '../agent/shell-environment';
import { coAuthorOf, creditCoAuthor } from './credit-co-author';

const ADA = 'Ada O\'Neil "$(exit 1)" <1+ada@users.noreply.github.com>';
const LINE = `Co-authored-by: ${ADA}`;

let folder: string;
let shop: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-credit-'));
  const upstream = join(folder, 'upstream');
  shop = join(folder, 'shop');
  mkdirSync(upstream);
  git(upstream, 'init', '--quiet', '--initial-branch=main');
  commit('Begin', 'ada@example.org', upstream);
  git(folder, 'clone', '--quiet', upstream, shop);
  git(shop, 'checkout', '--quiet', '-b', 'swe/s1');
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(cwd: string, argv: readonly string[], more: NodeJS.ProcessEnv = {}, email = AGENT_EMAIL) {
  const who = { GIT_AUTHOR_NAME: 'x', GIT_COMMITTER_NAME: 'x', GIT_COMMITTER_EMAIL: email };
  const env = { PATH: process.env['PATH'], HOME: '/nowhere', GIT_CONFIG_NOSYSTEM: '1', ...who, ...more };
  const [program = '', ...args] = argv;
  return spawnSync(program, args, { cwd, env: { GIT_AUTHOR_EMAIL: email, ...env }, encoding: 'utf8' });
}

function git(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = start(cwd, ['git', ...args]);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

let files = 0;
function commit(message: string, email = AGENT_EMAIL, cwd = shop): string {
  writeFileSync(join(cwd, `file-${(files += 1)}`), message);
  git(cwd, 'add', '--all');
  const { status, stderr } = start(cwd, ['git', 'commit', '--quiet', '--message', message], {}, email);
  if (status !== 0) throw new Error(stderr);
  return git(cwd, 'rev-parse', 'HEAD');
}

const run = async ({ command, cwd, env }: RunSpec): Promise<RunResult> => {
  const { status, stdout, stderr } = start(cwd, 'argv' in command ? command.argv : ['false'], env);
  const output = { tail: '', omittedBytes: 0, totalBytes: 1, spoolPath: '', spooledBytes: 1 };
  const head = stdout + stderr;
  return {
    ...{ end: 'exited', exitCode: status, signal: null, cwd, leftovers: 0, durationMs: 0 },
    output: { ...output, head },
  };
};
const credit = (pushed?: string, cwd = shop) =>
  creditCoAuthor({ run }, ADA, pushed, { cwd, signal: new AbortController().signal });

const messageOf = (commit: string): string => git(shop, 'show', '--no-patch', '--format=%B', commit);

describe('creditCoAuthor', () => {
  it('adds the line to commits of the agent, once, and changes nothing else of them', async () => {
    commit('Fix it\n\nIt was off.');
    commit('Test it\n\nSigned-off-by: x <x@example.org>');
    const before = git(shop, 'log', '--format=%T %aI %cI %an %ae', 'HEAD');
    expect(await credit()).toBe(2);
    expect(messageOf('HEAD~1')).toBe(`Fix it\n\nIt was off.\n\n${LINE}`);
    expect(messageOf('HEAD')).toBe(`Test it\n\nSigned-off-by: x <x@example.org>\n${LINE}`);
    expect(git(shop, 'log', '--format=%T %aI %cI %an %ae', 'HEAD')).toBe(before);
    const head = git(shop, 'rev-parse', 'HEAD');
    expect(await credit()).toBe(0);
    expect(git(shop, 'rev-parse', 'HEAD')).toBe(head);
  });

  it('leaves nothing behind in the working copy, also from a folder in it and in a linked one', async () => {
    mkdirSync(join(shop, 'src'));
    git(shop, 'worktree', 'add', '--quiet', '-b', 'swe/s1-b', '../linked');
    for (const cwd of [join(shop, 'src'), join(folder, 'linked')]) {
      commit('Fix it', AGENT_EMAIL, cwd);
      expect(await credit(undefined, cwd)).toBe(1);
      expect(git(cwd, 'status', '--porcelain')).toBe('');
    }
    expect(git(shop, 'for-each-ref', '--format=%(refname)', 'refs/swe-credit', 'refs/original')).toBe('');
    expect(existsSync(join(shop, '.git/swe-credit'))).toBe(false);
  });

  it('leaves alone what is pushed, and what others wrote', async () => {
    const pushed = commit('Fix it');
    commit('By Bob', 'bob@example.org');
    commit('More');
    expect(await credit(pushed)).toBe(1);
    expect(git(shop, 'rev-parse', 'HEAD~2')).toBe(pushed);
    expect(messageOf('HEAD~1')).toBe('By Bob');
    expect(messageOf('HEAD')).toContain(LINE);
  });

  it('keeps merges', async () => {
    git(shop, 'checkout', '--quiet', '-b', 'side');
    commit('Aside');
    git(shop, 'checkout', '--quiet', 'swe/s1');
    commit('Fix it');
    git(shop, 'merge', '--quiet', '--no-ff', '--message=Merge', 'side');
    expect(await credit()).toBe(3);
    expect(git(shop, 'rev-list', '--count', '--merges', 'HEAD')).toBe('1');
    expect(git(shop, 'diff', '--stat', 'HEAD')).toBe('');
  });

  it('waits for the refusal of a push over what somebody else pushed', async () => {
    commit('Fix it');
    expect(await credit('a'.repeat(40))).toBe(0);
  });
});

describe('coAuthorOf', () => {
  const directory = new MemoryDirectory();
  const person = { name: 'Ada <x>\n', isBot: false, isGuest: false, isForeign: false, isKnown: true };
  directory.people.set('github:ada', { ...person, commitEmail: '1+ada@users.noreply.github.com' });
  directory.people.set('slack:T/U', person);

  it('is whom their host credits commits to by an address', async () => {
    expect(await coAuthorOf(directory, 'github:ada', 'github:github.com/acme/shop/1')).toBe(
      'Ada x <1+ada@users.noreply.github.com>',
    );
  });

  it.each(['slack:T/U', 'local:ada'])('is nobody for %s', async (requester) => {
    expect(await coAuthorOf(directory, requester, 'slack:T/C/1')).toBeUndefined();
  });
});
