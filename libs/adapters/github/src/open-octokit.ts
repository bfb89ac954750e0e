import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import type { OctokitOptions } from '@octokit/core/types';
import type { GithubServer } from './github-server';
import { toFault } from './to-fault';

const PaginatingOctokit = Octokit.plugin(paginateRest);

/** GitHub's client with typed routes and pages; what fails is a `Fault`. */
export type GithubOctokit = InstanceType<typeof PaginatingOctokit>;

/** https://docs.github.com/rest/about-the-rest-api/api-versions */
const API_VERSION = '2022-11-28';

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export interface OctokitWish {
  readonly server: GithubServer;
  /** What its requests go through: `patientFetch` and the like. */
  readonly fetch: typeof fetch;
  readonly auth?: Pick<OctokitOptions, 'auth' | 'authStrategy'>;
}

export function openOctokit({ server, fetch, auth }: OctokitWish): GithubOctokit {
  const octokit = new PaginatingOctokit({
    baseUrl: server.apiUrl,
    userAgent: 'remote-swe-agents',
    request: { fetch },
    // It warns of routes that GitHub will retire: nothing that a person who runs this could mend.
    log: silent,
    ...auth,
  });
  octokit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] ??= API_VERSION;
  });
  octokit.hook.error('request', (error) => {
    throw toFault(error);
  });
  return octokit;
}

function ignore(): void {
  // Nothing to say.
}
