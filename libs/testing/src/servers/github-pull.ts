import { fullNameOf } from './github-entities';
import type { GithubIssue, GithubPull, GithubRepository, GithubThread } from './github-entities';
import type { GithubWorld } from './github-world';

/** An issue that is a pull request. */
export type GithubPullRequest = GithubIssue & { readonly pull: GithubPull };

export function isPullRequest(issue: GithubIssue): issue is GithubPullRequest {
  return issue.pull !== undefined;
}

/** Takes over where its branches are now, while it is open. Whether its head moved. */
export function refreshPull(world: GithubWorld, base: GithubRepository, issue: GithubPullRequest): boolean {
  const { pull } = issue;
  if (issue.state !== 'open') return false;
  pull.baseSha = base.git.branch(pull.baseBranch) ?? pull.baseSha;
  const head = world.repositories.get(pull.headRepository);
  const sha = head?.git.branch(pull.headBranch);
  if (head === undefined || sha === undefined || sha === pull.headSha) return false;
  pull.headSha = sha;
  base.git.take(head.git, sha, `refs/pull/${issue.number}/head`);
  return true;
}

/**
 * GitHub finds out whether a pull request can be merged beside answering, and says null until it knows:
 * https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-your-git-database#checking-mergeability-of-pull-requests
 */
export function mergeabilityOf(
  world: GithubWorld,
  base: GithubRepository,
  { pull, state }: GithubPullRequest,
): { readonly mergeable: boolean | null; readonly mergeable_state: string } {
  if (state === 'closed') return { mergeable: null, mergeable_state: 'unknown' };
  const key = `${pull.baseSha}..${pull.headSha}`;
  if (pull.mergeability.key !== key) Object.assign(pull.mergeability, { key, reads: 0 });
  pull.mergeability.reads += 1;
  if (pull.mergeability.reads <= world.readsUntilMergeable)
    return { mergeable: null, mergeable_state: 'unknown' };
  if (base.git.mergeTree(pull.baseSha, pull.headSha) === undefined) {
    return { mergeable: false, mergeable_state: 'dirty' };
  }
  return { mergeable: true, mergeable_state: pull.isDraft ? 'draft' : 'clean' };
}

/** Whether what a thread is about has changed since. */
export function isOutdated(
  base: GithubRepository,
  { pull }: GithubPullRequest,
  { comments }: GithubThread,
): boolean {
  const first = comments[0];
  if (first === undefined || first.commit === pull.headSha) return false;
  return base.git
    .diff(first.commit, pull.headSha)
    .some(({ path, previousPath }) => (previousPath ?? path) === first.path);
}

/** `owner:branch`, or a branch of the base itself, as https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request has it. */
export function headOf(
  world: GithubWorld,
  base: GithubRepository,
  head: string,
  headRepo?: string,
): { readonly repository: GithubRepository; readonly branch: string } | undefined {
  const colon = head.indexOf(':');
  if (colon < 0) return { repository: base, branch: head };
  const owner = head.slice(0, colon).toLowerCase();
  const repository = [...world.repositories.values()].find(
    (one) =>
      one.owner.toLowerCase() === owner &&
      (headRepo === undefined || one.name === headRepo) &&
      isSameNetwork(world, one, base),
  );
  return repository === undefined ? undefined : { repository, branch: head.slice(colon + 1) };
}

function isSameNetwork(world: GithubWorld, a: GithubRepository, b: GithubRepository): boolean {
  const root = (one: GithubRepository): number =>
    one.parent === undefined ? one.id : root(world.repositoryById(one.parent));
  return root(a) === root(b);
}

/** What GitHub calls the merge commit of a pull request. */
export function mergeMessageOf(head: GithubRepository, { number, title, pull }: GithubPullRequest): string {
  return `Merge pull request #${number} from ${fullNameOf(head).split('/')[0]}/${pull.headBranch}\n\n${title}`;
}
