import { demandAccess, hasPermission, maySee } from './github-access';
import type { GithubActivity } from './github-activity';
import { GithubRefusal } from './github-refusal';
import type { GithubGrant, GithubTokens } from './github-tokens';
import { fullNameOf } from './github-entities';
import type { GithubWorld } from './github-world';
import type { GitCredential } from './git-request';
import type { GitVerdict, LoopbackGitOptions } from './loopback-git';

/**
 * Who may clone and push, by the same tokens as the API: the password of any name, or of `x-access-token` for an installation's
 * (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation#about-authentication-as-a-github-app-installation).
 */
export function gitAuthority(
  world: GithubWorld,
  tokens: GithubTokens,
  activity: GithubActivity,
): Omit<LoopbackGitOptions, 'folder'> {
  function authorize(
    credential: GitCredential | undefined,
    name: string,
    access: 'read' | 'push',
  ): GitVerdict {
    const repository = world.findRepository(name);
    const grant = grantFor(tokens, credential);
    if (grant === 'nobody') return 401;
    const moved = world.renamedFrom(name);
    if (repository === undefined && moved !== undefined && maySee(world, grant, moved)) {
      return { movedTo: fullNameOf(moved) };
    }
    if (repository === undefined || !maySee(world, grant, repository)) return grant === undefined ? 401 : 404;
    if (access === 'push' && grant === undefined) return 401;
    const need =
      access === 'push'
        ? ({ permissions: ['contents=write'], role: 'write' } as const)
        : ({ permissions: ['contents=read'], role: 'read' } as const);
    try {
      demandAccess(world, grant, repository, need);
      return access === 'push' && repository.isArchived ? 403 : 'allow';
    } catch (error) {
      if (error instanceof GithubRefusal) return 403;
      throw error;
    }
  }

  return {
    authorize,
    rules: (name, credential) => {
      const grant = grantFor(tokens, credential);
      return {
        protectedRefs: [...(world.findRepository(name)?.protectedBranches ?? [])].map(
          (branch) => `refs/heads/${branch}`,
        ),
        workflowRefusal: grant === undefined || grant === 'nobody' ? undefined : workflowRefusal(grant),
      };
    },
    onPush: ({ repository, credential, changes }) => {
      const grant = grantFor(tokens, credential);
      if (grant === undefined || grant === 'nobody') return;
      activity.pushes.moved(world.repository(repository), grant.login, changes);
    },
  };
}

function grantFor(
  tokens: GithubTokens,
  credential: GitCredential | undefined,
): GithubGrant | 'nobody' | undefined {
  if (credential === undefined) return undefined;
  try {
    const grant = tokens.grantOf(credential.password);
    return grant.kind === 'app' ? 'nobody' : grant;
  } catch (error) {
    if (error instanceof GithubRefusal) return 'nobody';
    throw error;
  }
}

/** Workflows run with secrets, so writing contents is not enough: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps#available-scopes */
function workflowRefusal(grant: GithubGrant): string | undefined {
  const what = 'create or update workflow `{path}`';
  if (grant.kind === 'classic') {
    if (grant.scopes.includes('workflow')) return undefined;
    return `refusing to allow a Personal Access Token to ${what} without \`workflow\` scope`;
  }
  if (grant.kind === 'app' || hasPermission(grant.permissions, ['workflows=write'])) return undefined;
  const who = grant.kind === 'installation' ? 'a GitHub App' : 'a Personal Access Token';
  return `refusing to allow ${who} to ${what} without \`workflows\` permission`;
}
