import { describe, expect, it } from '@jest/globals';
import type { Check } from '@swe/domain';
import { toComment } from './to-comment';
import { toIssue } from './to-issue';
import { toPullRequest } from './to-pull-request';
import { fromCheckRun, fromCommitStatus } from './to-check';
import { toRepository } from './to-repository';
import { toReview } from './to-review';
import { threadsPage, toReviewThread } from './to-review-thread';

// Payloads as GitHub's documentation has them, without the fields that nobody reads.
const octocat = { login: 'octocat', id: 1, type: 'User', site_admin: false };
const REPOSITORY = 'https://github.com/octocat/Hello-World';

describe('a repository', () => {
  // https://docs.github.com/rest/repos/repos#get-a-repository
  const documented = {
    id: 1296269,
    name: 'Hello-World',
    full_name: 'octocat/Hello-World',
    owner: octocat,
    private: false,
    html_url: REPOSITORY,
    fork: false,
    clone_url: 'https://github.com/octocat/Hello-World.git',
    default_branch: 'master',
    archived: false,
    permissions: { pull: true, triage: true, push: false, maintain: false, admin: false },
  };

  it('is read', () => {
    expect(toRepository(documented)).toEqual({
      url: REPOSITORY,
      name: 'Hello-World',
      defaultBranch: 'master',
      cloneUrl: 'https://github.com/octocat/Hello-World.git',
      access: 'read',
    });
  });

  it.each([
    ['write', { permissions: { push: true } }, undefined],
    ['read', { permissions: undefined }, undefined],
    ['write', { permissions: { push: false } }, true],
    ['read', { permissions: { push: true } }, false],
    ['archived', { permissions: { push: true }, archived: true }, true],
  ])('lets %s: %j, token %s', (access, change, mayPush) => {
    expect(toRepository({ ...documented, ...change }, mayPush).access).toBe(access);
  });
});

// https://docs.github.com/rest/issues/issues#get-an-issue
it('an issue is read', () => {
  const documented = {
    id: 1,
    number: 1347,
    state: 'open',
    title: 'Found a bug',
    body: "I'm having a problem with this.",
    user: octocat,
    labels: [{ id: 208045946, name: 'bug', color: 'f29513', default: true }, 'help wanted'],
    comments: 0,
    created_at: '2011-04-22T13:33:48Z',
  };
  const ref = { repository: REPOSITORY, number: 1347 };
  expect(toIssue(ref, documented, [])).toEqual({
    ...ref,
    title: 'Found a bug',
    body: "I'm having a problem with this.",
    author: 'octocat',
    state: 'open',
    labels: ['bug', 'help wanted'],
    comments: [],
  });
  expect(toIssue(ref, { ...documented, body: null, user: null }, [])).toMatchObject({
    body: '',
    author: 'ghost',
  });
});

// https://docs.github.com/rest/issues/comments#get-an-issue-comment
it('a comment is read without what is hidden in it', () => {
  const documented = {
    id: 1,
    body: 'Me too\n\n<!-- swe:key -->',
    user: octocat,
    created_at: '2011-04-14T16:00:49Z',
  };
  expect(toComment(documented)).toEqual({
    id: '1',
    author: 'octocat',
    body: 'Me too',
    createdAtMs: Date.UTC(2011, 3, 14, 16, 0, 49),
  });
  expect(toComment({ ...documented, id: 9_007_199_254_740_993n }).id).toBe('9007199254740993');
});

describe('a pull request', () => {
  const base = { full_name: 'octocat/Hello-World', html_url: REPOSITORY };
  const fork = { full_name: 'swe/Hello-World-1', html_url: 'https://github.com/swe/Hello-World-1' };
  // https://docs.github.com/rest/pulls/pulls#get-a-pull-request
  const documented = {
    number: 1347,
    html_url: `${REPOSITORY}/pull/1347`,
    state: 'open',
    title: 'Amazing new feature',
    body: 'Please pull these awesome changes in!',
    merged_at: null,
    head: {
      label: 'octocat:new-topic',
      ref: 'new-topic',
      sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
      repo: base,
    },
    base: {
      label: 'octocat:master',
      ref: 'master',
      sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
      repo: base,
    },
  };

  it('is read', () => {
    expect(toPullRequest(REPOSITORY, documented)).toEqual({
      repository: REPOSITORY,
      headBranch: 'new-topic',
      baseBranch: 'master',
      title: 'Amazing new feature',
      body: 'Please pull these awesome changes in!',
      number: 1347,
      url: `${REPOSITORY}/pull/1347`,
      state: 'open',
      headSha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
    });
  });

  it.each([
    [{ state: 'closed' }, { state: 'closed' }],
    [{ state: 'closed', merged_at: '2011-01-26T19:01:12Z' }, { state: 'merged' }],
    [{ head: { ...documented.head, repo: fork } }, { headRepository: fork.html_url }],
    [{ body: null }, { body: '' }],
  ])('with %j', (change, expected) => {
    expect(toPullRequest(REPOSITORY, { ...documented, ...change })).toMatchObject(expected);
  });

  it('whose fork is gone is read', () => {
    const head = { ...documented.head, repo: null };
    expect(toPullRequest(REPOSITORY, { ...documented, head })).not.toHaveProperty('headRepository');
  });
});

describe('a check run', () => {
  // https://docs.github.com/rest/checks/runs#get-a-check-run
  const documented = {
    id: 4,
    head_sha: 'ce587453ced02b1526dfb4cb910479d431683101',
    html_url: 'https://github.com/github/hello-world/runs/4',
    details_url: 'https://example.com',
    status: 'completed',
    conclusion: 'neutral',
    output: {
      title: 'Mighty Readme report',
      summary: 'There are 0 failures, 2 warnings, and 1 notice.',
      text: 'You may have some misspelled words on lines 2 and 4.',
    },
    name: 'mighty_readme',
    app: { id: 1, slug: 'octoapp' },
  };

  it('of any app is read', () => {
    expect(fromCheckRun(documented)).toEqual({
      identity: 'octoapp/mighty_readme',
      check: {
        name: 'mighty_readme',
        state: 'neutral',
        summary: 'There are 0 failures, 2 warnings, and 1 notice.',
        url: 'https://github.com/github/hello-world/runs/4',
        logRef: 'check-run/4',
      },
    });
  });

  it('of Actions has the log of its job', () => {
    const details = 'https://github.com/octocat/Hello-World/actions/runs/30433642/job/399444496';
    const run = { ...documented, app: { slug: 'github-actions' }, output: { title: null, summary: null } };
    expect(fromCheckRun({ ...run, details_url: details }).check).toMatchObject({
      logRef: 'job/399444496',
      summary: '',
    });
    expect(fromCheckRun({ ...run, details_url: null }).check.logRef).toBe('job/4');
  });

  it.each<[string, string | null, Check['state'], RegExp]>([
    ['queued', null, 'pending', /^There/],
    ['in_progress', null, 'pending', /^There/],
    ['waiting', null, 'pending', /^There/],
    ['requested', null, 'pending', /^There/],
    ['pending', null, 'pending', /^There/],
    ['completed', 'success', 'success', /^There/],
    ['completed', 'failure', 'failure', /^There/],
    ['completed', 'skipped', 'neutral', /^skipped: There/],
    ['completed', 'cancelled', 'cancelled', /^There/],
    ['completed', 'stale', 'cancelled', /^given up by GitHub/],
    ['completed', 'timed_out', 'failure', /^timed out: /],
    ['completed', 'startup_failure', 'failure', /^did not start: /],
    ['completed', 'action_required', 'failure', /^somebody has to do something/],
    ['completed', 'something new', 'failure', /^something new: /],
    ['completed', null, 'failure', /^There/],
  ])('%s %s is %s', (status, conclusion, state, summary) => {
    const { check } = fromCheckRun({ ...documented, status, conclusion });
    expect(check.state).toBe(state);
    expect(check.summary).toMatch(summary);
  });

  it('without an app, output or page is read', () => {
    const { check } = fromCheckRun({
      ...documented,
      app: null,
      output: null,
      html_url: null,
      details_url: null,
    });
    expect(check).toEqual({ name: 'mighty_readme', state: 'neutral', summary: '', logRef: 'check-run/4' });
  });
});

describe('a commit status', () => {
  // https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference
  const documented = {
    id: 1,
    state: 'success',
    description: 'Build has completed successfully',
    target_url: 'https://ci.example.com/1000/output',
    context: 'continuous-integration/jenkins',
  };

  it.each([
    ['success', 'success', 'Build has completed successfully'],
    ['pending', 'pending', 'Build has completed successfully'],
    ['failure', 'failure', 'Build has completed successfully'],
    ['error', 'failure', 'error: Build has completed successfully'],
  ])('%s is %s', (given, state, summary) => {
    expect(fromCommitStatus({ ...documented, state: given })).toEqual({
      identity: 'status/continuous-integration/jenkins',
      check: { name: documented.context, state, summary, url: documented.target_url },
    });
  });
});

describe('a review', () => {
  // https://docs.github.com/rest/pulls/reviews#list-reviews-for-a-pull-request
  const documented = {
    id: 80,
    user: octocat,
    body: 'Here is the body for the review.',
    state: 'APPROVED',
    submitted_at: '2019-11-17T17:43:43Z',
    commit_id: 'ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091',
  };

  it('is read', () => {
    expect(toReview(documented)).toEqual({
      id: '80',
      author: 'octocat',
      state: 'approved',
      body: 'Here is the body for the review.',
      headSha: 'ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091',
      submittedAtMs: Date.UTC(2019, 10, 17, 17, 43, 43),
    });
  });

  it('that is not submitted is none', () => {
    expect(toReview({ ...documented, state: 'PENDING', submitted_at: undefined })).toBeUndefined();
  });
});

describe('a thread', () => {
  // https://docs.github.com/graphql/reference/objects#pullrequestreviewthread
  const comment = {
    fullDatabaseId: '2147483648',
    author: { __typename: 'User', login: 'octocat' },
    body: 'Great stuff!',
    createdAt: '2011-04-14T16:00:49Z',
    state: 'SUBMITTED',
  };
  const page = (comments: readonly object[]) =>
    threadsPage.parse({
      pageInfo: { hasNextPage: false, endCursor: null },
      nodes: [
        {
          id: 'PRRT_1',
          path: 'file1.txt',
          line: null,
          isResolved: false,
          comments: { pageInfo: { hasNextPage: false, endCursor: 'Y3Vyc29y' }, nodes: comments },
        },
      ],
    }).nodes[0]!;

  it('is read', () => {
    const bot = { ...comment, author: { __typename: 'Bot', login: 'swe' }, body: 'Yes.\n\n<!-- swe:key -->' };
    const given = page([comment, bot, { ...comment, author: null }, { ...comment, state: 'PENDING' }]);
    const read = toReviewThread(given, given.comments.nodes);
    expect(read).toMatchObject({ id: 'PRRT_1', path: 'file1.txt', isResolved: false });
    expect(read).not.toHaveProperty('line');
    expect(read?.comments.map(({ author, body }) => [author, body])).toEqual([
      ['octocat', 'Great stuff!'],
      ['swe[bot]', 'Yes.'],
      ['ghost', 'Great stuff!'],
    ]);
    expect(read?.comments[0]).toEqual({
      id: '2147483648',
      author: 'octocat',
      body: 'Great stuff!',
      createdAtMs: Date.UTC(2011, 3, 14, 16, 0, 49),
    });
  });

  it('of a review that is not submitted is none', () => {
    const given = page([{ ...comment, state: 'PENDING' }]);
    expect(toReviewThread(given, given.comments.nodes)).toBeUndefined();
  });
});
