import { Fault, isFault } from '@swe/domain';
import type { RepoForks, RepoHost, Repository } from '@swe/domain';
import { repoUrlOf } from '../github-server';
import type { GithubClient } from '../github-client';
import { z } from 'zod';

export interface GithubRepoForksOptions {
  readonly client: GithubClient;
  readonly host: RepoHost;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** https://docs.github.com/rest/repos/forks#create-a-fork: after five minutes something is wrong. */
const DEADLINE_MS = 5 * 60_000;

const created = z.object({
  name: z.string(),
  owner: z.object({ login: z.string() }),
});

/** Forks on GitHub, in the account of the agent's user. */
export class GithubRepoForks implements RepoForks {
  readonly #options: GithubRepoForksOptions;

  constructor(options: GithubRepoForksOptions) {
    this.#options = options;
  }

  async fork(repository: string, signal: AbortSignal): Promise<Repository> {
    const { client, host } = this.#options;
    if (signal.aborted) throw calledOff();
    const { octokit, name } = client.at(repository);
    const upstream = await host.repository(repository);
    // Gives the fork that there is already, under whatever name it has by now.
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/forks', {
      ...name,
      default_branch_only: true,
      request: { signal },
    });
    const { owner, name: repo } = created.parse(data);
    const url = repoUrlOf(client.server, { owner: owner.login, repo });
    const fork = await this.#whenReady(url, signal);
    await this.#catchUp(fork, upstream.defaultBranch, signal);
    return fork;
  }

  /** A fork is made after the answer: its repository or its commits may not be there yet. */
  async #whenReady(url: string, signal: AbortSignal): Promise<Repository> {
    const { client, host } = this.#options;
    const endMs = client.clock.monotonicMs() + DEADLINE_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const fork = await host.repository(url).catch(undefinedWhenMissing);
      const head = fork && (await host.branchHead(url, fork.defaultBranch));
      if (fork !== undefined && head !== undefined) return fork;
      if (client.clock.monotonicMs() >= endMs)
        throw new Fault('transient', `the fork ${url} is not ready yet`);
      await client.clock.sleep(pauseMs, signal);
      if (signal.aborted) throw calledOff();
    }
  }

  /** https://docs.github.com/rest/branches/branches#sync-a-fork-branch-with-the-upstream-repository */
  async #catchUp(fork: Repository, branch: string, signal: AbortSignal): Promise<void> {
    const { octokit, name } = this.#options.client.at(fork.url, 'change');
    await octokit.request('POST /repos/{owner}/{repo}/merge-upstream', {
      ...name,
      branch,
      request: { signal },
    });
  }
}

function undefinedWhenMissing(error: unknown): undefined {
  if (!isFault(error, 'missing')) throw error;
  return undefined;
}

function calledOff(): Fault {
  return new Fault('cancelled', 'the fork was called off');
}
