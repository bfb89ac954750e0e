import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findWorkflowChange } from './find-workflow-change';
import type { BaseBranches } from './find-workflow-change';
import { WorkingCopyObjects } from './working-copy-objects';

const REPOSITORY = 'https://github.com/acme/shop';
const CI = '.github/workflows/ci.yml';
const { signal } = new AbortController();
const FORMATS = ['sha1', 'sha256'] as const;

let folder: string;
let copy: string;
let objects: WorkingCopyObjects;

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: copy, encoding: 'utf8', stdio: 'pipe' }).trim();
}
function write(path: string, content: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), content);
}
function commit(path: string, content: string): string {
  write(path, content);
  git('add', '--all');
  git('commit', '--quiet', '--message', path);
  return git('rev-parse', 'HEAD');
}

/** The host: what is reachable from the copy's `origin/main`, unless told otherwise. */
const upstream: BaseBranches = {
  baseBranch: async () => 'main',
  isOnBranch: async (_repository, _branch, id) =>
    git('rev-list', 'refs/remotes/origin/main').split('\n').includes(id),
};
function find(id: string, host: BaseBranches = upstream) {
  return findWorkflowChange(REPOSITORY, id, objects, host, signal);
}

function open(format: (typeof FORMATS)[number] = 'sha1'): void {
  git('init', '--quiet', '--initial-branch=main', `--object-format=${format}`);
  commit(CI, 'on: push\n');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('checkout', '--quiet', '-b', 'work');
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'workflow-change-')));
  copy = join(folder, 'workspace/shop');
  mkdirSync(copy, { recursive: true });
  objects = new WorkingCopyObjects({
    root: join(folder, 'workspace'),
    stateDirectory: join(folder, 'state'),
    environment: { PATH: process.env['PATH'] ?? '' },
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('whether a push changes workflow files', () => {
  it.each(FORMATS)('other files are no change (%s)', async (format) => {
    open(format);
    commit('src/a.ts', '1');
    expect(await find(commit('.github/CODEOWNERS', '* @a\n'))).toBe('unchanged');
  });

  it.each<[string, () => string]>([
    ['a new one', () => commit('.github/workflows/other.yml', 'on: push\n')],
    ['one that says something else', () => commit(CI, 'on: pull_request_target\n')],
    ['one that is gone', () => (git('rm', '--quiet', CI), commit('a', '1'))],
    ['one in between that the last commit leaves', () => (commit(CI, 'on: x\n'), commit('a', '1'))],
    [
      'another folder in its place',
      () => {
        commit('other/evil.yml', 'on: push\n');
        git('rm', '--quiet', CI);
        mkdirSync(join(copy, '.github'), { recursive: true });
        renameSync(join(copy, 'other'), join(copy, '.github/workflows'));
        return commit('a', '1');
      },
    ],
    [
      'a link in its place',
      () => {
        git('rm', '--quiet', CI);
        mkdirSync(join(copy, '.github'), { recursive: true });
        symlinkSync('../src', join(copy, '.github/workflows'));
        return commit('src/evil.yml', '1');
      },
    ],
    [
      'a link in place of the folder above',
      () => {
        git('rm', '--quiet', CI);
        symlinkSync('src', join(copy, '.github'));
        return commit('src/workflows/evil.yml', '1');
      },
    ],
    ['the same name in other letters', () => commit('.GitHub/Workflows/evil.yml', 'on: push\n')],
    [
      'one that comes with a merge',
      () => {
        git('checkout', '--quiet', '-b', 'side');
        commit('.github/workflows/other.yml', 'on: push\n');
        git('checkout', '--quiet', 'work');
        commit('a', '1');
        git('merge', '--quiet', '--no-ff', 'side', '--message', 'merge');
        return git('rev-parse', 'HEAD');
      },
    ],
    [
      'its execute bit',
      () => (git('update-index', '--chmod=+x', CI), git('commit', '-qm', 'x'), git('rev-parse', 'HEAD')),
    ],
  ])('%s is a change', async (_name, make) => {
    open();
    expect(await find(make())).toBe('changed');
  });

  it('what the base branch changed meanwhile is none, once it is merged', async () => {
    open();
    commit('a', '1');
    git('checkout', '--quiet', 'main');
    commit(CI, 'on: [push, pull_request]\n');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    git('checkout', '--quiet', 'work');
    expect(await find(git('rev-parse', 'work'))).toBe('unchanged');
    git('merge', '--quiet', 'main', '--message', 'merge');
    expect(await find(git('rev-parse', 'HEAD'))).toBe('unchanged');
  });

  it('a shallow clone is enough', async () => {
    open();
    const origin = copy;
    git('update-ref', 'refs/heads/main', 'main');
    copy = join(folder, 'workspace/shallow');
    mkdirSync(copy);
    execFileSync('git', ['clone', '--quiet', '--depth=1', '--branch=main', `file://${origin}`, copy]);
    rmSync(origin, { recursive: true });
    expect(await find(commit('a', '1'))).toBe('unchanged');
    expect(await find(commit(CI, 'on: x\n'))).toBe('changed');
  });

  it('a base branch that only the copy has proves nothing', async () => {
    open();
    const evil = commit(CI, 'on: pull_request_target\n');
    // The copy says that the host's main has it.
    git('update-ref', 'refs/remotes/origin/main', evil);
    const host: BaseBranches = { ...upstream, isOnBranch: async (_repository, _branch, id) => id !== evil };
    expect(await find(commit('a', '1'))).toBe('unchanged');
    expect(await find(git('rev-parse', 'HEAD'), host)).toBe('changed');
    git('branch', '--quiet', '-D', 'main');
    expect(await find(git('rev-parse', 'HEAD'), host)).toBe('unreadable');
  });

  it('a copy without the base branch proves nothing', async () => {
    open();
    const head = commit('a', '1');
    git('update-ref', '-d', 'refs/remotes/origin/main');
    git('branch', '--quiet', '-D', 'main');
    expect(await find(head)).toBe('unreadable');
  });

  it('a commit that no working copy has is not seen', async () => {
    open();
    expect(await find('d'.repeat(40))).toBe('unreadable');
    expect(await find('d'.repeat(64))).toBe('unreadable');
  });

  it.each<
    [string, (evil: string) => { readonly lie: string; readonly truth: string; readonly type: string }]
  >([
    ['a commit', (evil) => ({ lie: evil, truth: git('rev-parse', 'main'), type: 'commit' })],
    [
      'a tree',
      (evil) => ({
        lie: git('rev-parse', `${evil}^{tree}`),
        truth: git('rev-parse', 'main^{tree}'),
        type: 'tree',
      }),
    ],
    [
      'a folder',
      (evil) => ({
        lie: git('rev-parse', `${evil}:.github`),
        truth: git('rev-parse', 'main:.github'),
        type: 'tree',
      }),
    ],
  ])('%s that lies about its id is not believed', async (_name, of) => {
    open();
    const evil = commit(CI, 'on: pull_request_target\n');
    expect(await find(evil)).toBe('changed');
    const { lie, truth, type } = of(evil);
    const content = execFileSync('git', ['cat-file', type, truth], { cwd: copy });
    const file = join(copy, '.git/objects', lie.slice(0, 2), lie.slice(2));
    rmSync(file);
    writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])));
    // Git itself hands it out.
    expect(execFileSync('git', ['cat-file', type, lie], { cwd: copy })).toEqual(content);
    expect(await find(evil)).toBe('unreadable');
  });

  it('nothing that a working copy sets up is run', async () => {
    open();
    const trap = join(folder, 'trap');
    const sprung = join(folder, 'sprung');
    writeFileSync(trap, `#!/bin/sh\ntouch ${sprung}\n`, { mode: 0o755 });
    for (const [key, value] of [
      ['core.fsmonitor', trap],
      ['core.sshCommand', trap],
      ['core.alternateRefsCommand', trap],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.url', `ssh://nowhere/x`],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.uploadpack', trap],
    ] as const) {
      git('config', key, value);
    }
    expect(await find('d'.repeat(40))).toBe('unreadable');
    expect(() => realpathSync(sprung)).toThrow('ENOENT');
  });

  it('the first push of a repository may bring anything but workflows', async () => {
    const empty: BaseBranches = { ...upstream, baseBranch: async () => undefined };
    open();
    expect(await find(git('rev-parse', 'HEAD'), empty)).toBe('changed');
    git('rm', '--quiet', CI);
    expect(await find(commit('a', '1'), empty)).toBe('unchanged');
  });
});
