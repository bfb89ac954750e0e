import { z } from 'zod';
import { commitObject } from './github-commit-objects';
import { page } from './github-page';
import { GithubRefusal, notFound } from './github-refusal';
import { bodyOf, created, noContent, ofRepository, ok } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { apiUrlOf, htmlUrlOf, nodeId } from './github-view';

/** https://docs.github.com/en/rest/branches/branches and https://docs.github.com/en/rest/git */
export const GIT_ROUTES: readonly GithubRoute[] = [
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
];

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
