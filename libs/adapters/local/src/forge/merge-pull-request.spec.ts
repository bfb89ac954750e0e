import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { PullRequest } from '@swe/domain';
import { openForgeFixture } from './forge-fixture';

const repository = 'forge://shop';
let fixture: ReturnType<typeof openForgeFixture>;
let forge: typeof fixture.forge;
beforeEach(async () => {
  fixture = openForgeFixture(process.env['PATH']);
  ({ forge } = fixture);
  await forge.createRepository('shop');
  await fixture.push(repository, 'main');
});
afterEach(() => fixture.close());

it('fast-forwards the base where it can, and closes the issues the text names', async () => {
  for (const title of ['one', 'two', 'three'])
    await forge.createIssue(repository, { title, body: '', author: 'ada' });
  const pullRequest = await openPullRequest('swe/s1', 'Fixes #2. Also resolves: #3, but not #1.');
  expect(pullRequest.number).toBe(4);
  const merged = await forge.mergePullRequest(repository, pullRequest.number);
  expect(merged).toEqual({ ...pullRequest, state: 'merged' });
  expect(await forge.host.branchHead(repository, 'main')).toBe(pullRequest.headSha);
  expect(await states()).toEqual(['open', 'closed', 'closed']);
  expect(await forge.mergePullRequest(repository, pullRequest.number)).toEqual(merged);

  async function states(): Promise<string[]> {
    const issues = [1, 2, 3].map((number) => forge.host.issue({ repository, number }));
    return (await Promise.all(issues)).map(({ state }) => state);
  }
});

it('joins branches that went apart by a merge commit', async () => {
  const pullRequest = await openPullRequest('swe/s1');
  const base = await fixture.push(repository, 'main', 'other.txt');
  await forge.mergePullRequest(repository, pullRequest.number);
  const { cloneUrl } = await forge.host.repository(repository);
  const parents = await fixture.git.run('-C', cloneUrl, 'log', '-1', '--format=%P', 'main');
  expect(parents).toBe(`${base} ${pullRequest.headSha}`);
  const files = await fixture.git.run('-C', cloneUrl, 'ls-tree', '--name-only', 'main');
  expect(files.split('\n')).toEqual(['README.md', 'other.txt', 'src.ts']);
});

it('merges no draft', async () => {
  const { number, title, body } = await openPullRequest('swe/s1');
  await forge.host.updatePullRequest(repository, number, { title, body, isDraft: true });
  await expect(forge.mergePullRequest(repository, number)).rejects.toMatchObject({ kind: 'conflict' });
  await forge.host.updatePullRequest(repository, number, { title, body, isDraft: false });
  expect(await forge.mergePullRequest(repository, number)).toMatchObject({ state: 'merged' });
});

it('changes that collide are a conflict and leave everything as it was', async () => {
  const pullRequest = await openPullRequest('swe/s1');
  const base = await fixture.push(repository, 'main', 'src.ts');
  await expect(forge.mergePullRequest(repository, pullRequest.number)).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(await forge.host.branchHead(repository, 'main')).toBe(base);
  expect(await forge.host.findPullRequest(repository, 'swe/s1')).toEqual(pullRequest);
});

it('a closed pull request is not merged', async () => {
  const pullRequest = await openPullRequest('swe/s1');
  await forge.closePullRequest(repository, pullRequest.number);
  await expect(forge.mergePullRequest(repository, pullRequest.number)).rejects.toMatchObject({
    kind: 'conflict',
  });
});

it('a branch without a commit of its own cannot become a pull request', async () => {
  const { git } = fixture;
  const { cloneUrl } = await forge.host.repository(repository);
  await git.run('-C', cloneUrl, 'branch', 'swe/s1', 'main');
  const draft = { repository, headBranch: 'swe/s1', baseBranch: 'main', title: 'Nothing', body: '' };
  await expect(forge.host.openPullRequest(draft)).rejects.toMatchObject({ kind: 'invalid' });
});

async function openPullRequest(headBranch: string, body = ''): Promise<PullRequest> {
  await fixture.push(repository, headBranch, 'src.ts');
  return forge.host.openPullRequest({ repository, headBranch, baseBranch: 'main', title: 'Fix', body });
}
