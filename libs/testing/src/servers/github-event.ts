import { userObject } from './github-account-objects';
import { repositoryObject } from './github-repository-objects';
import { nodeId } from './github-view';
import type { GithubView } from './github-view';
import type { GithubInstallation, GithubRepository } from './github-entities';

/** One thing that happened, as https://docs.github.com/en/webhooks/webhook-events-and-payloads describes it. */
export interface GithubEvent {
  readonly name: string;
  readonly repository: GithubRepository;
  /** Who did it. */
  readonly sender: string;
  /** What this kind of event has beside what all have. */
  readonly payload: Readonly<Record<string, unknown>>;
}

export type GithubEmit = (event: GithubEvent) => void;

/** The payload with what every event of a repository has. */
export function payloadOf(
  view: GithubView,
  { repository, sender, payload }: GithubEvent,
  installation: GithubInstallation | undefined,
): object {
  const owner = view.world.user(repository.owner);
  return {
    ...payload,
    repository: repositoryObject(view, repository),
    ...(owner.type === 'Organization' && { organization: organizationObject(view, owner.login) }),
    sender: userObject(view, sender),
    ...(installation !== undefined && {
      installation: {
        id: installation.id,
        node_id: nodeId('MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u', installation.id),
      },
    }),
  };
}

function organizationObject(view: GithubView, login: string): object {
  const { id } = view.world.user(login);
  const url = `${view.apiUrl}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('O', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${view.htmlUrl}/avatars/u/${id}?v=4`,
    description: null,
  };
}
