import { z } from 'zod';
import { appObject, installationObject, publicUserObject, tokenObject } from './github-account-objects';
import { hasPermission } from './github-access';
import { page } from './github-page';
import { GithubRefusal, notFound } from './github-refusal';
import { fullRepositoryObject, repositoryObject } from './github-repository-objects';
import { bodyOf, noContent, ok } from './github-route';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-route';
import { isGrantedOn } from './github-tokens';
import type { GithubGrant } from './github-tokens';
import type { GithubInstallation } from './github-entities';

function plain(method: GithubRoute['method'], path: string, run: GithubRoute['run']): GithubRoute {
  return { method, path, need: undefined, run };
}

/** https://docs.github.com/en/rest/apps, /users and /rate-limit */
export const APP_ROUTES: readonly GithubRoute[] = [
  plain('GET', '/rate_limit', rateLimit),
  plain('GET', '/user', authenticatedUser),
  plain('GET', '/users/{username}', user),
  plain('GET', '/app', (call) => ok(appObject(call.view, asApp(call).app))),
  plain('GET', '/app/installations', installations),
  plain('GET', '/app/installations/{installation_id}', (call) => ok(asObject(call, installationById(call)))),
  plain('POST', '/app/installations/{installation_id}/access_tokens', createToken),
  plain('GET', '/repos/{owner}/{repo}/installation', repositoryInstallation),
  plain('GET', '/orgs/{username}/installation', accountInstallation),
  plain('GET', '/users/{username}/installation', accountInstallation),
  plain('GET', '/installation/repositories', installationRepositories),
  plain('DELETE', '/installation/token', (call) => {
    asInstallation(call);
    if (call.token !== undefined) call.tokens.revoke(call.token);
    return noContent;
  }),
];

function rateLimit({ rate, caller }: GithubCall): GithubAnswer {
  const core = { ...rate.state(caller, 'core'), resource: 'core' };
  const graphql = { ...rate.state(caller, 'graphql'), resource: 'graphql' };
  const search = { limit: 30, used: 0, remaining: 30, reset: core.reset, resource: 'search' };
  return ok({ resources: { core, graphql, search }, rate: core });
}

/** An installation is no user: https://docs.github.com/en/rest/users/users#get-the-authenticated-user */
function authenticatedUser({ grant, world, view }: GithubCall): GithubAnswer {
  if (grant === undefined) throw new GithubRefusal(401, 'Requires authentication');
  if (grant.kind === 'installation') throw new GithubRefusal(403, 'Resource not accessible by integration');
  if (grant.kind === 'app') throw new GithubRefusal(401, 'A JSON web token could not be decoded');
  return ok(publicUserObject(view, world.user(grant.login)));
}

function user({ world, view, params }: GithubCall): GithubAnswer {
  const found = world.users.get((params['username'] ?? '').toLowerCase());
  if (found === undefined) throw notFound();
  return ok(publicUserObject(view, found));
}

function asApp({ grant }: GithubCall): Extract<GithubGrant, { kind: 'app' }> {
  if (grant?.kind === 'app') return grant;
  throw new GithubRefusal(401, 'A JSON web token could not be decoded');
}

function asInstallation({ grant }: GithubCall): Extract<GithubGrant, { kind: 'installation' }> {
  if (grant?.kind === 'installation') return grant;
  throw new GithubRefusal(
    403,
    'You must authenticate with an installation access token in order to list repositories for an installation.',
  );
}

function asObject(call: GithubCall, installation: GithubInstallation): object {
  return installationObject(call.view, installation, asApp(call).app);
}

function installations(call: GithubCall): GithubAnswer {
  const { app } = asApp(call);
  const own = [...call.world.installations.values()].filter((one) => one.app === app.slug);
  return page(call, own, (one) => asObject(call, one));
}

function installationById(call: GithubCall): GithubInstallation {
  const { app } = asApp(call);
  const found = call.world.installations.get(Number(call.params['installation_id']));
  if (found === undefined || found.app !== app.slug) throw notFound();
  return found;
}

function repositoryInstallation(call: GithubCall): GithubAnswer {
  const { app } = asApp(call);
  const repository = call.world.findRepository(`${call.params['owner']}/${call.params['repo']}`);
  const found = repository && call.world.installationFor(app.slug, repository);
  if (found === undefined) throw notFound();
  return ok(asObject(call, found));
}

function accountInstallation(call: GithubCall): GithubAnswer {
  const { app } = asApp(call);
  const found = [...call.world.installations.values()].find(
    (one) => one.app === app.slug && one.account.toLowerCase() === call.params['username']?.toLowerCase(),
  );
  if (found === undefined) throw notFound();
  return ok(asObject(call, found));
}

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
const MOST_REPOSITORIES = 500;

const tokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.string()).optional(),
});

function createToken(call: GithubCall): GithubAnswer {
  const installation = installationById(call);
  const { app } = asApp(call);
  if (installation.isSuspended) throw new GithubRefusal(403, 'This installation has been suspended');
  const { permissions = app.permissions, ...given } = bodyOf(call, tokenRequest);
  const refused = Object.entries(permissions).find(
    ([name, level]) => !hasPermission(app.permissions, [`${name}=${level}`]),
  );
  if (refused !== undefined) {
    throw new GithubRefusal(422, 'The permissions requested are not granted to this installation.');
  }
  const repositories = requestedRepositories(call, installation, given);
  const { token, expiresAtMs } = call.tokens.addInstallation(
    installation,
    permissions,
    repositories,
    formatOf(call),
  );
  const selected =
    repositories === 'all' ? undefined : [...repositories].map((id) => call.world.repositoryById(id));
  return {
    status: 201,
    body: {
      ...tokenObject(token, expiresAtMs, permissions),
      repository_selection:
        selected === undefined && installation.repositories === 'all' ? 'all' : 'selected',
      ...(selected !== undefined && {
        repositories: selected.map((one) => repositoryObject(call.view, one)),
      }),
    },
  };
}

/** https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/ */
function formatOf({ headers, tokens }: GithubCall): 'stateless' | 'opaque' {
  const wanted = headers['x-github-stateless-s2s-token'];
  if (wanted === 'enabled') return 'stateless';
  return wanted === 'disabled' ? 'opaque' : tokens.installationFormat;
}

function requestedRepositories(
  { world }: GithubCall,
  installation: GithubInstallation,
  { repositories: names, repository_ids: ids }: z.infer<typeof tokenRequest>,
): 'all' | ReadonlySet<number> {
  if (names === undefined && ids === undefined) return 'all';
  if ((names?.length ?? 0) + (ids?.length ?? 0) > MOST_REPOSITORIES) {
    throw new GithubRefusal(422, `There are more than ${MOST_REPOSITORIES} repositories.`);
  }
  // Names are without their owner: an installation has one.
  const wanted = [
    ...(names ?? []).map((name) => world.findRepository(`${installation.account}/${name}`)),
    ...(ids ?? []).map((id) => world.repositories.get(id)),
  ];
  const reached = wanted.filter((one) => one !== undefined && world.reaches(installation, one));
  if (reached.length < wanted.length) {
    throw new GithubRefusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return new Set(reached.flatMap((one) => one?.id ?? []));
}

function installationRepositories(call: GithubCall): GithubAnswer {
  const grant = asInstallation(call);
  const reached = [...call.world.repositories.values()].filter((one) => isGrantedOn(grant, one, call.world));
  return page(
    call,
    reached,
    (one) => fullRepositoryObject(call.view, one, 'read'),
    (repositories, total_count) => ({
      total_count,
      repository_selection: grant.installation.repositories === 'all' ? 'all' : 'selected',
      repositories,
    }),
  );
}
