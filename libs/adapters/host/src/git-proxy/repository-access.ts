import type { OutgoingHttpHeaders } from 'node:http';
import { Fault } from '@swe/domain';
import type { CredentialPurpose, RepoCredential, RepoCredentials } from '@swe/domain';
import { readGitRoute } from './git-route';
import type { GitRoute, RepositoryRoute } from './git-route';
import type { Asked } from './proxy-fault';

export interface RepositoryAccessOptions {
  readonly origins: readonly string[];
  readonly credentials: RepoCredentials;
  /** Asked with the address as the client wrote it. */
  isOfSession(repository: string): boolean | Promise<boolean>;
  /** Throws `denied`, in words for the pusher, where nothing may be pushed to a repository of the session as it stands. */
  demandPush(repository: string): Promise<void>;
}

/** What a request to a host may carry, and what to say when the host does not take it. */
export interface Access extends Asked {
  readonly headers: OutgoingHttpHeaders;
}

/** Says with what a repository may be asked for: the session's own with their credential, all others as a stranger. */
export class RepositoryAccess {
  readonly #options: RepositoryAccessOptions;
  /** Repositories that were renamed, by their former address. */
  readonly #moved = new Map<string, string>();

  constructor(options: RepositoryAccessOptions) {
    this.#options = options;
  }

  /** Throws `denied` where the session does not work, or not for people who may push there. */
  async mayPush(repository: string): Promise<void> {
    if (await this.#options.isOfSession(repository)) return this.#options.demandPush(repository);
    throw new Fault(
      'denied',
      `${repository} is none of this session's repositories, so nothing is pushed to it`,
    );
  }

  /** Asked before each request: a credential may end between two of one push. Throws as `mayPush`. */
  async to(repository: string, purpose: CredentialPurpose, signal: AbortSignal): Promise<Access> {
    const isPush = purpose !== 'read';
    if (isPush) await this.mayPush(repository);
    const isOfSession = isPush || (await this.#options.isOfSession(repository));
    const asked = { repository, purpose, isOfSession };
    if (!isOfSession) return { ...asked, headers: {} };
    const credential = await this.#options.credentials.credential(repository, purpose, signal);
    return { ...asked, headers: credential === undefined ? {} : { authorization: basic(credential) } };
  }

  /** Where the route's host takes the request now. */
  urlOf({ repository, url }: RepositoryRoute): URL {
    const moved = this.#moved.get(repository);
    return moved === undefined ? url : new URL(`${moved}.git${url.href.slice(`${repository}.git`.length)}`);
  }

  /** Whether a host's `to` is the same question at another address of its own; then later requests go there at once. */
  follow(route: GitRoute & { readonly kind: 'refs' }, to: URL): boolean {
    const isPlain = to.origin === route.url.origin && to.username === '' && to.password === '';
    const next = isPlain ? this.#routeAt(to) : 404;
    if (typeof next === 'number' || next.kind !== 'refs' || next.service !== route.service) return false;
    this.#moved.set(route.repository, next.repository);
    return true;
  }

  #routeAt({ host, pathname, search }: URL): ReturnType<typeof readGitRoute> {
    return readGitRoute('GET', `/${host}${pathname}${search}`, this.#options.origins);
  }
}

/** https://datatracker.ietf.org/doc/html/rfc7617 */
function basic({ username, password }: RepoCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
