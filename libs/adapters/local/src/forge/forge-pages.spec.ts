import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ForgeApi } from '@swe/domain/api';
import { openForgeFixture } from './forge-fixture';
import { forgePages } from './forge-pages';

let fixture: ReturnType<typeof openForgeFixture>;
let pages: ForgeApi;
beforeEach(() => {
  fixture = openForgeFixture(process.env['PATH']);
  pages = forgePages(fixture.forge, async () => ({ repository: '', issue: '' }));
});
afterEach(() => fixture.close());

/** A repository with an issue, and a pull request that closes it. */
async function openShop(): Promise<number> {
  const { forge } = fixture;
  const repository = await forge.createRepository('shop', { files: { 'README.md': 'shop\n' } });
  await forge.createIssue(repository, { title: 'Wrong fare', body: 'It is.', author: 'ada' });
  await fixture.push(repository, 'swe/fix', 'fare.js');
  const draft = { repository, headBranch: 'swe/fix', baseBranch: 'main', title: 'Fix', body: 'Closes #1' };
  const { number } = await forge.host.openPullRequest(draft);
  await forge.host.comment({ repository, number }, 'Looks good.', 'e');
  return number;
}

describe('the pages of the forge', () => {
  it('list repositories with what is open there, and what a repository has', async () => {
    await openShop();
    await fixture.forge.createRepository('empty');
    expect((await pages.listRepositories()).items).toEqual([
      { name: 'empty', url: 'forge://empty', defaultBranch: 'main', openIssues: 0, openPullRequests: 0 },
      { name: 'shop', url: 'forge://shop', defaultBranch: 'main', openIssues: 1, openPullRequests: 1 },
    ]);
    expect(await pages.getRepository('shop')).toMatchObject({
      issues: [{ number: 1, title: 'Wrong fare', state: 'open' }],
      pullRequests: [{ number: 2, title: 'Fix', state: 'open', headBranch: 'swe/fix' }],
    });
  });

  it('show what a pull request changes, also once it is merged', async () => {
    const number = await openShop();
    const before = await pages.getPullRequest('shop', number);
    expect(before).toMatchObject({ state: 'open', isDraft: false, comments: [{ body: 'Looks good.' }] });
    expect(before.diff.text).toMatch(/^diff --git a\/fare.js b\/fare.js\nnew file mode/);
    await fixture.push('forge://shop', 'main', 'other.md');
    const merged = await pages.mergePullRequest('shop', number);
    expect(merged).toMatchObject({ state: 'merged', diff: before.diff });
    expect((await pages.getRepository('shop')).issues).toMatchObject([{ state: 'closed' }]);
    expect(await pages.mergePullRequest('shop', number)).toEqual(merged);
  });

  it('bring a repository in', async () => {
    const path = await fixture.repository('mine');
    expect(await pages.addRepository({ source: path })).toMatchObject({ name: 'mine', url: 'forge://mine' });
    await expect(pages.addRepository({ source: `${path}-not` })).rejects.toMatchObject({ kind: 'missing' });
  });

  it('have nothing of what is not there', async () => {
    await expect(pages.getRepository('other')).rejects.toMatchObject({ kind: 'missing' });
    await openShop();
    await expect(pages.getPullRequest('shop', 9)).rejects.toMatchObject({ kind: 'missing' });
  });
});
