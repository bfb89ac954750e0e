import { GithubRefusal, notFound } from './github-refusal';
import { isGrantedOn } from './github-tokens';
import type { GithubGrant, GithubPermissions } from './github-tokens';
import { isAtLeast } from './github-entities';
import type { GithubRepository, GithubRole } from './github-entities';
import type { GithubWorld } from './github-world';

/** What a route takes: of a token that has permissions any of `permissions`, such as `issues=write`; of a person `role`. */
export interface GithubNeed {
  readonly permissions: readonly string[];
  readonly role: GithubRole;
}

const LEVELS = ['read', 'write', 'admin'];

/**
 * Refuses what a grant may not do: with 404 where it may not even know of the repository, with 403 otherwise
 * (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource).
 */
export function demandAccess(
  world: GithubWorld,
  grant: GithubGrant | undefined,
  repository: GithubRepository,
  need: GithubNeed,
): void {
  if (!maySee(world, grant, repository)) throw notFound();
  if (isOpenToAll(repository, need)) return;
  if (grant === undefined) throw new GithubRefusal(401, 'Requires authentication');
  if (grant.kind === 'app') throw new GithubRefusal(401, 'A JSON web token could not be decoded');
  if (grant.kind === 'classic') {
    // A scope that is missing looks as if there were nothing.
    if (!hasScope(grant.scopes, repository)) throw notFound();
    return demandRole(world, grant.login, repository, need);
  }
  const isGranted =
    isGrantedOn(grant, repository, world) && hasPermission(grant.permissions, need.permissions);
  if (!isGranted) {
    const what = grant.kind === 'installation' ? 'integration' : 'personal access token';
    throw new GithubRefusal(403, `Resource not accessible by ${what}`);
  }
  if (grant.kind === 'fine-grained') demandRole(world, grant.login, repository, need);
}

/** A token that was made for it alone does not see other private repositories of its owner. */
export function maySee(
  world: GithubWorld,
  grant: GithubGrant | undefined,
  repository: GithubRepository,
): boolean {
  if (!repository.isPrivate) return true;
  if (grant === undefined) return false;
  // It can ask where it is installed there, and nothing else.
  if (grant.kind === 'app') return world.installationFor(grant.app.slug, repository) !== undefined;
  if (grant.kind === 'installation') return isGrantedOn(grant, repository, world);
  if (grant.kind === 'classic' && !grant.scopes.includes('repo')) return false;
  return isGrantedOn(grant, repository, world) && world.roleOf(grant.login, repository) !== 'none';
}

export function hasPermission(granted: GithubPermissions, anyOf: readonly string[]): boolean {
  return anyOf.some((needed) => {
    const [name = '', level = 'read'] = needed.split('=');
    // Everything that is installed may read metadata.
    const has = granted[name] ?? (name === 'metadata' ? 'read' : undefined);
    return has !== undefined && LEVELS.indexOf(has) >= LEVELS.indexOf(level);
  });
}

function isOpenToAll(repository: GithubRepository, { permissions, role }: GithubNeed): boolean {
  return !repository.isPrivate && role === 'read' && permissions.every((needed) => needed.endsWith('=read'));
}

function demandRole(
  world: GithubWorld,
  login: string,
  repository: GithubRepository,
  { role }: GithubNeed,
): void {
  if (isAtLeast(world.roleOf(login, repository), role)) return;
  const words =
    role === 'admin' ? 'Must have admin rights to Repository.' : 'Must have push access to repository';
  throw new GithubRefusal(403, words);
}

function hasScope(scopes: readonly string[], { isPrivate }: GithubRepository): boolean {
  return scopes.includes('repo') || (!isPrivate && scopes.includes('public_repo'));
}
