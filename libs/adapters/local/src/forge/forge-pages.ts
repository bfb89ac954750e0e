import { cutMiddle } from '@swe/domain/api';
import type { ForgeApi, ForgePullRequest, ForgeRepository } from '@swe/domain/api';
import type { Forge } from './forge';

/** More than anybody reads in a browser. */
const MAX_DIFF = 400_000;

/** What people see of a forge, and do there, in a browser. */
export function forgePages(forge: Forge, addSample: ForgeApi['addSample']): ForgeApi {
  async function getRepository(name: string): Promise<ForgeRepository> {
    const { access: _access, ...repository } = await forge.host.repository(urlOf(name));
    return { ...repository, ...forge.contents(repository.url) };
  }
  async function getPullRequest(name: string, number: number): Promise<ForgePullRequest> {
    const { headSha, isDraft = false, ...request } = await forge.host.pullRequest(urlOf(name), number);
    const { repository } = request;
    const [{ comments }, checks, diff] = await Promise.all([
      forge.host.issue({ repository, number }),
      forge.host.checks(repository, headSha),
      forge.diff(repository, number),
    ]);
    return {
      ...request,
      isDraft,
      comments: comments.map(({ createdAtMs, ...comment }) => ({
        ...comment,
        createdAt: new Date(createdAtMs).toISOString(),
      })),
      checks: checks.map(({ name: check, state, summary }) => ({ name: check, state, summary })),
      diff: cutMiddle(diff, MAX_DIFF),
    };
  }
  return {
    listRepositories: async () => ({ items: forge.repositories() }),
    getRepository,
    async addRepository({ source }) {
      const { repository } = await forge.mirrorRepository(source);
      return getRepository(repository.slice(urlOf('').length));
    },
    addSample,
    getPullRequest,
    async mergePullRequest(name, number) {
      await forge.mergePullRequest(urlOf(name), number);
      return getPullRequest(name, number);
    },
  };
}

const urlOf = (name: string): string => `forge://${name}`;
