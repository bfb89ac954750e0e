import { Fault } from '@swe/domain';
import { repoUrlOf } from './github-server';
import type { GithubServer, RepoName } from './github-server';

/** An issue or pull request. */
export interface Place {
  readonly name: RepoName;
  /** Its repository's canonical URL. */
  readonly repository: string;
  readonly number: number;
}

/** Something on GitHub that bears reactions. */
export interface MessageAt {
  readonly name: RepoName;
  readonly repository: string;
  readonly kind: 'issue' | 'comment' | 'review-comment';
  readonly id: number;
}

const REPOSITORY = String.raw`github:([^/]+)/([\w.-]+)/([\w.-]+)`;
const PLACE = new RegExp(`^${REPOSITORY}/([1-9]\\d{0,9})$`);
/** What is behind an issue's number is how it came to be a message: it was assigned, or labelled. */
const MESSAGE = new RegExp(`^${REPOSITORY}/(issue|comment|review-comment)/(\\d{1,15})(?:/.*)?$`);
const IN_REPOSITORY = new RegExp(`^${REPOSITORY}(?:/.*)?$`);
/** Accounts that an enterprise manages have an underscore in their names. */
const REQUESTER = /^github:([\w-]+(?:\[bot\])?)$/;

/** Where approvals count, and what all addresses of a repository begin with. */
export function workspaceOf({ host }: GithubServer, { owner, repo }: RepoName): string {
  return `github:${host}/${owner}/${repo}`;
}

/** Throws `invalid` for what is no issue or pull request of `server`. */
export function placeOf(server: GithubServer, destination: string): Place {
  const [, host, owner, repo, number] = PLACE.exec(destination) ?? [];
  if (host !== server.host || owner === undefined || repo === undefined) {
    throw new Fault('invalid', `${destination} is no place on ${server.host}`);
  }
  const name = { owner, repo };
  return { name, repository: repoUrlOf(server, name), number: Number(number) };
}

/** Undefined for a message that can't be reacted to. */
export function messageAt(server: GithubServer, messageKey: string): MessageAt | undefined {
  const [, host, owner, repo, kind, id] = MESSAGE.exec(messageKey) ?? [];
  if (host !== server.host || owner === undefined || repo === undefined) return undefined;
  const name = { owner, repo };
  return { name, repository: repoUrlOf(server, name), kind: kind as MessageAt['kind'], id: Number(id) };
}

/** The repository that an address of `server` is of, or in; undefined for one somewhere else. */
export function repositoryAt(
  server: GithubServer,
  address: string,
): Pick<Place, 'name' | 'repository'> | undefined {
  const [, host, owner, repo] = IN_REPOSITORY.exec(address) ?? [];
  if (host !== server.host || owner === undefined || repo === undefined) return undefined;
  const name = { owner, repo };
  return { name, repository: repoUrlOf(server, name) };
}

export function requesterOf(login: string): string {
  return `github:${login}`;
}

/** Undefined for somebody who is not on GitHub. */
export function loginOf(requester: string): string | undefined {
  return REQUESTER.exec(requester)?.[1];
}
