import { z } from 'zod';
import { GithubRefusal, notFound, validationFailed } from './github-refusal';
import { fullRepositoryObject, permissionsObject } from './github-repository-objects';
import { bodyOf, noContent, ofRepository, ok } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { userObject } from './github-account-objects';
import { fullNameOf, isAtLeast } from './github-entities';
import type { GithubRole } from './github-entities';

/** https://docs.github.com/en/rest/repos/repos, https://docs.github.com/en/rest/collaborators/collaborators and https://docs.github.com/en/rest/repos/forks */
export const REPOSITORY_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '', 'metadata=read', (call) =>
    ok(fullRepositoryObject(call.view, call.repository, roleIn(call))),
  ),
  ofRepository('GET', '/collaborators/{username}/permission', 'metadata=read', collaboratorPermission),
  ofRepository('GET', '/collaborators/{username}', 'metadata=read', isCollaborator),
  ofRepository('POST', '/forks', ['administration=write', 'contents=read', 'metadata=read'], fork),
  ofRepository('POST', '/merge-upstream', 'contents=write', mergeUpstream, 'write'),
];

/** What the caller may do, as far as it may be known. */
function roleIn({ world, grant, repository }: RepositoryCall): GithubRole | undefined {
  if (grant === undefined) return undefined;
  return grant.kind === 'installation' ? 'read' : world.roleOf(grant.login, repository);
}

/** https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user: `maintain` is said as write there, `triage` as read. */
function collaboratorPermission({ world, view, repository, params, grant }: RepositoryCall): GithubAnswer {
  if (grant === undefined) throw new GithubRefusal(401, 'Requires authentication');
  if (grant.kind !== 'installation' && !isAtLeast(world.roleOf(grant.login, repository), 'write')) {
    throw new GithubRefusal(403, 'Must have push access to view collaborator permission.');
  }
  const login = params['username'] ?? '';
  if (!world.users.has(login.toLowerCase())) throw notFound();
  const role = world.roleOf(login, repository);
  const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
  return ok({
    permission,
    role_name: role,
    user:
      role === 'none'
        ? null
        : { ...userObject(view, login), permissions: permissionsObject(role), role_name: role },
  });
}

function isCollaborator({ world, repository, params }: RepositoryCall): GithubAnswer {
  const login = params['username'] ?? '';
  const isOne = repository.collaborators.has(login) || world.roleOf(login, repository) === 'admin';
  if (!isOne) throw notFound();
  return noContent;
}

/** https://docs.github.com/en/rest/repos/forks#create-a-fork: there at once, its git objects perhaps later. */
function fork(call: RepositoryCall): GithubAnswer {
  const { world, view, repository } = call;
  const given = bodyOf(
    call,
    z.object({
      organization: z.string().optional(),
      name: z.string().optional(),
      default_branch_only: z.boolean().optional(),
    }),
  );
  const { grant } = call;
  const owner =
    given.organization ?? (grant?.kind === 'installation' ? grant.installation.account : grant?.login);
  if (owner === undefined) throw new GithubRefusal(401, 'Requires authentication');
  if (!repository.allowsForking)
    throw new GithubRefusal(403, 'The repository exists, but forking is disabled.');
  const known = [...world.repositories.values()].find(
    (one) => one.parent === repository.id && one.owner.toLowerCase() === owner.toLowerCase(),
  );
  const made = known ?? world.addFork(repository, owner, given.name ?? repository.name);
  return { status: 202, body: fullRepositoryObject(view, made, 'admin') };
}

/** https://docs.github.com/en/rest/branches/branches#sync-a-fork-branch-with-the-upstream-repository */
function mergeUpstream(call: RepositoryCall): GithubAnswer {
  const { world, repository } = call;
  const { branch: name } = bodyOf(call, z.object({ branch: z.string() }));
  if (repository.parent === undefined) {
    throw validationFailed({
      resource: 'Repository',
      code: 'custom',
      message: 'This repository is not a fork.',
    });
  }
  const upstream = world.repositoryById(repository.parent);
  const theirs = upstream.git.branch(name);
  const ours = repository.git.branch(name);
  if (theirs === undefined) throw new GithubRefusal(422, `Branch ${name} does not exist upstream.`);
  const base_branch = `${upstream.owner}:${name}`;
  if (ours === theirs) {
    return ok({
      message: `This branch is not behind the upstream ${base_branch}.`,
      merge_type: 'none',
      base_branch,
    });
  }
  repository.git.take(upstream.git, theirs, `refs/network/${theirs}`);
  if (ours === undefined || repository.git.isAncestor(ours, theirs)) {
    call.activity.pushes.setRef(repository, call.by, `refs/heads/${name}`, theirs);
    const message = `Successfully fetched and fast-forwarded from upstream ${base_branch}.`;
    return ok({ message, merge_type: 'fast-forward', base_branch });
  }
  const merged = repository.git.mergeTree(ours, theirs);
  if (merged === undefined) throw new GithubRefusal(409, 'There are merge conflicts');
  const words = `Merge branch '${name}' of ${fullNameOf(upstream)} into ${name}`;
  const sha = repository.git.writeCommit(merged, [ours, theirs], words, world.user(call.by), world.nowMs());
  call.activity.pushes.setRef(repository, call.by, `refs/heads/${name}`, sha);
  return ok({
    message: `Successfully fetched from upstream ${base_branch}.`,
    merge_type: 'merge',
    base_branch,
  });
}
