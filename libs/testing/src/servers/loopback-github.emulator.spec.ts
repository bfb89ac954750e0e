import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { githubDescription, githubGraphqlSchema } from './github-description';
import { openGithubFixture } from './github-fixture';
import type { GithubFixture, GithubReply } from './github-fixture';
import { GITHUB_ROUTES, matchRoute } from './github-routes';
import { GITHUB_SCHEMA } from './github-schema';

/** The first call fetches the description. */
const TIMEOUT_MS = 180_000;

let fixture: GithubFixture;
beforeEach(async () => {
  fixture = await openGithubFixture();
});
afterEach(() => fixture.github.close());

const SHOP = '/repos/acme/shop';

/** Done, or the test ends here. */
async function call(...args: Parameters<GithubFixture['call']>): Promise<GithubReply> {
  const reply = await fixture.call(...args);
  if (reply.status >= 400) throw new Error(`${args[0]} ${args[1]} gave ${reply.status}: ${reply.text}`);
  return reply;
}

const idOf = ({ body }: GithubReply) => (body as { id: number }).id;

async function asApp(): Promise<string> {
  const token = fixture.jwt();
  await call('GET', '/app', { token });
  await call('GET', '/app/installations', { token });
  const id = idOf(await call('GET', `${SHOP}/installation`, { token }));
  await call('GET', `/app/installations/${id}`, { token });
  await call('GET', '/orgs/acme/installation', { token });
  fixture.github.world.install('swe', 'ada');
  await call('GET', '/users/ada/installation', { token });
  const body = {
    repositories: ['shop'],
    permissions: { checks: 'write', contents: 'write', metadata: 'read' },
  };
  const made = await call('POST', `/app/installations/${id}/access_tokens`, { token, body });
  const { token: installation } = made.body as { token: string };
  await call('GET', '/installation/repositories', { token: installation });
  return installation;
}

async function onRepository(): Promise<void> {
  await call('GET', SHOP);
  await call('GET', `${SHOP}/collaborators/ada/permission`);
  await call('GET', `${SHOP}/collaborators/ada`);
  await call('GET', `${SHOP}/branches`);
  await call('GET', `${SHOP}/branches/main`);
  await call('GET', `${SHOP}/git/ref/heads/main`);
  await call('GET', `${SHOP}/git/matching-refs/heads/`);
  const sha = fixture.github.world.repository('acme/shop').git.branch('main') ?? '';
  await call('POST', `${SHOP}/git/refs`, { body: { ref: 'refs/heads/new', sha } });
  await call('PATCH', `${SHOP}/git/refs/heads/new`, { body: { sha, force: true } });
  await call('DELETE', `${SHOP}/git/refs/heads/new`);
  const tree = await call('GET', `${SHOP}/git/trees/main?recursive=1`);
  const [entry] = (tree.body as { tree: readonly { sha: string }[] }).tree;
  await call('GET', `${SHOP}/git/blobs/${entry?.sha}`);
  await call('GET', `${SHOP}/commits`);
  await call('GET', `${SHOP}/commits/main`);
  await call('GET', `${SHOP}/compare/main...topic`);
  await call('GET', `${SHOP}/contents/README.md`);
  await call('GET', `${SHOP}/contents`);
  const bob = { token: fixture.github.tokens.addClassic('bob') };
  await call('POST', `${SHOP}/forks`, { ...bob, body: {} });
  await call('POST', '/repos/bob/shop/merge-upstream', { ...bob, body: { branch: 'main' } });
}

async function onIssues(): Promise<void> {
  const body = { title: 'Broken', body: 'Very', labels: ['bug'], assignees: ['ada'] };
  await call('POST', `${SHOP}/issues`, { body });
  await call('GET', `${SHOP}/issues?state=all`);
  await call('GET', `${SHOP}/issues/1`);
  await call('PATCH', `${SHOP}/issues/1`, {
    body: { title: 'Broken!', state: 'closed', state_reason: 'completed' },
  });
  const comment = idOf(await call('POST', `${SHOP}/issues/1/comments`, { body: { body: 'Yes' } }));
  await call('GET', `${SHOP}/issues/1/comments?per_page=1`);
  const path = `${SHOP}/issues/comments/${comment}`;
  await call('GET', path);
  await call('PATCH', path, { body: { body: 'No' } });
  for (const to of [path, `${SHOP}/issues/1`]) {
    const reaction = idOf(await call('POST', `${to}/reactions`, { body: { content: 'eyes' } }));
    await call('GET', `${to}/reactions?content=eyes`);
    await call('DELETE', `${to}/reactions/${reaction}`);
  }
  await call('DELETE', path);
  await call('POST', `${SHOP}/issues/1/labels`, { body: { labels: ['help wanted'] } });
  await call('GET', `${SHOP}/issues/1/labels`);
  await call('DELETE', `${SHOP}/issues/1/labels/bug`);
  await call('POST', `${SHOP}/issues/1/assignees`, { body: { assignees: ['bob'] } });
}

async function onPull(): Promise<void> {
  await call('POST', `${SHOP}/pulls`, {
    body: { title: 'A topic', body: 'Words', head: 'topic', base: 'main', draft: true },
  });
  const { world, activity } = fixture.github;
  const shop = world.repository('acme/shop');
  const path = `${SHOP}/pulls/2`;
  await call('GET', `${SHOP}/pulls?head=acme:topic&state=open`);
  const pull = await call('GET', path);
  const { node_id: id } = pull.body as { node_id: string };
  const query =
    'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
  await call('POST', fixture.github.graphqlUrl, { body: { query, variables: { id } } });
  await call('PATCH', path, { body: { title: 'Another', body: 'More' } });
  activity.pushes.commit(shop, 'ada', { branch: 'topic', files: { 'b.txt': 'b\n' } });
  await call('GET', `${path}/commits`);
  await call('GET', `${path}/files`);
  await call('POST', `${path}/requested_reviewers`, { body: { reviewers: ['bob'] } });
  await call('GET', `${path}/requested_reviewers`);
  await call('DELETE', `${path}/requested_reviewers`, { body: { reviewers: ['bob'] } });
  const review = {
    event: 'COMMENT',
    body: 'Hm',
    comments: [{ path: 'a.txt', line: 1, side: 'RIGHT', body: 'Why?' }],
  };
  const reviewId = idOf(await call('POST', `${path}/reviews`, { body: review }));
  await call('GET', `${path}/reviews`);
  await call('GET', `${path}/reviews/${reviewId}`);
  const comments = await call('GET', `${path}/comments`);
  const [comment] = comments.body as readonly { id: number }[];
  await call('GET', `${SHOP}/pulls/comments/${comment?.id}`);
  await call('PATCH', `${SHOP}/pulls/comments/${comment?.id}`, { body: { body: 'Why though?' } });
  const reactions = `${SHOP}/pulls/comments/${comment?.id}/reactions`;
  const reaction = idOf(await call('POST', reactions, { body: { content: '+1' } }));
  await call('GET', reactions);
  await call('DELETE', `${reactions}/${reaction}`);
  await call('POST', `${path}/comments/${comment?.id}/replies`, { body: { body: 'So' } });
  await call('PUT', `${path}/merge`, { body: { merge_method: 'merge' } });
  await call('GET', `${path}/merge`);
}

async function onChecks(installation: string): Promise<void> {
  const { world, activity } = fixture.github;
  const shop = world.repository('acme/shop');
  const sha = shop.git.branch('topic') ?? '';
  const app = { token: installation };
  const run = idOf(
    await call('POST', `${SHOP}/check-runs`, {
      ...app,
      body: { name: 'swe', head_sha: sha, status: 'in_progress' },
    }),
  );
  const output = { title: 'Well', summary: 'All of it' };
  await call('PATCH', `${SHOP}/check-runs/${run}`, { ...app, body: { conclusion: 'success', output } });
  await call('GET', `${SHOP}/check-runs/${run}`);
  const annotations = [{ path: 'a.txt', startLine: 1, endLine: 1, level: 'failure', message: 'no' }] as const;
  const job = activity.checks.create(shop, {
    name: 'test',
    headSha: sha,
    conclusion: 'failure',
    log: 'x',
    annotations,
  });
  await call('GET', `${SHOP}/check-runs/${job.id}/annotations`);
  await call('GET', `${SHOP}/commits/${sha}/check-runs?filter=latest`);
  await call('GET', `${SHOP}/commits/${sha}/check-suites`);
  await call('GET', `${SHOP}/check-suites/${job.suite}/check-runs`);
  await call('POST', `${SHOP}/statuses/${sha}`, {
    body: { state: 'success', context: 'ci', description: 'Fine' },
  });
  await call('GET', `${SHOP}/commits/${sha}/status`);
  await call('GET', `${SHOP}/commits/${sha}/statuses`);
  await call('GET', `${SHOP}/actions/jobs/${job.id}`);
  await call('GET', `${SHOP}/actions/jobs/${job.id}/logs`);
}

describe('GitHub’s own description', () => {
  it(
    'finds nothing wrong with any route, nor with any webhook that comes of it',
    async () => {
      const description = githubDescription();
      const { github } = fixture;
      const shop = github.world.repository('acme/shop');
      shop.collaborators.set('bob', 'triage');
      github.activity.pushes.commit(shop, 'ada', {
        branch: 'topic',
        from: 'main',
        files: { 'a.txt': 'a\n' },
      });
      await call('GET', '/rate_limit');
      await call('GET', '/user');
      await call('GET', '/users/ada');
      const installation = await asApp();
      await onRepository();
      await onIssues();
      await onChecks(installation);
      await onPull();
      await call('DELETE', '/installation/token', { token: installation });
      expect([...new Set(github.calls.flatMap((seen) => description.problemsOfCall(seen)))]).toEqual([]);
      const used = github.calls.map(({ method, path }) => matchRoute(method, path)?.route);
      expect(
        GITHUB_ROUTES.filter((route) => !used.includes(route)).map(({ method, path }) => `${method} ${path}`),
      ).toEqual([]);
      const { deliveries } = github.hooks;
      expect([
        ...new Set(deliveries.flatMap((delivery) => description.problemsOfDelivery(delivery))),
      ]).toEqual([]);
      expect(new Set(deliveries.map(({ event }) => event))).toEqual(
        new Set([
          ...['check_run', 'check_suite', 'issue_comment', 'issues', 'pull_request', 'pull_request_review'],
          ...['pull_request_review_comment', 'push', 'status'],
        ]),
      );
      expect(github.unknown).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'finds what is wrong',
    async () => {
      const description = githubDescription();
      await fixture.call('GET', `${SHOP}/issues?wibble=1`);
      const [seen] = fixture.github.calls;
      if (seen === undefined) throw new Error('there was no call');
      expect(description.problemsOfCall(seen)).toEqual([expect.stringContaining('wibble')]);
      const changed = { ...seen, query: new URLSearchParams(), answer: [{ id: 'x' }] };
      expect(description.problemsOfCall(changed)).not.toEqual([]);
      expect(description.problemsOfCall({ ...seen, path: `${SHOP}/wibble`, status: 200 })).toHaveLength(1);
      expect(description.problemsOfDelivery({ event: 'issues', action: 'opened', payload: {} })).not.toEqual(
        [],
      );
    },
    TIMEOUT_MS,
  );

  it(
    'has all that the served part of GraphQL has, of the same types',
    () => {
      const whole = signaturesOf(githubGraphqlSchema());
      const missing = [...signaturesOf(buildSchema(GITHUB_SCHEMA))].filter(
        (signature) => !whole.has(signature),
      );
      expect(missing).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

/** Every field, argument and value of a schema, such as `Query.node(id: ID!)`. */
function signaturesOf(schema: GraphQLSchema): ReadonlySet<string> {
  return new Set(
    Object.values(schema.getTypeMap()).flatMap((type) => {
      if (type.name.startsWith('__')) return [];
      if (isEnumType(type)) return type.getValues().map(({ name }) => `${type.name}.${name}`);
      if (isInputObjectType(type)) {
        return Object.values(type.getFields()).map((field) => `${type.name}.${field.name}: ${field.type}`);
      }
      if (!isObjectType(type) && !isInterfaceType(type)) return [];
      return Object.values(type.getFields()).flatMap((field) => [
        `${type.name}.${field.name}: ${field.type}`,
        ...field.args.map((argument) => `${type.name}.${field.name}(${argument.name}: ${argument.type})`),
      ]);
    }),
  );
}
