import { lstatSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { openForgeFixture } from './forge-fixture';

let fixture: ReturnType<typeof openForgeFixture>;
beforeEach(() => {
  fixture = openForgeFixture(process.env['PATH']);
});
afterEach(() => fixture.close());

it('copies what is committed, says when there is more, and leaves the source as it was', async () => {
  const source = await fixture.repository('shop');
  const sha = await fixture.commit(source, 'src/total.ts');
  await fixture.git.run('-C', source, 'tag', 'v1');
  const clean = await fixture.forge.mirrorRepository(source);
  expect(clean).toEqual({ repository: 'forge://shop', dirty: false });

  writeFileSync(join(source, 'notes.txt'), 'not committed');
  // A file whose times differ from the index makes git want to write the index.
  utimesSync(join(source, 'README.md'), 1, 1);
  const before = treeOf(source);
  expect(await fixture.forge.mirrorRepository(join(source, 'src'))).toEqual({ ...clean, dirty: true });
  expect(treeOf(source)).toEqual(before);

  const { cloneUrl, defaultBranch } = await fixture.forge.host.repository('forge://shop');
  expect(defaultBranch).toBe('main');
  expect(await fixture.git.run('-C', cloneUrl, 'rev-parse', 'HEAD', 'v1')).toBe(`${sha}\n${sha}`);
});

it('the same source keeps its name, another one of that name gets a suffix', async () => {
  const first = await fixture.repository('ada/My shop!');
  const second = await fixture.repository('ben/My shop!');
  const names = [];
  for (const source of [first, second, first, second]) {
    names.push((await fixture.forge.mirrorRepository(source)).repository);
  }
  expect(names).toEqual(['forge://My-shop', 'forge://My-shop-2', 'forge://My-shop', 'forge://My-shop-2']);
});

it('follows a rewritten source, and never touches the branches of sessions', async () => {
  const source = await fixture.repository('shop');
  const { repository } = await fixture.forge.mirrorRepository(source);
  const work = await fixture.push(repository, 'swe/s1');
  // The person has a branch of the same name that says something else, and stands on it.
  await fixture.git.run('-C', source, 'commit', '--quiet', '--amend', '--message', 'Rewritten');
  const rewritten = await fixture.git.run('-C', source, 'rev-parse', 'HEAD');
  await fixture.git.run('-C', source, 'switch', '--quiet', '--create', 'swe/s1');
  const theirs = await fixture.commit(source);

  await fixture.forge.mirrorRepository(source);
  const { host } = fixture.forge;
  expect(await host.branchHead(repository, 'swe/s1')).toBe(work);
  expect(await host.branchHead(repository, 'main')).toBe(rewritten);
  const { defaultBranch } = await host.repository(repository);
  expect(defaultBranch).toBe(`swe/head-${theirs.slice(0, 12)}`);
  expect(await host.branchHead(repository, defaultBranch)).toBe(theirs);
});

it.each([
  ['x', 'x/y'],
  ['x/y', 'x'],
])('follows a branch renamed from %s to %s, and keeps the work of sessions', async (before, after) => {
  const source = await fixture.repository('shop');
  const { git, forge } = fixture;
  await git.run('-C', source, 'switch', '--quiet', '--detach');
  const { repository } = await forge.mirrorRepository(source);
  const { defaultBranch: baseBranch } = await forge.host.repository(repository);
  await git.run('-C', source, 'switch', '--quiet', '--create', before);
  const sha = await fixture.commit(source);
  await forge.mirrorRepository(source);
  await fixture.push(repository, 'swe/s1');
  const draft = { repository, headBranch: 'swe/s1', baseBranch, title: 'Fix', body: '' };
  const pullRequest = await forge.host.openPullRequest(draft);

  await git.run('-C', source, 'branch', '--move', before, after);
  await forge.mirrorRepository(source);
  expect(await forge.host.repository(repository)).toMatchObject({ defaultBranch: after });
  expect(await forge.host.branchHead(repository, after)).toBe(sha);
  expect(await forge.host.branchHead(repository, before)).toBeUndefined();
  expect(await forge.host.findPullRequest(repository, 'swe/s1')).toEqual(pullRequest);
  expect(await forge.mergePullRequest(repository, pullRequest.number)).toMatchObject({ state: 'merged' });
});

it('a detached head and a named branch become the default branch', async () => {
  const source = await fixture.repository('shop');
  const old = await fixture.git.run('-C', source, 'rev-parse', 'HEAD');
  const latest = await fixture.commit(source);
  await fixture.git.run('-C', source, 'switch', '--quiet', '--detach', old);
  const { repository } = await fixture.forge.mirrorRepository(source);
  const { cloneUrl, defaultBranch } = await fixture.forge.host.repository(repository);
  expect(await fixture.git.run('-C', cloneUrl, 'symbolic-ref', '--short', 'HEAD')).toBe(defaultBranch);
  expect(await fixture.forge.host.branchHead(repository, defaultBranch)).toBe(old);

  await fixture.forge.mirrorRepository(source, { branch: 'main' });
  expect(await fixture.forge.host.repository(repository)).toMatchObject({ defaultBranch: 'main' });
  expect(await fixture.forge.host.branchHead(repository, 'main')).toBe(latest);
});

it('takes bare, shallow and linked repositories, and URLs', async () => {
  const source = await fixture.repository('shop');
  const sha = await fixture.commit(source);
  const { git, folder } = fixture;
  const path = (name: string): string => join(folder, name);
  await git.run('clone', '--quiet', '--bare', source, path('bare.git'));
  await git.run('clone', '--quiet', '--depth=1', `file://${source}`, path('shallow'));
  await git.run('-C', source, 'worktree', 'add', '--quiet', path('linked'), '-b', 'linked');
  const expected = { 'bare.git': 'bare', shallow: 'shallow', linked: 'linked' };
  for (const [from, name] of Object.entries(expected)) {
    const mirrored = await fixture.forge.mirrorRepository(path(from));
    expect(mirrored).toEqual({ repository: `forge://${name}`, dirty: false });
    const { defaultBranch } = await fixture.forge.host.repository(mirrored.repository);
    expect(await fixture.forge.host.branchHead(mirrored.repository, defaultBranch)).toBe(sha);
  }
  expect(await fixture.forge.mirrorRepository(`file://${source}`)).toMatchObject({
    repository: 'forge://shop',
  });
});

it('many at once on one folder agree', async () => {
  const source = await fixture.repository('shop');
  const forges = Array.from({ length: 4 }, () => fixture.openForge());
  const mirrored = await Promise.all(forges.map((forge) => forge.mirrorRepository(source)));
  expect(new Set(mirrored.map(({ repository }) => repository))).toEqual(new Set(['forge://shop']));
  const sha = await fixture.git.branchHead(source, 'main');
  expect(await fixture.forge.host.branchHead('forge://shop', 'main')).toBe(sha);
  for (const forge of forges) forge.close();
});

describe('refuses in one sentence that says what to do', () => {
  it('a path that does not exist', () =>
    expectRefusal(join(fixture.folder, 'nowhere'), 'missing', /nowhere does not exist\. Check the path\.$/));

  it('a folder without a repository', async () => {
    mkdirSync(join(fixture.folder, 'plain'));
    await expectRefusal(join(fixture.folder, 'plain'), 'invalid', /plain is no git repository.+Run git init/);
  });

  it('a repository without a commit', async () => {
    await fixture.git.run('init', '--quiet', join(fixture.folder, 'empty'));
    await expectRefusal(
      join(fixture.folder, 'empty'),
      'invalid',
      /empty has no commit on its current branch\. Commit something/,
    );
  });

  it('an unknown branch', async () => {
    const source = await fixture.repository('shop');
    await expectRefusal(source, 'invalid', /shop has no branch next\./, { branch: 'next' });
  });

  it('a URL that cannot be cloned, without its password', async () => {
    const fault = await expectRefusal(
      'http://ada:hunter2@127.0.0.1:1/shop.git',
      'invalid',
      /^http:\/\/127\.0\.0\.1:1\/shop\.git cannot be read by git\. Check the address/,
    );
    expect(JSON.stringify(fault.cause)).not.toContain('hunter2');
  });

  it('a machine without git', async () => {
    const source = await fixture.repository('shop');
    const forge = fixture.openForge({ env: { PATH: fixture.folder } });
    await expect(forge.mirrorRepository(source)).rejects.toMatchObject({
      kind: 'missing',
      message: 'git was not found on the PATH. Install git, then try again.',
    });
    forge.close();
  });

  async function expectRefusal(
    source: string,
    kind: FaultKind,
    message: RegExp,
    options = {},
  ): Promise<Fault> {
    const error: unknown = await fixture.forge.mirrorRepository(source, options).catch((e: unknown) => e);
    if (!(error instanceof Fault)) throw error;
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message) });
    return error;
  }
});

/** Every file with its size and the time of its last change. */
function treeOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { size, mtimeNs } = lstatSync(join(folder, name), { bigint: true });
    return `${name} ${size} ${mtimeNs}`;
  });
}
