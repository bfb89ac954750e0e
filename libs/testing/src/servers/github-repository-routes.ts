import { z } from 'zod';
import { EMPTY_TREE, commitObject, fileObject, fullCommitObject } from './github-commit-objects';
import { page } from './github-page';
import { GithubRefusal, notFound, validationFailed } from './github-refusal';
import { fullRepositoryObject, permissionsObject } from './github-repository-objects';
import { bodyOf, commitAt, created, noContent, ofRepository, ok } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { userObject } from './github-account-objects';
import { apiUrlOf, htmlUrlOf, nodeId } from './github-view';
import { fullNameOf } from './github-world';
import type { GithubRole } from './github-world';

/** https://docs.github.com/en/rest/repos/repos, /branches, /commits and /git */
export const REPOSITORY_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '', 'metadata=read', (call) =>
    ok(fullRepositoryObject(call.view, call.repository, roleIn(call))),
  ),
  ofRepository('GET', '/collaborators/{username}/permission', 'metadata=read', collaboratorPermission),
  ofRepository('GET', '/collaborators/{username}', 'metadata=read', isCollaborator),
  ofRepository('GET', '/branches', 'contents=read', (call) =>
    page(call, branchesOf(call), ({ name, sha }) => shortBranch(call, name, sha)),
  ),
  ofRepository('GET', '/branches/{branch}', 'contents=read', branch),
  ofRepository('GET', '/git/ref/{ref}', 'contents=read', gitRef),
  ofRepository('GET', '/git/matching-refs/{ref}', 'contents=read', (call) =>
    page(
      call,
      call.repository.git.refs('').filter(({ ref }) => ref.startsWith(`refs/${call.params['ref']}`)),
      ({ ref, sha }) => refObject(call, ref, sha),
    ),
  ),
  ofRepository('POST', '/git/refs', 'contents=write', createRef, 'write'),
  ofRepository('PATCH', '/git/refs/{ref}', 'contents=write', updateRef, 'write'),
  ofRepository('DELETE', '/git/refs/{ref}', 'contents=write', deleteRef, 'write'),
  ofRepository('GET', '/git/trees/{tree_sha}', 'contents=read', tree),
  ofRepository('GET', '/git/blobs/{file_sha}', 'contents=read', blob),
  ofRepository('GET', '/commits', 'contents=read', commits),
  ofRepository('GET', '/commits/{ref}', 'contents=read', commit),
  ofRepository('GET', '/compare/{basehead}', 'contents=read', compare),
  ofRepository('GET', '/contents/{path}', 'contents=read', contents),
  ofRepository('GET', '/contents', 'contents=read', contents),
  ofRepository('POST', '/forks', ['administration=write', 'contents=read', 'metadata=read'], fork),
  ofRepository('POST', '/merge-upstream', 'contents=write', mergeUpstream, 'write'),
];

/** What the caller may do, as far as it may be known. */
function roleIn({ world, grant, repository }: RepositoryCall): GithubRole | undefined {
  if (grant === undefined) return undefined;
  return grant.kind === 'installation' ? 'read' : world.roleOf(grant.login, repository);
}

/** https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user: `maintain` is said as write there, `triage` as read. */
function collaboratorPermission({ world, view, repository, params }: RepositoryCall): GithubAnswer {
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

function branchesOf({
  repository,
}: RepositoryCall): readonly { readonly name: string; readonly sha: string }[] {
  return repository.git
    .refs('refs/heads/')
    .map(({ ref, sha }) => ({ name: ref.replace('refs/heads/', ''), sha }));
}

function shortBranch({ view, repository }: RepositoryCall, name: string, sha: string): object {
  return {
    name,
    commit: { sha, url: `${apiUrlOf(view, repository)}/commits/${sha}` },
    protected: repository.protectedBranches.has(name),
  };
}

function branch(call: RepositoryCall): GithubAnswer {
  const { view, repository, params } = call;
  const name = params['branch'] ?? '';
  const sha = repository.git.branch(name);
  if (sha === undefined) throw new GithubRefusal(404, 'Branch not found');
  const self = `${apiUrlOf(view, repository)}/branches/${name}`;
  const isProtected = repository.protectedBranches.has(name);
  return ok({
    ...shortBranch(call, name, sha),
    commit: commitObject(view, repository, sha),
    _links: { self, html: `${htmlUrlOf(view, repository)}/tree/${name}` },
    protection: {
      enabled: isProtected,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${self}/protection`,
  });
}

function gitRef(call: RepositoryCall): GithubAnswer {
  const ref = `refs/${call.params['ref']}`;
  const found = call.repository.git.refs('').find((one) => one.ref === ref);
  if (found === undefined) throw notFound();
  return ok(refObject(call, ref, found.sha));
}

function refObject({ view, repository }: RepositoryCall, ref: string, sha: string): { readonly url: string } {
  const api = apiUrlOf(view, repository);
  return {
    ...{ ref, node_id: nodeId('REF', repository.id, ref) },
    url: `${api}/git/${ref}`,
    ...{ object: { sha, type: 'commit', url: `${api}/git/commits/${sha}` } },
  };
}

function createRef(call: RepositoryCall): GithubAnswer {
  const { ref, sha } = bodyOf(call, z.object({ ref: z.string(), sha: z.string() }));
  const { git } = call.repository;
  if (!/^refs\/[^/]+\/.+/.test(ref))
    throw new GithubRefusal(422, "Reference name must start with 'refs/' and have at least two slashes");
  if (git.resolve(sha) === undefined) throw new GithubRefusal(422, 'Object does not exist');
  if (git.refs('').some((one) => one.ref === ref)) throw new GithubRefusal(422, 'Reference already exists');
  call.activity.pushes.setRef(call.repository, call.by, ref, sha);
  return created(refObject(call, ref, sha));
}

function updateRef(call: RepositoryCall): GithubAnswer {
  const { sha, force = false } = bodyOf(call, z.object({ sha: z.string(), force: z.boolean().optional() }));
  const { git, protectedBranches } = call.repository;
  const ref = `refs/${call.params['ref']}`;
  const before = git.resolve(ref);
  if (before === undefined) throw new GithubRefusal(422, 'Reference does not exist');
  if (git.resolve(sha) === undefined) throw new GithubRefusal(422, 'Object does not exist');
  if (protectedBranches.has(ref.replace('refs/heads/', ''))) {
    throw new GithubRefusal(422, 'Changes must be made through a pull request.');
  }
  if (!force && !git.isAncestor(before, sha)) throw new GithubRefusal(422, 'Update is not a fast forward');
  call.activity.pushes.setRef(call.repository, call.by, ref, sha);
  return ok(refObject(call, ref, sha));
}

function deleteRef(call: RepositoryCall): GithubAnswer {
  const ref = `refs/${call.params['ref']}`;
  if (call.repository.git.resolve(ref) === undefined)
    throw new GithubRefusal(422, 'Reference does not exist');
  call.activity.pushes.deleteRef(call.repository, call.by, ref);
  return noContent;
}

/** https://docs.github.com/en/rest/git/trees#get-a-tree: any value of `recursive` makes it so. */
function tree({ view, repository, params, url }: RepositoryCall): GithubAnswer {
  const api = apiUrlOf(view, repository);
  const sha = repository.git.treeOf(params['tree_sha'] ?? '');
  if (sha === undefined) throw notFound();
  const entries = repository.git.tree(sha, url.searchParams.has('recursive')) ?? [];
  return ok({
    sha,
    url: `${api}/git/trees/${sha}`,
    tree: entries.map(({ path, mode, type, sha: entry, size }) => ({
      path,
      mode,
      type,
      sha: entry,
      ...(size !== undefined && { size }),
      ...(type !== 'commit' && { url: `${api}/git/${type}s/${entry}` }),
    })),
    truncated: false,
  });
}

function blob({ view, repository, params }: RepositoryCall): GithubAnswer {
  const sha = params['file_sha'] ?? '';
  if (!/^[0-9a-f]{40}$/.test(sha)) throw notFound();
  const bytes = repository.git.blob(sha);
  const content = bytes.toString('base64');
  return ok({
    sha,
    node_id: nodeId('B', repository.id, sha),
    size: bytes.length,
    url: `${apiUrlOf(view, repository)}/git/blobs/${sha}`,
    content,
    encoding: 'base64',
  });
}

function commits(call: RepositoryCall): GithubAnswer {
  const { searchParams } = call.url;
  const from = commitAt(call, searchParams.get('sha') ?? call.repository.defaultBranch);
  const path = searchParams.get('path') ?? undefined;
  return page(call, call.repository.git.log(from, path), (sha) =>
    commitObject(call.view, call.repository, sha),
  );
}

function commit(call: RepositoryCall): GithubAnswer {
  const { repository, view, params, accept } = call;
  const sha = commitAt(call, params['ref'] ?? '');
  if (accept.includes('vnd.github.sha')) return ok(sha);
  if (accept.includes('.diff')) {
    const [parent = EMPTY_TREE] = repository.git.commitOf(sha).parents;
    return ok(repository.git.diffText(parent, sha));
  }
  return ok(fullCommitObject(view, repository, sha));
}

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits */
function compare(call: RepositoryCall): GithubAnswer {
  const { repository, view, params, accept } = call;
  const [baseName = '', headName = ''] = (params['basehead'] ?? '').split('...');
  const base = sideOf(call, baseName);
  const head = sideOf(call, headName);
  const { git } = repository;
  const mergeBase = git.mergeBase(base, head);
  if (mergeBase === undefined)
    throw new GithubRefusal(404, `No common ancestor between ${baseName} and ${headName}.`);
  if (accept.includes('.diff')) return ok(git.diffText(mergeBase, head));
  const ahead = git.log(`${base}..${head}`);
  const behind = git.log(`${head}..${base}`);
  const html = `${htmlUrlOf(view, repository)}/compare/${baseName}...${headName}`;
  return page(
    call,
    ahead.toReversed(),
    (sha) => commitObject(view, repository, sha),
    (shown) => ({
      url: `${apiUrlOf(view, repository)}/compare/${baseName}...${headName}`,
      html_url: html,
      permalink_url: `${htmlUrlOf(view, repository)}/compare/${repository.owner}:${base.slice(0, 7)}...${repository.owner}:${head.slice(0, 7)}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: commitObject(view, repository, base),
      merge_base_commit: commitObject(view, repository, mergeBase),
      status: statusOf(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: shown,
      files: git.diff(mergeBase, head).map((file) => fileObject(view, repository, file, head)),
    }),
  );
}

function sideOf({ world, repository }: RepositoryCall, name: string): string {
  const [owner, ref] = name.includes(':') ? name.split(':') : [undefined, name];
  const other = owner === undefined ? repository : world.findRepository(`${owner}/${repository.name}`);
  const sha = ref === undefined ? undefined : (other?.git.branch(ref) ?? other?.git.resolve(ref));
  if (sha === undefined) throw notFound();
  // A fork's commits are in the network that it shares with its parent.
  if (other !== undefined && other !== repository) repository.git.take(other.git, sha, `refs/network/${sha}`);
  return sha;
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

/** https://docs.github.com/en/rest/repos/contents#get-repository-content */
function contents(call: RepositoryCall): GithubAnswer {
  const { repository, params, url, accept } = call;
  const path = (params['path'] ?? '').replace(/\/+$/, '');
  const ref = url.searchParams.get('ref') ?? repository.defaultBranch;
  if (repository.git.refs('').length === 0) throw new GithubRefusal(404, 'This repository is empty.');
  const commitSha = repository.git.branch(ref) ?? repository.git.resolve(ref);
  if (commitSha === undefined) throw new GithubRefusal(404, `No commit found for the ref ${ref}`);
  const folder = repository.git.tree(path === '' ? commitSha : `${commitSha}:${path}`, false);
  if (folder !== undefined) {
    return ok(
      folder.map((entry) =>
        contentObject(
          call,
          ref,
          path === '' ? entry.path : `${path}/${entry.path}`,
          entry.type === 'tree' ? 'dir' : 'file',
          entry.sha,
          entry.size,
        ),
      ),
    );
  }
  const parent = path.split('/').slice(0, -1).join('/');
  const name = path.split('/').at(-1);
  const entry = repository.git
    .tree(parent === '' ? commitSha : `${commitSha}:${parent}`, false)
    ?.find((one) => one.path === name && one.type === 'blob');
  if (entry === undefined) throw notFound();
  const bytes = repository.git.blob(entry.sha);
  if (accept.includes('.raw')) return ok(bytes.toString());
  return ok({
    ...contentObject(call, ref, path, 'file', entry.sha, bytes.length),
    encoding: 'base64',
    content: bytes.toString('base64').replace(/(.{60})/g, '$1\n'),
  });
}

function contentObject(
  { view, repository }: RepositoryCall,
  ref: string,
  path: string,
  type: 'file' | 'dir',
  sha: string,
  size = 0,
): object {
  const self = `${apiUrlOf(view, repository)}/contents/${encodeURI(path)}?ref=${ref}`;
  const isFile = type === 'file';
  const git = `${apiUrlOf(view, repository)}/git/${isFile ? 'blobs' : 'trees'}/${sha}`;
  const html = `${htmlUrlOf(view, repository)}/${isFile ? 'blob' : 'tree'}/${ref}/${encodeURI(path)}`;
  return {
    type,
    size: isFile ? size : 0,
    name: path.split('/').at(-1),
    path,
    sha,
    url: self,
    git_url: git,
    html_url: html,
    download_url: isFile ? `${htmlUrlOf(view, repository)}/raw/${ref}/${encodeURI(path)}` : null,
    _links: { self, git, html },
  };
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
