import { requesterOf, workspaceOf } from '../addresses';
import { repoUrlOf } from '../github-server';
import type { RepoName } from '../github-server';
import { isSame } from '../is-marked';
import type { PayloadPlace, PayloadUser } from './payload';
import type { EventContext } from './event-context';

/** What all that happens in a repository has. */
export function momentIn({ repository }: PayloadPlace, { server, receivedAtMs }: EventContext) {
  const name: RepoName = { owner: repository.owner.login, repo: repository.name };
  return { repository: repoUrlOf(server, name), workspace: workspaceOf(server, name), receivedAtMs };
}

export function isOwn(user: PayloadUser | null | undefined, { login }: EventContext): boolean {
  return isSame(user?.login, login);
}

/** Programs act as `Bot`; a user's token may act for an App as well. */
export function isBot(user: PayloadUser | null | undefined, viaApp?: unknown): boolean {
  return user?.type === 'Bot' || viaApp != null;
}

export function requesterFrom(user: PayloadUser | null | undefined): string {
  return requesterOf(user?.login ?? 'ghost');
}
