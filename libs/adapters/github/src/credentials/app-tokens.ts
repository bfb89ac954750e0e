import { CREDENTIAL_MIN_LIFE_MS, Fault, isFault } from '@swe/domain';
import { z } from 'zod';
import { openAsApp } from '../open-as-app';
import type { AppKey } from '../open-as-app';
import { statusOf } from '../to-fault';
import type { RepoName } from '../github-server';
import type { GithubOctokit } from '../open-octokit';
import { githubTime } from '../github-id';
import { grantedOf, permissionSet } from '../permissions';
import type { Permissions } from '../permissions';

export interface AppTokensOptions extends AppKey {
  /** Else found by the repository. */
  readonly installationId?: number;
}

/** An installation token, for one repository. */
export interface InstallationToken {
  readonly token: string;
  /** By our clock. */
  readonly expiresAtMs: number;
  readonly permissions: Permissions;
}

/** They live an hour: https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app */
const RENEW_BEFORE_MS = 2 * CREDENTIAL_MIN_LIFE_MS;

const app = z.object({ slug: z.string() });
const installation = z.object({ id: z.int(), permissions: permissionSet });
/** Where a repository is looked up that was renamed, or given to another owner: https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app tells it by a 301. */
const MOVED = /\/repositories\/(\d+)\/installation$/;
const minted = z.object({ token: z.string(), expires_at: githubTime, permissions: permissionSet });

/**
 * Tokens of a GitHub App, minted when they are needed, each for one repository with what it is needed for and nothing
 * else, and kept until ten minutes before their end.
 */
export class AppTokens {
  readonly #options: AppTokensOptions;
  readonly #kept = new Map<string, InstallationToken>();
  readonly #minting = new Map<string, Promise<InstallationToken>>();

  constructor(options: AppTokensOptions) {
    this.#options = options;
  }

  /**
   * A token with what of `wanted` the App has been granted there. Throws `missing` where it is not installed. `refused`:
   * a token that is not to be given again.
   */
  async token(repository: RepoName, wanted: Permissions, refused?: string): Promise<InstallationToken> {
    const key = keyOf(repository, wanted);
    const known = this.#kept.get(key);
    const isGood = known !== undefined && known.expiresAtMs - RENEW_BEFORE_MS > this.#options.clock.nowMs();
    if (isGood && known.token !== refused) return known;
    const minting = this.#minting.get(key) ?? this.#mintOnce(key, repository, wanted);
    return minting;
  }

  /** What the App has been granted where it is installed. */
  async granted(repository: RepoName): Promise<Permissions> {
    const { permissions } = await this.#installation(await openAsApp(this.#options), repository);
    return permissions;
  }

  /** https://docs.github.com/rest/apps/apps#get-the-authenticated-app */
  async login(): Promise<string> {
    const { data } = await (await openAsApp(this.#options)).request('GET /app');
    return `${app.parse(data).slug}[bot]`;
  }

  #mintOnce(key: string, repository: RepoName, wanted: Permissions): Promise<InstallationToken> {
    const minting = this.#mint(repository, wanted)
      .then((token) => {
        this.#kept.set(key, token);
        return token;
      })
      .finally(() => this.#minting.delete(key));
    this.#minting.set(key, minting);
    return minting;
  }

  async #mint(repository: RepoName, wanted: Permissions): Promise<InstallationToken> {
    const octokit = await openAsApp(this.#options);
    const { id, permissions: granted, movedTo } = await this.#installation(octokit, repository);
    const wish = {
      installation_id: id,
      // By its former name it would not be found.
      ...(movedTo === undefined ? { repositories: [repository.repo] } : { repository_ids: [movedTo] }),
      // More than was granted is refused as a whole.
      permissions: grantedOf(wanted, granted),
    };
    try {
      const { data, headers } = await octokit.request(
        'POST /app/installations/{installation_id}/access_tokens',
        wish,
      );
      const { token, expires_at, permissions } = minted.parse(data);
      // Their clock may be wrong, or ours: how long it lives is the same by both.
      const { clock } = this.#options;
      const serverMs = Date.parse(headers.date ?? '') || clock.nowMs();
      return { token, permissions, expiresAtMs: clock.nowMs() + (expires_at - serverMs) };
    } catch (error) {
      if (!isFault(error) || statusOf(error) !== 422) throw error;
      throw notInstalled(repository, error);
    }
  }

  /** With the id of a repository that is called otherwise now. */
  async #installation(
    octokit: GithubOctokit,
    repository: RepoName,
  ): Promise<z.infer<typeof installation> & { readonly movedTo?: number }> {
    const { installationId } = this.#options;
    try {
      const route = 'GET /repos/{owner}/{repo}/installation';
      const { data, url } = await octokit.request(route, { ...repository });
      const [, movedTo] = MOVED.exec(url) ?? [];
      const found = installation.parse(data);
      // Whoever names one means no other.
      if (installationId !== undefined && found.id !== installationId) throw notInstalled(repository);
      return { ...found, ...(movedTo !== undefined && { movedTo: Number(movedTo) }) };
    } catch (error) {
      if (isFault(error, 'missing')) throw notInstalled(repository, error);
      throw error;
    }
  }
}

function keyOf({ owner, repo }: RepoName, wanted: Permissions): string {
  const permissions = Object.entries(wanted).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([`${owner}/${repo}`.toLowerCase(), permissions]);
}

function notInstalled({ owner, repo }: RepoName, cause?: unknown): Fault {
  const words = `GitHub: the App is not installed in ${owner}/${repo}, or there is no such repository: check the address, or have its owner install the App there`;
  return new Fault('missing', words, { cause });
}
