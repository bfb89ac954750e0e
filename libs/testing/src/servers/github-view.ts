import { fullNameOf } from './github-entities';
import type { GithubRepository } from './github-entities';
import type { GithubWorld } from './github-world';

/** From where the world is looked at: what addresses begin with. */
export interface GithubView {
  readonly world: GithubWorld;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly htmlUrl: string;
}

export function apiUrlOf({ apiUrl }: GithubView, repository: GithubRepository): string {
  return `${apiUrl}/repos/${fullNameOf(repository)}`;
}

export function htmlUrlOf({ htmlUrl }: GithubView, repository: GithubRepository): string {
  return `${htmlUrl}/${fullNameOf(repository)}`;
}

/** Such as `2011-01-26T19:01:12Z`. */
export function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function timeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : time(ms);
}

/** A global node id, as GraphQL wants it and REST calls `node_id`; nobody may read anything from it. */
export function nodeId(prefix: string, ...ids: readonly (number | string)[]): string {
  return `${prefix}_${Buffer.from(ids.join('/')).toString('base64url')}`;
}
