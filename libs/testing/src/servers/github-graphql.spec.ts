import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openGithubFixture } from './github-fixture';
import type { GithubFixture } from './github-fixture';
import type { GithubPullRequest } from './github-pull';
import type { GithubRepository } from './github-entities';

let fixture: GithubFixture;
let shop: GithubRepository;
let pull: GithubPullRequest;

beforeEach(async () => {
  fixture = await openGithubFixture();
  const { world, activity } = fixture.github;
  shop = world.repository('acme/shop');
  shop.collaborators.set('bob', 'read');
  activity.pushes.commit(shop, 'ada', { branch: 'topic', from: 'main', files: { 'a.txt': '1\n2\n3\n' } });
  pull = activity.pulls.open(shop, 'ada', { title: 'A topic', head: 'topic', base: 'main' });
  const comments = [1, 2, 3].map((line) => ({ path: 'a.txt', line, body: `About line ${line}` }));
  activity.reviews.submit(shop, pull, 'bob', { event: 'COMMENT', comments });
});
afterEach(() => fixture.github.close());

async function graphql(query: string, variables: object = {}, token = fixture.token) {
  const { status, body } = await fixture.call('POST', fixture.github.graphqlUrl, {
    body: { query, variables },
    token,
  });
  expect(status).toBe(200);
  return body as { readonly data?: Record<string, unknown>; readonly errors?: readonly object[] };
}

const THREADS = `query ($after: String) {
  repository(owner: "acme", name: "shop") {
    pullRequest(number: 1) {
      id isDraft headRefOid state
      reviewThreads(first: 2, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved isOutdated path line comments(first: 10) { nodes { body author { login } fullDatabaseId } } }
      }
    }
  }
}`;

interface Threads {
  readonly id: string;
  readonly reviewThreads: {
    readonly pageInfo: { readonly endCursor: string };
    readonly nodes: readonly { readonly id: string }[];
  };
}

async function threads(after?: string): Promise<Threads> {
  const { data, errors } = await graphql(THREADS, { after });
  expect(errors).toBeUndefined();
  return (data?.['repository'] as { pullRequest: Threads }).pullRequest;
}

describe('threads of a review', () => {
  it('come in pages, as https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api says', async () => {
    const first = await threads();
    expect(first).toMatchObject({
      isDraft: false,
      headRefOid: pull.pull.headSha,
      state: 'OPEN',
      reviewThreads: {
        totalCount: 3,
        pageInfo: { hasNextPage: true },
        nodes: [
          {
            isResolved: false,
            path: 'a.txt',
            line: 1,
            comments: { nodes: [{ body: 'About line 1', author: { login: 'bob' } }] },
          },
          { line: 2 },
        ],
      },
    });
    expect(await threads(first.reviewThreads.pageInfo.endCursor)).toMatchObject({
      reviewThreads: { pageInfo: { hasNextPage: false }, nodes: [{ line: 3 }] },
    });
  });

  it('are answered and resolved', async () => {
    const [thread] = (await threads()).reviewThreads.nodes;
    const reply = `mutation ($id: ID!) {
      addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $id, body: "Done", clientMutationId: "m1" }) {
        clientMutationId comment { body replyTo { body } author { login __typename } }
      }
    }`;
    expect(await graphql(reply, { id: thread?.id })).toEqual({
      data: {
        addPullRequestReviewThreadReply: {
          clientMutationId: 'm1',
          comment: {
            body: 'Done',
            replyTo: { body: 'About line 1' },
            author: { login: 'ada', __typename: 'User' },
          },
        },
      },
    });
    const resolve =
      'mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved resolvedBy { login } } } }';
    expect(await graphql(resolve, { id: thread?.id })).toEqual({
      data: { resolveReviewThread: { thread: { isResolved: true, resolvedBy: { login: 'ada' } } } },
    });
    expect((await threads()).reviewThreads.nodes).toMatchObject([
      { isResolved: true },
      { isResolved: false },
    ]);
    const fine = fixture.github.tokens.addFineGrained('ada', { pull_requests: 'write' });
    expect(await graphql(resolve, { id: thread?.id }, fine)).toMatchObject({
      data: { resolveReviewThread: null },
      errors: [{ type: 'FORBIDDEN', path: ['resolveReviewThread'] }],
    });
  });
});

describe('drafts', () => {
  it('are made, and made ready', async () => {
    const { id } = await threads();
    const draft =
      'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
    expect(await graphql(draft, { id })).toMatchObject({
      data: { convertPullRequestToDraft: { pullRequest: { isDraft: true } } },
    });
    const ready =
      'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
    expect(await graphql(ready, { id })).toMatchObject({
      data: { markPullRequestReadyForReview: { pullRequest: { isDraft: false } } },
    });
    const actions = fixture.github.hooks.deliveries.map(({ action }) => action);
    expect(actions.slice(-2)).toEqual(['converted_to_draft', 'ready_for_review']);
  });
});

describe('errors', () => {
  it('come with status 200, what kind they are, and where', async () => {
    fixture.github.world.addRepository('bob/secret', { isPrivate: true });
    expect(await graphql('{ repository(owner: "bob", name: "secret") { id } }')).toEqual({
      data: { repository: null },
      errors: [
        {
          type: 'NOT_FOUND',
          path: ['repository'],
          locations: [{ line: 1, column: 3 }],
          message: "Could not resolve to a Repository with the name 'bob/secret'.",
        },
      ],
    });
    expect(await graphql('{ viewer { wibble } }')).toMatchObject({
      errors: [
        { message: "Field 'wibble' doesn't exist on type 'User'", extensions: { code: 'undefinedField' } },
      ],
    });
    const unbound =
      '{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) { reviewThreads { totalCount } } } }';
    expect(await graphql(unbound)).toMatchObject({ errors: [{ type: 'MISSING_PAGINATION_BOUNDARIES' }] });
    expect(await graphql(unbound.replace('reviewThreads', 'reviewThreads(first: 101)'))).toMatchObject({
      errors: [{ type: 'EXCESSIVE_PAGINATION' }],
    });
    expect(await graphql('{ node(id: "PRRT_none") { id } }')).toMatchObject({
      data: { node: null },
      errors: [
        { type: 'NOT_FOUND', message: "Could not resolve to a node with the global id of 'PRRT_none'" },
      ],
    });
    const { status } = await fixture.call('POST', fixture.github.graphqlUrl, {
      body: { query: '{ viewer { login } }' },
      token: '',
    });
    expect(status).toBe(401);
    fixture.github.rate.leave(0);
    expect(await graphql('{ viewer { login } }')).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] });
  });
});
