import { isFault, placeholderChannel, placeholderPerson } from '@swe/domain';
import type { Channel, Directory, Logger, Person } from '@swe/domain';
import { loginOf, repositoryAt } from '../addresses';
import type { GithubClient } from '../github-client';
import type { GithubServer } from '../github-server';
import { KeptAnswers } from './kept-answers';

export interface GithubDirectoryOptions {
  readonly client: GithubClient;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Who is taken out of a repository must not have the agent work there for long. */
const KEPT_MS = 60_000;

/** https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
const MAY_WRITE: readonly string[] = ['write', 'maintain', 'admin'];

/**
 * People on GitHub, kept for a minute. What somebody may do is a matter of the repository that a place is in, and nobody
 * may write where that can't be found out: everybody can speak to the agent there.
 */
export class GithubDirectory implements Directory {
  readonly #client: GithubClient;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #people: KeptAnswers<Person>;
  readonly #permissions: KeptAnswers<string>;
  readonly #visibilities: KeptAnswers<boolean>;

  constructor({ client, logger }: GithubDirectoryOptions) {
    this.#client = client;
    this.#logger = logger;
    this.#people = new KeptAnswers(KEPT_MS, client.clock);
    this.#permissions = new KeptAnswers(KEPT_MS, client.clock);
    this.#visibilities = new KeptAnswers(KEPT_MS, client.clock);
  }

  async person(id: string, place?: string): Promise<Person> {
    const login = loginOf(id);
    const repository = place === undefined ? undefined : repositoryAt(this.#client.server, place)?.repository;
    const [person, access] = await Promise.all([
      login === undefined ? placeholderPerson(id) : this.#person(login, repository),
      login === undefined || repository === undefined ? 'none' : this.#access(login, repository),
    ]);
    if (place === undefined || access === 'write') return person;
    return { ...person, canOnlyRead: true, ...(access === 'none' && { cannotRead: true }) };
  }

  /** A repository, which is all that there is around an issue. */
  async channel(id: string): Promise<Channel> {
    const name = repositoryAt(this.#client.server, id)?.name;
    return name === undefined
      ? placeholderChannel(id)
      : { name: `${name.owner}/${name.repo}`, isKnown: true };
  }

  async #person(login: string, repository: string | undefined): Promise<Person> {
    try {
      return await this.#people.get(login.toLowerCase(), async () => {
        const octokit = this.#client.forAccounts(repository);
        const { data } = await octokit.request('GET /users/{username}', { username: login });
        // One who has not said their name has none.
        const name = data.name || data.login;
        const commitEmail = noreplyEmail(this.#client.server, data);
        const isBot = data.type === 'Bot';
        return { name, commitEmail, isBot, isGuest: false, isForeign: false, isKnown: true };
      });
    } catch (error) {
      this.#logger.warn('directory.unreadable', { login, reason: String(error) });
      return placeholderPerson(login);
    }
  }

  async #access(login: string, repository: string): Promise<'write' | 'read' | 'none'> {
    const permission = await this.#permission(login, repository);
    if (permission !== undefined && MAY_WRITE.includes(permission)) return 'write';
    if (permission === 'read') return 'read';
    return (await this.#isPublic(repository)) ? 'read' : 'none';
  }

  /** Undefined where that can't be found out. */
  async #permission(login: string, repository: string): Promise<string | undefined> {
    try {
      return await this.#permissions.get(`${repository} ${login}`.toLowerCase(), async () => {
        const { octokit, name } = this.#client.at(repository);
        const of = { ...name, username: login };
        const { data } = await octokit.request(
          'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
          of,
        );
        return data.permission;
      });
    } catch (error) {
      // It may be known in a while: nobody is turned away for that.
      if (isFault(error, 'transient', 'throttled')) throw error;
      this.#logger.warn('permission.unreadable', { login, repository, reason: String(error) });
      return undefined;
    }
  }

  async #isPublic(repository: string): Promise<boolean> {
    try {
      return await this.#visibilities.get(repository.toLowerCase(), async () => {
        const { octokit, name } = this.#client.at(repository);
        const { data } = await octokit.request('GET /repos/{owner}/{repo}', { ...name });
        return !data.private;
      });
    } catch (error) {
      if (isFault(error, 'transient', 'throttled')) throw error;
      return false;
    }
  }
}

/**
 * It tells nothing of them, and stays theirs under another login:
 * https://docs.github.com/account-and-profile/setting-up-and-managing-your-personal-account-on-github/managing-email-preferences/setting-your-commit-email-address
 */
function noreplyEmail(
  { host }: GithubServer,
  { id, login }: { readonly id: number | bigint; readonly login: string },
) {
  return `${id}+${login}@users.noreply.${host.replace(/:\d+$/, '')}`;
}
