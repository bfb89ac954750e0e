import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openGithubFixture } from './github-fixture';
import type { GithubFixture } from './github-fixture';
import { githubSignature } from './github-hooks';
import type { GithubRepository } from './github-entities';
import type { LoopbackGithubOptions } from './loopback-github';

interface Received {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

let fixture: GithubFixture;
let shop: GithubRepository;
let receiver: Server;
let received: Received[];
let status = 202;

async function open(options: LoopbackGithubOptions = {}): Promise<void> {
  fixture = await openGithubFixture(options);
  shop = fixture.github.world.repository('acme/shop');
  fixture.github.hooks.url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/github`;
}

beforeEach(async () => {
  received = [];
  status = 202;
  receiver = createServer((incoming, response) => {
    void Array.fromAsync(incoming as AsyncIterable<Buffer>).then((chunks) => {
      received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end('taken');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  await open();
});
afterEach(async () => {
  await fixture.github.close();
  await new Promise((resolve) => receiver.close(resolve));
});

const names = () =>
  fixture.github.hooks.deliveries.map(({ event, action }) => [event, action].filter(Boolean).join('.'));

describe('a delivery', () => {
  it('is signed as https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries shows', () => {
    expect(githubSignature('Hello, World!', "It's a Secret to Everybody")['x-hub-signature-256']).toBe(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
  });

  it('has the headers of https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers', async () => {
    const { github } = fixture;
    github.activity.issues.create(shop, 'bob', { title: 'Größe' });
    await github.hooks.idle();
    const [{ headers, body }] = received as [Received];
    expect(headers).toMatchObject({
      'x-github-event': 'issues',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
      'content-type': 'application/json',
      'x-github-hook-installation-target-type': 'integration',
      ...githubSignature(body, github.webhookSecret),
    });
    expect(JSON.parse(body)).toMatchObject({
      action: 'opened',
      issue: { number: 1, title: 'Größe', user: { login: 'bob' } },
      repository: { full_name: 'acme/shop' },
      organization: { login: 'acme' },
      sender: { login: 'bob', type: 'User' },
      installation: { id: github.world.installationFor('swe', shop)?.id },
    });
    expect(github.hooks.deliveries).toMatchObject([{ status: 202, answer: 'taken' }]);
  });

  it('may be lost, fail or hang, and comes again with the same identity when somebody asks for it', async () => {
    const { hooks, activity } = fixture.github;
    hooks.loses = ({ event }) => event === 'issues';
    const issue = activity.issues.create(shop, 'bob', { title: 'Lost' });
    await hooks.idle();
    expect(received).toEqual([]);
    const [lost] = hooks.deliveries;
    if (lost === undefined) throw new Error('nothing was sent');
    hooks.redeliver(lost);
    status = 500;
    activity.issues.comment(shop, issue, 'bob', 'Hello');
    await hooks.idle();
    expect(received.map(({ headers }) => headers['x-github-event']).toSorted()).toEqual([
      'issue_comment',
      'issues',
    ]);
    expect(hooks.deliveries).toMatchObject([
      { status: undefined, isRedelivery: false },
      { guid: lost.guid, body: lost.body, isRedelivery: true },
      { event: 'issue_comment', status: 500 },
    ]);
  });

  it('is given up after ten seconds', async () => {
    const { hooks, activity } = fixture.github;
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    hooks.url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    activity.issues.create(shop, 'bob', { title: 'Slow' });
    await fixture.clock.advance(10_000);
    await hooks.idle();
    expect(hooks.deliveries).toMatchObject([{ status: undefined }]);
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('can be a form, a ping, and something else than what was subscribed to is not sent', async () => {
    const { hooks, activity } = fixture.github;
    hooks.contentType = 'form';
    hooks.ping();
    await hooks.idle();
    const [{ headers, body }] = received as [Received];
    expect(headers).toMatchObject({
      'x-github-event': 'ping',
      ...githubSignature(body, fixture.github.webhookSecret),
    });
    expect(JSON.parse(new URLSearchParams(body).get('payload') ?? '')).toMatchObject({
      hook: { type: 'App' },
    });
    hooks.events = ['issue_comment'];
    activity.issues.create(shop, 'bob', { title: 'Silent' });
    expect(hooks.deliveries).toHaveLength(1);
  });

  it('of a repository’s own webhook names no installation, and an app hears only of where it is installed', async () => {
    const { world, activity, hooks } = fixture.github;
    activity.issues.create(world.addRepository('bob/own'), 'bob', { title: 'Elsewhere' });
    expect(hooks.deliveries).toEqual([]);
    await fixture.github.close();
    fixture = await openGithubFixture({}, 'repository');
    shop = fixture.github.world.repository('acme/shop');
    fixture.github.activity.issues.create(shop, 'bob', { title: 'Here' });
    expect(fixture.github.hooks.deliveries).toHaveLength(1);
    expect(fixture.github.hooks.deliveries[0]?.payload).not.toHaveProperty('installation');
  });
});

describe('what happens', () => {
  it('to an issue is told', () => {
    const { issues } = fixture.github.activity;
    const issue = issues.create(shop, 'bob', { title: 'Broken' });
    const comment = issues.comment(shop, issue, 'bob', '@swe please');
    issues.editComment(shop, issue, 'bob', comment, '@swe please!');
    issues.deleteComment(shop, issue, 'bob', comment);
    issues.label(shop, issue, 'ada', ['swe']);
    issues.unlabel(shop, issue, 'ada', 'swe');
    issues.assign(shop, issue, 'ada', ['bob']);
    issues.unassign(shop, issue, 'ada', 'bob');
    issues.change(shop, issue, 'ada', { title: 'Fixed', isLocked: true });
    issues.change(shop, issue, 'ada', { state: 'closed' });
    issues.change(shop, issue, 'ada', { state: 'open' });
    expect(names()).toEqual([
      ...['issues.opened', 'issue_comment.created', 'issue_comment.edited', 'issue_comment.deleted'],
      ...['issues.labeled', 'issues.unlabeled', 'issues.assigned', 'issues.unassigned'],
      ...['issues.edited', 'issues.locked', 'issues.closed', 'issues.reopened'],
    ]);
  });

  it('to a pull request is told, by whoever did it', async () => {
    const { pushes, pulls, reviews, issues, checks } = fixture.github.activity;
    shop.collaborators.set('bob', 'write');
    pushes.commit(shop, 'ada', { branch: 'topic', from: 'main', files: { a: '1\n' } });
    const pull = pulls.open(shop, 'ada', { title: 'Topic', head: 'topic', base: 'main' });
    const before = pull.pull.headSha;
    const after = pushes.commit(shop, 'ada', { branch: 'topic', files: { b: '1\n' } });
    pulls.requestReviewers(shop, pull, 'ada', ['bob']);
    reviews.submit(shop, pull, 'bob', { event: 'COMMENT', comments: [{ path: 'a', line: 1, body: 'Why?' }] });
    const [thread] = pull.pull.threads;
    if (thread === undefined) throw new Error('there is no thread');
    reviews.reply(shop, pull, 'ada', thread, 'So');
    reviews.resolve(shop, pull, 'ada', thread);
    issues.comment(shop, pull, 'bob', 'Fine');
    checks.create(shop, { name: 'test', headSha: after, conclusion: 'success' });
    checks.setStatus(shop, 'bob', { sha: after, state: 'success' });
    const merged = pulls.merge(shop, pull, 'bob');
    expect(names()).toEqual([
      ...['push', 'pull_request.opened', 'push', 'pull_request.synchronize', 'pull_request.review_requested'],
      ...['pull_request_review.submitted', 'pull_request_review_comment.created'],
      ...['pull_request_review.submitted', 'pull_request_review_comment.created'],
      ...['pull_request_review_thread.resolved', 'issue_comment.created'],
      ...['check_run.created', 'check_run.completed', 'check_suite.completed', 'status'],
      ...['push', 'pull_request.closed'],
    ]);
    const { deliveries } = fixture.github.hooks;
    expect(deliveries[3]?.payload).toMatchObject({ before, after, pull_request: { head: { sha: after } } });
    expect(deliveries[5]?.payload).toMatchObject({ review: { state: 'commented', body: null } });
    expect(deliveries[10]?.payload).toMatchObject({ issue: { pull_request: {} }, comment: { body: 'Fine' } });
    expect(deliveries.at(-1)?.payload).toMatchObject({
      pull_request: { merged: true, merge_commit_sha: merged },
    });
  });

  it('over the API is told, too', async () => {
    const { world, github } = { ...fixture, world: fixture.github.world };
    github.activity.issues.create(shop, 'bob', { title: 'Broken' });
    const installation = world.installationFor('swe', shop);
    if (installation === undefined) throw new Error('the app is not installed');
    const { token } = github.tokens.addInstallation(installation, { issues: 'write' }, 'all');
    await fixture.call('POST', '/repos/acme/shop/issues/1/comments', { token, body: { body: 'On it' } });
    expect(github.hooks.deliveries.at(-1)).toMatchObject({
      event: 'issue_comment',
      payload: { sender: { login: 'swe[bot]', type: 'Bot' }, comment: { user: { type: 'Bot' } } },
    });
  });
});
