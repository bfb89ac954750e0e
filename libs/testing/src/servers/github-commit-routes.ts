import { EMPTY_TREE, commitObject, fileObject, fullCommitObject } from './github-commit-objects';
import { page } from './github-page';
import { GithubRefusal, notFound } from './github-refusal';
import { commitAt, ofRepository, ok } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { apiUrlOf, htmlUrlOf } from './github-view';

/** https://docs.github.com/en/rest/commits/commits and https://docs.github.com/en/rest/repos/contents */
export const COMMIT_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '/commits', 'contents=read', commits),
  ofRepository('GET', '/commits/{ref}', 'contents=read', commit),
  ofRepository('GET', '/compare/{basehead}', 'contents=read', compare),
  ofRepository('GET', '/contents/{path}', 'contents=read', contents),
  ofRepository('GET', '/contents', 'contents=read', contents),
];

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
