import { Fault } from '@swe/domain';

/** github.com, or an Enterprise Server: https://docs.github.com/en/enterprise-server/rest/quickstart */
export interface GithubServer {
  /** What it is called in addresses such as `github:<host>/<owner>/<name>/<number>`: with its port, if it has one. */
  readonly host: string;
  /** Where people see it: `https://github.com`. */
  readonly webUrl: string;
  /** `https://api.github.com`, or `https://<host>/api/v3`. */
  readonly apiUrl: string;
}

/** A repository by its owner and name, as routes take them. */
export interface RepoName {
  readonly owner: string;
  readonly repo: string;
}

const NAME = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/;

/** `serverUrl` and `apiUrl` are `GITHUB_SERVER_URL` and `GITHUB_API_URL` as Actions defines them. */
export function githubServer(serverUrl: string, apiUrl = usualApiOf(serverUrl)): GithubServer {
  const { host, origin } = new URL(serverUrl);
  return { host, webUrl: origin, apiUrl: apiUrl.replace(/\/+$/, '') };
}

/** Enterprise Cloud with data residency has an API host of its own, too: https://docs.github.com/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom */
function usualApiOf(serverUrl: string): string {
  const { host, origin } = new URL(serverUrl);
  const isCloud = host === 'github.com' || host.endsWith('.ghe.com');
  return isCloud ? `https://api.${host}` : `${origin}/api/v3`;
}

/** A repository's name by its canonical URL; undefined for one that is not on `server`. */
export function nameOnServer(server: GithubServer, repository: string): RepoName | undefined {
  if (!URL.canParse(repository)) return undefined;
  const { origin, pathname } = new URL(repository);
  const [, owner, repo] = NAME.exec(pathname) ?? [];
  if (origin !== server.webUrl || owner === undefined || repo === undefined) return undefined;
  return { owner, repo };
}

/** Throws `missing` for a repository that is not on `server`. */
export function repoNameOf(server: GithubServer, repository: string): RepoName {
  const name = nameOnServer(server, repository);
  if (name === undefined) throw new Fault('missing', `${repository} is no repository of ${server.host}`);
  return name;
}

export function repoUrlOf(server: GithubServer, { owner, repo }: RepoName): string {
  return `${server.webUrl}/${owner}/${repo}`;
}
