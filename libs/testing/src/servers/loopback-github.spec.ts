import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { git } from './git-fixture';
import { openGithubFixture } from './github-fixture';
import type { GithubFixture } from './github-fixture';
import { badGateway, secondaryRateLimit } from './github-refusal';
import type { GithubRepository } from './github-entities';
import type { LoopbackGithubOptions } from './loopback-github';

let fixture: GithubFixture;
let shop: GithubRepository;

async function open(options: LoopbackGithubOptions = {}): Promise<void> {
  fixture = await openGithubFixture(options);
  shop = fixture.github.world.repository('acme/shop');
}
beforeEach(() => open());
afterEach(() => fixture.github.close());

const call: GithubFixture['call'] = (...args) => fixture.call(...args);

/** A branch of Ada's with one commit. */
function branch(name = 'topic', files: Record<string, string> = { 'a.txt': 'one\ntwo\n' }): string {
  return fixture.github.activity.pushes.commit(shop, 'ada', { branch: name, files, from: 'main' });
}

const openPull = (head = 'topic') =>
  call('POST', '/repos/acme/shop/pulls', { body: { title: 'A topic', body: 'Words', head, base: 'main' } });

describe('who may do what', () => {
  it('hides private repositories behind 404, refuses writing with 403, and wrong tokens with 401', async () => {
    const { github } = fixture;
    github.world.addRepository('acme/secret', { isPrivate: true, collaborators: { ada: 'read' } });
    const bob = github.tokens.addClassic('bob');
    const publicOnly = github.tokens.addClassic('ada', ['public_repo']);
    const fine = github.tokens.addFineGrained('ada', { contents: 'read' }, ['acme/shop']);
    expect(await call('GET', '/repos/acme/secret')).toMatchObject({ status: 200, body: { private: true } });
    for (const token of [bob, publicOnly, fine, '']) {
      const hidden = await call('GET', '/repos/acme/secret', { token });
      expect(hidden).toMatchObject({ status: 404, body: { message: 'Not Found', status: '404' } });
    }
    const wrong = await call('GET', '/repos/acme/shop', { token: 'ghp_wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
    const comment = { body: { body: 'x' }, token: fine };
    github.activity.issues.create(shop, 'bob', { title: 'Broken' });
    const refused = await call('POST', '/repos/acme/shop/issues/1/comments', comment);
    expect(refused).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
    });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('issues=write; pull_requests=write');
    const merge = await call('POST', '/repos/acme/shop/issues/1/labels', { body: ['bug'], token: bob });
    expect(merge.status).toBe(403);
    expect((await call('GET', '/repos/acme/shop')).headers.get('x-oauth-scopes')).toBe('repo, workflow');
    expect(await call('GET', '/user')).toMatchObject({ body: { login: 'ada', type: 'User' } });
  });

  it('gives installations tokens of one hour as https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app says', async () => {
    const { github, clock } = fixture;
    github.world.addRepository('acme/other', { isPrivate: true });
    const app = { token: fixture.jwt() };
    expect(await call('GET', '/app', app)).toMatchObject({ status: 200, body: { slug: 'swe' } });
    const { body } = await call('GET', '/repos/acme/shop/installation', app);
    const { id } = body as { id: number };
    const path = `/app/installations/${id}/access_tokens`;
    const made = await call('POST', path, {
      ...app,
      body: { repositories: ['shop'], permissions: { issues: 'read' } },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        token: expect.stringMatching(/^ghs_\d+_[\w-]+\.[\w-]+\.[\w-]{300,}$/),
        expires_at: '2026-01-01T01:00:00Z',
        permissions: { issues: 'read' },
        repository_selection: 'selected',
        repositories: [{ full_name: 'acme/shop' }],
      },
    });
    const { token } = made.body as { token: string };
    expect(await call('GET', '/installation/repositories', { token })).toMatchObject({
      body: { total_count: 1, repositories: [{ full_name: 'acme/shop' }] },
    });
    expect((await call('GET', '/repos/acme/other', { token })).status).toBe(404);
    const written = await call('POST', '/repos/acme/shop/issues', { token, body: { title: 'x' } });
    expect(written).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    expect((await call('POST', path, { ...app, body: { repositories: ['none'] } })).status).toBe(422);
    expect(
      (await call('POST', path, { ...app, body: { permissions: { administration: 'write' } } })).status,
    ).toBe(422);
    await clock.advance(3_600_000);
    expect((await call('GET', '/installation/repositories', { token })).status).toBe(401);
    expect((await call('GET', '/app', app)).status).toBe(401);
    for (const claims of [
      { exp: clock.nowMs() / 1_000 + 700 },
      { iat: clock.nowMs() / 1_000 + 60 },
      { iss: '1' },
    ]) {
      expect((await call('GET', '/app', { token: fixture.jwt(claims) })).status).toBeGreaterThan(400);
    }
    const clientId = {
      token: fixture.jwt({
        iss: (await call('GET', '/app', { token: fixture.jwt() })).text.match(/Iv23li\d+/)?.[0],
      }),
    };
    const older = { ...clientId, body: {}, headers: { 'x-github-stateless-s2s-token': 'disabled' } };
    expect(await call('POST', path, older)).toMatchObject({
      body: { token: expect.stringMatching(/^ghs_\w{36}$/) },
    });
    const [header, payload] = fixture.jwt().split('.');
    expect((await call('GET', '/app', { token: `${header}.${payload}.${'A'.repeat(342)}` })).status).toBe(
      401,
    );
  });

  it('asks for single sign-on, and says what is taken down or has moved', async () => {
    const { github } = fixture;
    github.world.ssoOrganizations.add('acme');
    const token = github.tokens.addClassic('ada', ['repo'], { isSsoAuthorized: false });
    const refused = await call('GET', '/repos/acme/shop', { token });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-github-sso')).toMatch(/^required; url=http/);
    expect((await call('GET', '/repos/acme/shop')).status).toBe(200);
    github.world.rename(shop, 'acme/store');
    const moved = await call('GET', '/repos/acme/shop/issues?state=all');
    expect(moved).toMatchObject({ status: 301, body: { message: 'Moved Permanently' } });
    const location = moved.headers.get('location') ?? '';
    expect(location).toBe(`${github.apiUrl}/repositories/${shop.id}/issues?state=all`);
    expect((await call('GET', location)).status).toBe(200);
    expect((await call('POST', '/repos/acme/shop/issues', { body: { title: 'x' } })).status).toBe(307);
    shop.isBlocked = true;
    expect(await call('GET', '/repos/acme/store')).toMatchObject({
      status: 451,
      body: { block: { reason: 'dmca' } },
    });
    shop.isBlocked = false;
    shop.isArchived = true;
    expect(await call('POST', '/repos/acme/store/issues', { body: { title: 'x' } })).toMatchObject({
      status: 403,
      body: { message: 'Repository was archived so is read-only.' },
    });
    shop.hasIssues = false;
    expect((await call('GET', '/repos/acme/store/issues/1')).status).toBe(410);
  });
});

describe('limits', () => {
  it('counts requests, but none that was not modified', async () => {
    const first = await call('GET', '/repos/acme/shop');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('4999');
    const etag = first.headers.get('etag') ?? '';
    const again = await call('GET', '/repos/acme/shop', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(again.headers.get('x-ratelimit-remaining')).toBe('4999');
    const { headers } = await call('GET', '/repos/acme/shop');
    expect(headers.get('x-ratelimit-used')).toBe('2');
    expect(await call('GET', '/rate_limit')).toMatchObject({ body: { rate: { remaining: 4_998 } } });
  });

  it('refuses by the primary limit until its reset, and by the secondary one for as long as it says', async () => {
    const { github, clock } = fixture;
    await call('GET', '/repos/acme/shop');
    github.rate.leave(0);
    const refused = await call('GET', '/repos/acme/shop');
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      message: expect.stringContaining('API rate limit exceeded for user ID'),
    });
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(Date.UTC(2026, 0, 1, 1) / 1_000));
    github.rate.refusesWith = 429;
    expect((await call('GET', '/repos/acme/shop')).status).toBe(429);
    await clock.advance(3_600_000);
    expect((await call('GET', '/repos/acme/shop')).status).toBe(200);
    github.before = () => secondaryRateLimit(60);
    const slow = await call('GET', '/repos/acme/shop');
    expect([slow.status, slow.headers.get('retry-after')]).toEqual([403, '60']);
    github.before = () => badGateway(502);
    expect((await call('GET', '/repos/acme/shop')).headers.get('content-type')).toContain('text/html');
  });

  it('loses an answer after the work is done, and records what it does not know', async () => {
    const { github } = fixture;
    github.losesAnswerTo = ({ method }) => method === 'POST';
    await expect(call('POST', '/repos/acme/shop/issues', { body: { title: 'Once' } })).rejects.toThrow();
    expect(shop.issues.size).toBe(1);
    expect(github.unknown).toEqual([]);
    expect((await call('GET', '/repos/acme/shop/wibble')).status).toBe(404);
    expect(github.unknown).toEqual(['GET /repos/acme/shop/wibble']);
    expect(github.calls.at(-1)).toMatchObject({ path: '/repos/acme/shop/wibble', login: 'ada', status: 404 });
  });
});

describe('issues', () => {
  it('pages comments with links as https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api shows', async () => {
    const { github } = fixture;
    const issue = github.activity.issues.create(shop, 'bob', { title: 'Broken', labels: ['bug'] });
    for (let n = 1; n <= 5; n += 1) github.activity.issues.comment(shop, issue, 'bob', `Comment ${n}`);
    const path = '/repos/acme/shop/issues/1/comments';
    const first = await call('GET', `${path}?per_page=2`);
    const at = (page: number) =>
      `<${github.apiUrl}/repositories/${shop.id}/issues/1/comments?per_page=2&page=${page}>`;
    expect(first.headers.get('link')).toBe(`${at(2)}; rel="next", ${at(3)}; rel="last"`);
    expect(first.body).toMatchObject([{ body: 'Comment 1' }, { body: 'Comment 2' }]);
    const last = await call('GET', `${path}?per_page=2&page=3`);
    expect(last.headers.get('link')).toBe(`${at(2)}; rel="prev", ${at(1)}; rel="first"`);
    expect((await call('GET', path)).headers.get('link')).toBeNull();
    expect(await call('GET', '/repos/acme/shop/issues/1')).toMatchObject({
      body: {
        number: 1,
        user: { login: 'bob' },
        labels: [{ name: 'bug' }],
        comments: 5,
        author_association: 'NONE',
      },
    });
  });

  it('takes comments and reactions, and refuses what is none', async () => {
    const { github } = fixture;
    const issue = github.activity.issues.create(shop, 'bob', { title: 'Broken' });
    const made = await call('POST', '/repos/acme/shop/issues/1/comments', { body: { body: 'Grüße' } });
    expect(made).toMatchObject({ status: 201, body: { body: 'Grüße', user: { login: 'ada' } } });
    const { id, url } = made.body as { id: number; url: string };
    expect(made.headers.get('location')).toBe(url);
    expect(await call('PATCH', url, { body: { body: 'Changed' } })).toMatchObject({
      body: { body: 'Changed' },
    });
    const react = () =>
      call('POST', `/repos/acme/shop/issues/comments/${id}/reactions`, { body: { content: 'eyes' } });
    expect([(await react()).status, (await react()).status]).toEqual([201, 200]);
    expect(await call('GET', url)).toMatchObject({ body: { reactions: { total_count: 1, eyes: 1 } } });
    const refused = await call('POST', '/repos/acme/shop/issues/1/comments', { body: {} });
    expect(refused).toMatchObject({
      status: 422,
      body: { message: 'Invalid request.\n\n"body" wasn\'t supplied.' },
    });
    const long = { body: { body: 'x'.repeat(65_537) } };
    expect((await call('POST', '/repos/acme/shop/issues/1/comments', long)).status).toBe(422);
    issue.isLocked = true;
    const bob = github.tokens.addClassic('bob');
    const locked = await call('POST', '/repos/acme/shop/issues/1/comments', {
      body: { body: 'x' },
      token: bob,
    });
    expect(locked).toMatchObject({ status: 403, body: { message: expect.stringContaining('locked') } });
  });
});

describe('pull requests', () => {
  it('are those of the repository, and move when it is pushed to', async () => {
    branch();
    const made = await openPull();
    expect(made).toMatchObject({
      status: 201,
      body: { number: 1, commits: 1, additions: 2, changed_files: 1, mergeable: true, draft: false },
    });
    expect(await call('GET', '/repos/acme/shop/pulls?head=acme:topic')).toMatchObject({
      body: [{ number: 1 }],
    });
    expect((await call('GET', '/repos/acme/shop/pulls?head=acme:other')).body).toEqual([]);
    const moved = branch('topic', { 'b.txt': 'three\n' });
    expect(await call('GET', '/repos/acme/shop/pulls/1')).toMatchObject({
      body: { head: { sha: moved }, commits: 2 },
    });
    expect(await call('GET', '/repos/acme/shop/pulls/1/files')).toMatchObject({
      body: [
        { filename: 'a.txt', status: 'added', patch: '@@ -0,0 +1,2 @@\n+one\n+two' },
        { filename: 'b.txt' },
      ],
    });
    expect(shop.git.refs('refs/pull/')).toEqual([{ ref: 'refs/pull/1/head', sha: moved }]);
    const diff = await call('GET', '/repos/acme/shop/pulls/1', {
      headers: { accept: 'application/vnd.github.diff' },
    });
    expect(diff.text).toContain('diff --git a/a.txt b/a.txt');
  });

  it('are refused as https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request says', async () => {
    branch();
    await openPull();
    const errorsOf = async (head: string, base = 'main') => {
      const refused = await call('POST', '/repos/acme/shop/pulls', { body: { title: 'x', head, base } });
      expect(refused).toMatchObject({ status: 422, body: { message: 'Validation Failed' } });
      return (refused.body as { errors: unknown }).errors;
    };
    const resource = 'PullRequest';
    expect(await errorsOf('topic')).toEqual([
      { resource, code: 'custom', message: 'A pull request already exists for acme:topic.' },
    ]);
    expect(await errorsOf('main')).toEqual([
      { resource, code: 'custom', message: 'No commits between main and main' },
    ]);
    expect(await errorsOf('none')).toEqual([{ resource, field: 'head', code: 'invalid' }]);
    expect(await errorsOf('topic', 'none')).toEqual([{ resource, field: 'base', code: 'invalid' }]);
  });

  it('are merged with a real commit, unless they conflict, are drafts or have moved', async () => {
    const { world, activity } = fixture.github;
    branch('topic', { 'README.md': 'topic\n' });
    world.readsUntilMergeable = 1;
    const { body } = await openPull();
    const linked = activity.issues.create(shop, 'bob', { title: 'Broken' });
    await call('PATCH', '/repos/acme/shop/pulls/1', { body: { body: 'Fixes #2.' } });
    expect(body).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
    expect(await call('GET', '/repos/acme/shop/pulls/1')).toMatchObject({ body: { mergeable: true } });
    activity.pushes.commit(shop, 'ada', { branch: 'main', files: { 'README.md': 'main\n' } });
    await call('GET', '/repos/acme/shop/pulls/1');
    expect(await call('GET', '/repos/acme/shop/pulls/1')).toMatchObject({
      body: { mergeable: false, mergeable_state: 'dirty' },
    });
    expect(await call('PUT', '/repos/acme/shop/pulls/1/merge')).toMatchObject({ status: 405 });
    activity.pushes.commit(shop, 'ada', { branch: 'main', files: { 'README.md': '# shop\n' } });
    const stale = { body: { sha: '0'.repeat(40) } };
    expect((await call('PUT', '/repos/acme/shop/pulls/1/merge', stale)).status).toBe(409);
    const merged = await call('PUT', '/repos/acme/shop/pulls/1/merge', { body: {} });
    expect(merged).toMatchObject({ status: 200, body: { merged: true } });
    const sha = shop.git.branch('main') ?? '';
    expect(shop.git.commitOf(sha)).toMatchObject({
      message: 'Merge pull request #1 from acme/topic\n\nA topic',
    });
    expect(shop.git.commitOf(sha).parents).toHaveLength(2);
    expect(linked).toMatchObject({ state: 'closed', stateReason: 'completed' });
    expect(await call('GET', '/repos/acme/shop/pulls/1')).toMatchObject({
      body: { state: 'closed', merged: true, merge_commit_sha: sha, merged_by: { login: 'ada' }, commits: 1 },
    });
  });

  it('come from forks, whose objects may be there later', async () => {
    const { world, tokens, activity } = fixture.github;
    world.forking = 'later';
    const token = tokens.addClassic('bob');
    expect(await call('POST', '/repos/acme/shop/forks', { token })).toMatchObject({
      status: 202,
      body: { full_name: 'bob/shop', fork: true, parent: { full_name: 'acme/shop' } },
    });
    expect((await call('GET', '/repos/bob/shop/branches/main', { token })).status).toBe(404);
    world.finishForks();
    expect((await call('GET', '/repos/bob/shop/branches/main', { token })).status).toBe(200);
    activity.pushes.commit(world.repository('bob/shop'), 'bob', {
      branch: 'topic',
      from: 'main',
      files: { x: 'y' },
    });
    const body = { title: 'From a fork', head: 'bob:topic', base: 'main' };
    expect(await call('POST', '/repos/acme/shop/pulls', { body, token })).toMatchObject({
      status: 201,
      body: { head: { label: 'bob:topic', repo: { fork: true } }, maintainer_can_modify: true },
    });
    activity.pushes.commit(shop, 'ada', { branch: 'main', files: { z: '1' } });
    const sync = await call('POST', '/repos/bob/shop/merge-upstream', { body: { branch: 'main' }, token });
    expect(sync).toMatchObject({ status: 200, body: { merge_type: 'fast-forward' } });
  });

  it('are reviewed line by line, and answered', async () => {
    const { tokens, activity } = fixture.github;
    branch();
    await openPull();
    const path = '/repos/acme/shop/pulls/1';
    const own = await call('POST', `${path}/reviews`, { body: { event: 'APPROVE' } });
    expect(own).toMatchObject({ status: 422, body: { message: 'Unprocessable Entity' } });
    const token = tokens.addClassic('bob');
    const comments = [{ path: 'a.txt', line: 2, body: 'Why?' }];
    const reviewed = await call('POST', `${path}/reviews`, {
      token,
      body: { event: 'REQUEST_CHANGES', body: 'No', comments },
    });
    expect(reviewed).toMatchObject({ status: 200, body: { state: 'CHANGES_REQUESTED', body: 'No' } });
    const elsewhere = { event: 'COMMENT', comments: [{ path: 'a.txt', line: 9, body: 'x' }] };
    expect((await call('POST', `${path}/reviews`, { token, body: elsewhere })).status).toBe(422);
    const { body } = await call('GET', `${path}/comments`);
    expect(body).toMatchObject([
      { line: 2, path: 'a.txt', diff_hunk: '@@ -0,0 +1,2 @@\n+one\n+two', body: 'Why?' },
    ]);
    const [{ id }] = body as [{ id: number }];
    expect(await call('POST', `${path}/comments/${id}/replies`, { body: { body: 'Because' } })).toMatchObject(
      {
        status: 201,
        body: { in_reply_to_id: id, line: 2 },
      },
    );
    branch('topic', { 'a.txt': 'changed\n' });
    expect(await call('GET', `${path}/comments`)).toMatchObject({
      body: [{ line: null, original_line: 2 }, {}],
    });
    const asked = await call('POST', `${path}/requested_reviewers`, { body: { reviewers: ['bob'] } });
    expect(asked).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('not a collaborator') },
    });
    shop.collaborators.set('bob', 'triage');
    expect(await call('POST', `${path}/requested_reviewers`, { body: { reviewers: ['bob'] } })).toMatchObject(
      {
        status: 201,
        body: { requested_reviewers: [{ login: 'bob' }] },
      },
    );
    expect(activity).toBeDefined();
  });
});

describe('checks', () => {
  it('are those of any app on one commit, with statuses beside them and the logs of jobs', async () => {
    const { world, activity } = fixture.github;
    world.addApp('circle');
    const sha = branch();
    const failed = activity.checks.create(shop, {
      name: 'test',
      headSha: sha,
      conclusion: 'failure',
      log: 'boom\n',
    });
    activity.checks.create(shop, { app: 'circle', name: 'lint', headSha: sha });
    activity.checks.setStatus(shop, 'ada', { sha, state: 'pending', context: 'ci/deploy' });
    activity.checks.setStatus(shop, 'ada', { sha, state: 'success', context: 'ci/deploy' });
    expect(await call('GET', `/repos/acme/shop/commits/${sha}/check-runs?per_page=1`)).toMatchObject({
      body: {
        total_count: 2,
        check_runs: [{ name: 'test', conclusion: 'failure', app: { slug: 'github-actions' } }],
      },
    });
    expect(await call('GET', `/repos/acme/shop/commits/topic/check-suites`)).toMatchObject({
      body: {
        total_count: 2,
        check_suites: [{ conclusion: 'failure' }, { status: 'in_progress', conclusion: null }],
      },
    });
    expect(await call('GET', `/repos/acme/shop/commits/${sha}/status`)).toMatchObject({
      body: { state: 'success', total_count: 1 },
    });
    const log = await call('GET', `/repos/acme/shop/actions/jobs/${failed.id}/logs`);
    expect(log.status).toBe(302);
    expect((await call('GET', log.headers.get('location') ?? '', { token: '' })).text).toBe('boom\n');
    const create = { body: { name: 'x', head_sha: sha } };
    expect(await call('POST', '/repos/acme/shop/check-runs', create)).toMatchObject({ status: 403 });
  });
});

describe('repositories', () => {
  it('are read by branch, tree, contents and comparison', async () => {
    const sha = branch('feature/x', { 'src/a.ts': 'export {};\n' });
    expect(await call('GET', '/repos/acme/shop')).toMatchObject({
      body: {
        default_branch: 'main',
        permissions: { push: true, admin: false },
        clone_url: `${fixture.github.serverUrl}/acme/shop.git`,
      },
    });
    expect(await call('GET', '/repos/acme/shop/branches/feature/x')).toMatchObject({
      body: { commit: { sha } },
    });
    expect(await call('GET', '/repos/acme/shop/git/ref/heads/feature/x')).toMatchObject({
      body: { object: { sha } },
    });
    expect(await call('GET', '/repos/acme/shop/compare/main...feature/x')).toMatchObject({
      body: { status: 'ahead', ahead_by: 1, files: [{ filename: 'src/a.ts' }] },
    });
    expect(await call('GET', `/repos/acme/shop/git/trees/${sha}?recursive=1`)).toMatchObject({
      body: {
        truncated: false,
        tree: [{ path: 'README.md' }, { path: 'src' }, { path: 'src/a.ts', type: 'blob' }],
      },
    });
    const file = await call('GET', '/repos/acme/shop/contents/src/a.ts?ref=feature/x');
    expect(file).toMatchObject({ body: { type: 'file', encoding: 'base64', content: 'ZXhwb3J0IHt9Owo=' } });
    expect(await call('GET', '/repos/acme/shop/contents/src?ref=feature/x')).toMatchObject({
      body: [{ name: 'a.ts' }],
    });
    expect((await call('GET', '/repos/acme/shop/contents/none')).status).toBe(404);
    const created = { body: { ref: 'refs/heads/new', sha } };
    expect((await call('POST', '/repos/acme/shop/git/refs', created)).status).toBe(201);
    expect(await call('POST', '/repos/acme/shop/git/refs', created)).toMatchObject({
      body: { message: 'Reference already exists' },
    });
    const permission = await call('GET', '/repos/acme/shop/collaborators/bob/permission');
    expect(permission).toMatchObject({
      body: { permission: 'read', role_name: 'read', user: { login: 'bob' } },
    });
    const bob = fixture.github.tokens.addClassic('bob');
    expect(await call('GET', '/repos/acme/shop/collaborators/bob/permission', { token: bob })).toMatchObject({
      status: 403,
      body: { message: 'Must have push access to view collaborator permission.' },
    });
  });

  it('take pushes over git with the API’s tokens, which protection refuses', async () => {
    const { github, token } = fixture;
    const folder = mkdtempSync(join(tmpdir(), 'loopback-github-spec-'));
    try {
      const url = github.serverUrl.replace('//', `//x-access-token:${token}@`);
      expect(await git(folder, 'clone', `${url}/acme/shop.git`, 'shop')).toMatchObject({ code: 0 });
      const clone = join(folder, 'shop');
      writeFileSync(join(clone, 'new'), 'new');
      await git(clone, 'add', '.');
      await git(clone, 'commit', '-m', 'New');
      shop.protectedBranches.add('main');
      expect((await git(clone, 'push', 'origin', 'HEAD:main')).err).toContain('GH006');
      expect(await git(clone, 'push', 'origin', 'HEAD:topic')).toMatchObject({ code: 0 });
      mkdirSync(join(clone, '.github/workflows'), { recursive: true });
      writeFileSync(join(clone, '.github/workflows/ci.yml'), 'on: push');
      await git(clone, 'add', '.');
      await git(clone, 'commit', '-m', 'CI');
      const narrow = github.tokens.addClassic('ada', ['repo']);
      const narrowUrl = `${github.serverUrl.replace('//', `//x-access-token:${narrow}@`)}/acme/shop.git`;
      expect((await git(clone, 'push', narrowUrl, 'HEAD:ci')).err).toContain(
        'create or update workflow `.github/workflows/ci.yml` without `workflow` scope',
      );
      expect(github.hooks.deliveries).toMatchObject([
        { event: 'push', payload: { ref: 'refs/heads/topic', created: true, sender: { login: 'ada' } } },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are served under /api/v3 on one host with git, as on Enterprise Server', async () => {
    await fixture.github.close();
    await open({ basePath: '/api/v3' });
    const { github } = fixture;
    expect(github.apiUrl).toBe(`${github.serverUrl}/api/v3`);
    expect(await call('GET', '/repos/acme/shop')).toMatchObject({
      body: { url: `${github.apiUrl}/repos/acme/shop` },
    });
    expect(await git('/', 'ls-remote', `${github.serverUrl}/acme/shop.git`)).toMatchObject({ code: 0 });
  });
});
