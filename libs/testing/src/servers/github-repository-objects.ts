import { userObject } from './github-account-objects';
import { apiUrlOf, htmlUrlOf, nodeId, time } from './github-view';
import type { GithubView } from './github-view';
import { fullNameOf, isAtLeast } from './github-entities';
import type { GithubRepository, GithubRole } from './github-entities';

/** Addresses below a repository's, by the name that they have in its object. */
const LINKS: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** https://docs.github.com/en/rest/repos/repos#list-organization-repositories: what other objects say of a repository. */
export function repositoryObject(
  view: GithubView,
  repository: GithubRepository,
  role?: GithubRole,
): Record<string, unknown> {
  const { id, owner, name, isPrivate, description, isArchived, hasIssues, defaultBranch } = repository;
  const api = apiUrlOf(view, repository);
  const html = htmlUrlOf(view, repository);
  const forks = [...view.world.repositories.values()].filter(({ parent }) => parent === id).length;
  const open = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: fullNameOf(repository),
    owner: userObject(view, owner),
    private: isPrivate,
    visibility: isPrivate ? 'private' : 'public',
    html_url: html,
    description,
    fork: repository.parent !== undefined,
    url: api,
    ...Object.fromEntries(Object.entries(LINKS).map(([key, path]) => [key, `${api}${path}`])),
    git_url: `git://${new URL(html).host}/${fullNameOf(repository)}.git`,
    ssh_url: `git@${new URL(html).hostname}:${fullNameOf(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    size: 108,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    forks_count: forks,
    forks,
    open_issues_count: open,
    open_issues: open,
    default_branch: defaultBranch,
    has_issues: hasIssues,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: isArchived,
    disabled: false,
    allow_forking: repository.allowsForking,
    is_template: false,
    web_commit_signoff_required: false,
    pushed_at: time(repository.pushedAtMs),
    created_at: time(repository.createdAtMs),
    updated_at: time(repository.pushedAtMs),
    ...(role !== undefined && { permissions: permissionsObject(role) }),
  };
}

/** https://docs.github.com/en/rest/repos/repos#get-a-repository */
export function fullRepositoryObject(
  view: GithubView,
  repository: GithubRepository,
  role?: GithubRole,
): object {
  const root = rootOf(view, repository);
  const parent = repository.parent === undefined ? undefined : view.world.repositories.get(repository.parent);
  return {
    ...repositoryObject(view, repository, role),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: false,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    subscribers_count: 0,
    network_count: 0,
    ...(view.world.user(repository.owner).type === 'Organization' && {
      organization: userObject(view, repository.owner),
    }),
    ...(parent !== undefined && { parent: repositoryObject(view, parent) }),
    ...(parent !== undefined && { source: repositoryObject(view, root) }),
  };
}

export function permissionsObject(role: GithubRole): object {
  return {
    admin: isAtLeast(role, 'admin'),
    maintain: isAtLeast(role, 'maintain'),
    push: isAtLeast(role, 'write'),
    triage: isAtLeast(role, 'triage'),
    pull: isAtLeast(role, 'read'),
  };
}

function rootOf(view: GithubView, repository: GithubRepository): GithubRepository {
  const parent = repository.parent === undefined ? undefined : view.world.repositories.get(repository.parent);
  return parent === undefined ? repository : rootOf(view, parent);
}
