import { nodeId, time } from './github-view';
import type { GithubView } from './github-view';
import { clientIdOf } from './github-entities';
import type { GithubApp, GithubInstallation, GithubUser } from './github-entities';
import type { GithubPermissions } from './github-tokens';

const LINKS = ['followers', 'subscriptions', 'repos', 'received_events'];

/** https://docs.github.com/en/rest/users/users; whoever is gone is `ghost`. */
export function userObject({ world, apiUrl, htmlUrl }: GithubView, login: string): object {
  const user: GithubUser = world.users.get(login.toLowerCase()) ?? GHOST;
  const url = `${apiUrl}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `${htmlUrl}/avatars/u/${user.id}?v=4`,
    gravatar_id: '',
    url,
    html_url:
      user.type === 'Bot' ? `${htmlUrl}/apps/${user.login.replace('[bot]', '')}` : `${htmlUrl}/${user.login}`,
    ...Object.fromEntries(LINKS.map((name) => [`${name}_url`, `${url}/${name}`])),
    organizations_url: `${url}/orgs`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    events_url: `${url}/events{/privacy}`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

const GHOST: GithubUser = { id: 10_137, login: 'ghost', type: 'User', name: 'Deleted user', email: '' };

/** https://docs.github.com/en/rest/users/users#get-a-user */
export function publicUserObject(view: GithubView, { login, name, email }: GithubUser): object {
  return {
    ...userObject(view, login),
    name,
    company: null,
    blog: '',
    location: null,
    email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2008-01-14T04:33:35Z',
    updated_at: '2008-01-14T04:33:35Z',
  };
}

/** https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app */
export function appObject(view: GithubView, app: GithubApp): object {
  const login = `${app.slug}[bot]`;
  return {
    id: app.id,
    slug: app.slug,
    client_id: clientIdOf(app),
    node_id: nodeId('A', app.id),
    owner: userObject(view, login),
    name: app.name,
    description: '',
    external_url: 'https://example.com',
    html_url: `${view.htmlUrl}/apps/${app.slug}`,
    created_at: time(app.createdAtMs),
    updated_at: time(app.createdAtMs),
    permissions: app.permissions,
    events: app.events,
  };
}

/** The app that a login is the bot of. */
export function appOf(view: GithubView, login: string): object | null {
  const app = view.world.apps.get(login.replace('[bot]', ''));
  return app === undefined || !login.endsWith('[bot]') ? null : appObject(view, app);
}

/** https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
export function installationObject(
  view: GithubView,
  installation: GithubInstallation,
  app: GithubApp,
): object {
  const { id, account, repositories, isSuspended, createdAtMs } = installation;
  const { id: targetId, type } = view.world.user(account);
  return {
    id,
    client_id: clientIdOf(app),
    account: userObject(view, account),
    repository_selection: repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${view.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${view.apiUrl}/installation/repositories`,
    html_url: `${view.htmlUrl}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: targetId,
    target_type: type,
    permissions: app.permissions,
    events: app.events,
    created_at: time(createdAtMs),
    updated_at: time(createdAtMs),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: isSuspended ? userObject(view, account) : null,
    suspended_at: isSuspended ? time(createdAtMs) : null,
  };
}

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
export function tokenObject(token: string, expiresAtMs: number, permissions: GithubPermissions): object {
  return { token, expires_at: time(expiresAtMs), permissions };
}
