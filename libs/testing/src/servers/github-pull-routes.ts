import { z } from 'zod';
import { commitObject, fileObject } from './github-commit-objects';
import { page } from './github-page';
import { headOf, isPullRequest, refreshPull } from './github-pull';
import { fullPullObject, mergeBaseOf, pullObject } from './github-pull-objects';
import { GithubRefusal, notFound } from './github-refusal';
import { bodyOf, created, noContent, ofRepository, ok, pullOf } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { isAtLeast } from './github-entities';

const READ = 'pull_requests=read';
const WRITE = 'pull_requests=write';

/** https://docs.github.com/en/rest/pulls/pulls */
export const PULL_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '/pulls', READ, list),
  ofRepository('POST', '/pulls', WRITE, create),
  ofRepository('GET', '/pulls/{pull_number}', READ, get),
  ofRepository('PATCH', '/pulls/{pull_number}', WRITE, update),
  ofRepository('GET', '/pulls/{pull_number}/commits', READ, commits),
  ofRepository('GET', '/pulls/{pull_number}/files', READ, files),
  ofRepository('GET', '/pulls/{pull_number}/merge', ['contents=read', READ], (call) => {
    if (pullOf(call).pull.merged === undefined) throw notFound();
    return noContent;
  }),
  ofRepository('PUT', '/pulls/{pull_number}/merge', 'contents=write', merge, 'write'),
];

/** `head` is `owner:branch`; https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
function list(call: RepositoryCall): GithubAnswer {
  const { world, repository, url } = call;
  const state = url.searchParams.get('state') ?? 'open';
  const base = url.searchParams.get('base');
  const head = url.searchParams.get('head');
  const isFrom = headFilter(call, head);
  const found = [...repository.issues.values()].filter(isPullRequest).filter(({ state: is, pull }) => {
    if (state !== 'all' && is !== state) return false;
    return (base === null || pull.baseBranch === base) && isFrom(pull.headRepository, pull.headBranch);
  });
  for (const issue of found) refreshPull(world, repository, issue);
  const isOldestFirst = url.searchParams.get('direction') === 'asc';
  return page(call, isOldestFirst ? found : found.toReversed(), (issue) =>
    pullObject(call.view, repository, issue),
  );
}

/** A head without an owner filters nothing: a trap of GitHub's own. */
function headFilter(
  { world }: RepositoryCall,
  head: string | null,
): (repository: number, branch: string) => boolean {
  if (head === null || !head.includes(':')) return () => true;
  const colon = head.indexOf(':');
  return (id, branch) =>
    world.repositories.get(id)?.owner.toLowerCase() === head.slice(0, colon).toLowerCase() &&
    branch === head.slice(colon + 1);
}

const newPull = z.object({
  title: z.string(),
  body: z.string().nullish(),
  head: z.string(),
  head_repo: z.string().optional(),
  base: z.string(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

/** Takes the right to write to the head: https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
function create(call: RepositoryCall): GithubAnswer {
  const { world, repository, by, grant } = call;
  const { head_repo: headRepo, maintainer_can_modify: maintainerCanModify, ...given } = bodyOf(call, newPull);
  const head = headOf(world, repository, given.head, headRepo);
  if (
    head !== undefined &&
    grant?.kind !== 'installation' &&
    !isAtLeast(world.roleOf(by, head.repository), 'write')
  ) {
    throw new GithubRefusal(403, 'Must have push access to the head repository.');
  }
  const issue = call.activity.pulls.open(repository, by, { ...given, headRepo, maintainerCanModify });
  return created(fullPullObject(call.view, repository, issue) as { url?: unknown });
}

function get(call: RepositoryCall): GithubAnswer {
  const issue = pullOf(call);
  if (call.accept.includes('.diff')) {
    return ok(call.repository.git.diffText(mergeBaseOf(call.repository, issue), issue.pull.headSha));
  }
  return ok(fullPullObject(call.view, call.repository, issue));
}

const changedPull = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

function update(call: RepositoryCall): GithubAnswer {
  const { world, repository, by, grant, activity } = call;
  const issue = pullOf(call);
  const mayChange =
    by === issue.user || grant?.kind === 'installation' || isAtLeast(world.roleOf(by, repository), 'write');
  if (!mayChange) throw new GithubRefusal(403, 'Must have push access to repository');
  const { base, ...change } = bodyOf(call, changedPull);
  if (change.state === 'open' && issue.pull.merged !== undefined) {
    throw new GithubRefusal(422, 'Validation Failed', {
      errors: [
        {
          resource: 'PullRequest',
          code: 'invalid',
          field: 'state',
          message: 'state cannot be changed. The pull request cannot be reopened.',
        },
      ],
    });
  }
  if (base !== undefined && base !== issue.pull.baseBranch)
    activity.pulls.setBase(repository, issue, by, base);
  activity.issues.change(repository, issue, by, change);
  return ok(fullPullObject(call.view, repository, issue));
}

function commits(call: RepositoryCall): GithubAnswer {
  const { repository, view } = call;
  const { pull } = pullOf(call);
  const shas = repository.git.log(`${pull.baseSha}..${pull.headSha}`).toReversed();
  return page(call, shas, (sha) => commitObject(view, repository, sha));
}

function files(call: RepositoryCall): GithubAnswer {
  const { repository, view } = call;
  const issue = pullOf(call);
  const changed = repository.git.diff(mergeBaseOf(repository, issue), issue.pull.headSha);
  return page(call, changed, (file) => fileObject(view, repository, file, issue.pull.headSha));
}

const mergeBody = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
  sha: z.string().optional(),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

function merge(call: RepositoryCall): GithubAnswer {
  const { merge_method: method, sha, commit_title: title, commit_message: message } = bodyOf(call, mergeBody);
  const made = call.activity.pulls.merge(call.repository, pullOf(call), call.by, {
    method,
    sha,
    title,
    message,
  });
  return ok({ sha: made, merged: true, message: 'Pull Request successfully merged' });
}
