import { repoHostContract, runContract } from '@swe/testing/contracts';
import type { RepoHostSubject } from '@swe/testing/contracts';
import { openForgeFixture } from './forge-fixture';

runContract('ForgeRepoHost', repoHostContract, async () => {
  const fixture = openForgeFixture(process.env['PATH']);
  const { forge } = fixture;
  const repository = await forge.createRepository('shop');
  const pushCommit = (branch: string): Promise<string> => fixture.push(repository, branch);
  await pushCommit('main');
  const subject: RepoHostSubject = {
    host: forge.host,
    repository,
    pushCommit,
    seedIssue: (draft) => forge.createIssue(repository, { ...draft, author: 'ada' }),
    setCheck: (sha, check) => forge.setCheck(repository, sha, check),
    closePullRequest: (number) => forge.closePullRequest(repository, number),
  };
  return { subject, close: fixture.close };
});
