import type { GitFileChange, GitPerson } from './git-objects';
import { userObject } from './github-account-objects';
import { apiUrlOf, htmlUrlOf, nodeId } from './github-view';
import type { GithubView } from './github-view';
import type { GithubRepository } from './github-entities';

/** https://docs.github.com/en/rest/commits/commits#list-commits */
export function commitObject(
  view: GithubView,
  repository: GithubRepository,
  sha: string,
): Record<string, unknown> {
  const { tree, parents, message, author, committer } = repository.git.commitOf(sha);
  const api = apiUrlOf(view, repository);
  const html = htmlUrlOf(view, repository);
  return {
    sha,
    node_id: nodeId('C', repository.id, sha),
    commit: {
      author,
      committer,
      message,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${api}/commits/${sha}`,
    html_url: `${html}/commit/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    author: accountOf(view, author),
    committer: accountOf(view, committer),
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
  };
}

/** https://docs.github.com/en/rest/commits/commits#get-a-commit */
export function fullCommitObject(view: GithubView, repository: GithubRepository, sha: string): object {
  const [parent] = repository.git.commitOf(sha).parents;
  const files = repository.git.diff(parent ?? EMPTY_TREE, sha);
  const additions = sum(files, 'additions');
  const deletions = sum(files, 'deletions');
  return {
    ...commitObject(view, repository, sha),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => fileObject(view, repository, file, sha)),
  };
}

/** What every git has: the tree without entries. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
export function fileObject(
  view: GithubView,
  repository: GithubRepository,
  file: GitFileChange,
  sha: string,
): object {
  const { path, previousPath, status, blob, additions, deletions, patch } = file;
  const encoded = encodeURI(path);
  const html = htmlUrlOf(view, repository);
  return {
    sha: blob,
    filename: path,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${html}/blob/${sha}/${encoded}`,
    raw_url: `${html}/raw/${sha}/${encoded}`,
    contents_url: `${apiUrlOf(view, repository)}/contents/${encoded}?ref=${sha}`,
    ...(patch !== undefined && { patch }),
    ...(previousPath !== undefined && { previous_filename: previousPath }),
  };
}

export function sum(files: readonly GitFileChange[], of: 'additions' | 'deletions'): number {
  return files.reduce((total, file) => total + file[of], 0);
}

/** Whose address it is, if anybody's here. */
function accountOf(view: GithubView, { email }: GitPerson): object | null {
  const user = [...view.world.users.values()].find((known) => known.email === email);
  return user === undefined ? null : userObject(view, user.login);
}
