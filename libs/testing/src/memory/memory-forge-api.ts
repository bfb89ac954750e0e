import { Fault } from '@swe/domain';
import type { ForgeApi, ForgePullRequest, ForgeRepository } from '@swe/domain/api';

/** A forge with one repository, `shop`, that has one issue and one pull request. */
export function memoryForgeApi(): ForgeApi {
  const issue = { number: 1, title: 'Wrong fare', body: 'It is.', state: 'open', author: 'ada' } as const;
  const repository = { name: 'shop', url: 'forge://shop', defaultBranch: 'main' };
  let state: ForgePullRequest['state'] = 'open';

  function known(name: string): ForgeRepository {
    if (name !== 'shop') throw new Fault('missing', `there is no repository ${name}`);
    const pull = { number: 2, title: 'Fix the fare', state, headBranch: 'swe/fix' };
    return { ...repository, cloneUrl: '/forge/shop.git', issues: [issue], pullRequests: [pull] };
  }
  async function getPullRequest(name: string, number: number): Promise<ForgePullRequest> {
    const [pull] = known(name).pullRequests;
    if (pull?.number !== number) throw new Fault('missing', `there is no pull request ${number}`);
    return {
      ...pull,
      repository: repository.url,
      url: `${repository.url}/pulls/2`,
      body: 'Closes #1',
      isDraft: false,
      baseBranch: 'main',
      comments: [],
      checks: [],
      diff: { text: '', leftOut: 0 },
    };
  }
  return {
    listRepositories: async () => ({ items: [{ ...repository, openIssues: 1, openPullRequests: 1 }] }),
    getRepository: async (name) => known(name),
    async addRepository({ source }) {
      if (source !== '/home/ada/shop') throw new Fault('missing', `${source} is not there`);
      return known('shop');
    },
    addSample: async () => ({ repository: repository.url, issue: `${repository.url}/issues/1` }),
    getPullRequest,
    async mergePullRequest(name, number) {
      const before = await getPullRequest(name, number);
      state = 'merged';
      return { ...before, state };
    },
  };
}
