import { afterEach, describe, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { githubSignature, openLoopbackGithub } from '@swe/testing/servers';
import type { LoopbackGithub } from '@swe/testing/servers';
import { githubServer } from '../github-server';
import { handleGithubRequest } from './handle-github-request';
import type { GithubEvent } from './to-events';

const SECRET = "It's a Secret to Everybody";
const server = githubServer('https://github.com', 'https://api.github.com');

async function handled(body: string | Uint8Array, headers: Record<string, string>, secret = SECRET) {
  const events: GithubEvent[] = [];
  const response = await handleGithubRequest(
    new Request('https://ingress.example/github', { method: 'POST', headers, body: Buffer.from(body) }),
    {
      server,
      login: async () => 'swe-agent',
      webhookSecret: async () => secret,
      handle: async (event) => void events.push(event),
      clock: new ManualClock(),
      logger: { warn: () => undefined, debug: () => undefined },
    },
  );
  return { status: response.status, events };
}

describe('a signature', () => {
  // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const documented = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  it('is verified as documented, before anything is read', async () => {
    const read = handled('Hello, World!', { 'x-hub-signature-256': documented, 'x-github-event': 'ping' });
    // It is GitHub's, and no JSON.
    await expectFault(read, 'invalid');
  });

  it.each([
    ['none', 'Hello, World!', {}, SECRET],
    ["another's", 'Hello, World?', { 'x-hub-signature-256': documented }, SECRET],
    ['of another length', 'Hello, World!', { 'x-hub-signature-256': 'sha256=00' }, SECRET],
    ['by SHA-1 alone', 'Hello, World!', { 'x-hub-signature': 'sha1=0' }, SECRET],
    ['of nothing', '', { 'x-hub-signature-256': documented }, SECRET],
    ['without a secret', 'Hello, World!', { 'x-hub-signature-256': documented }, ''],
    ['over no text', Uint8Array.of(0xff, 0xfe), { 'x-hub-signature-256': documented }, SECRET],
  ])('is refused: %s', async (_name, body, headers, secret) => {
    expect(await handled(body, headers as Record<string, string>, secret)).toEqual({
      status: 401,
      events: [],
    });
  });

  it('of what is of no concern is taken', async () => {
    const body = JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 1 });
    const headers = { ...githubSignature(body, SECRET), 'x-github-event': 'ping' };
    expect(await handled(body, headers)).toEqual({ status: 202, events: [] });
  });
});

describe('who the agent is', () => {
  async function open(login: () => Promise<string>) {
    const clock = new ManualClock();
    const body = JSON.stringify({
      action: 'created',
      repository: { name: 'shop', owner: { login: 'acme' } },
      sender: { login: 'ada' },
      issue: { number: 1, html_url: 'https://github.com/acme/shop/issues/1' },
      comment: { id: 1, body: '@swe-agent go', user: { login: 'ada' }, updated_at: '', html_url: '' },
    });
    const headers = { ...githubSignature(body, SECRET), 'x-github-event': 'issue_comment' };
    const events: GithubEvent[] = [];
    const answer = handleGithubRequest(
      new Request('https://ingress.example/github', { method: 'POST', headers, body }),
      {
        server,
        login,
        webhookSecret: async () => SECRET,
        handle: async (event) => void events.push(event),
        clock,
        logger: { warn: () => undefined, debug: () => undefined },
      },
    );
    return { clock, events, answer };
  }

  it('is waited for a moment, and then the delivery fails where that can be seen', async () => {
    const asked = Promise.withResolvers<void>();
    const { clock, events, answer } = await open(() => {
      asked.resolve();
      return new Promise<string>(() => undefined);
    });
    await asked.promise;
    const [failed] = [expectFault(answer, 'transient'), clock.advance(3_000)];
    await failed;
    expect(events).toEqual([]);
  });

  it('may take its time, short of that', async () => {
    const asked = Promise.withResolvers<void>();
    const said = Promise.withResolvers<string>();
    const { clock, events, answer } = await open(() => {
      asked.resolve();
      return said.promise;
    });
    await asked.promise;
    await clock.advance(2_999);
    said.resolve('swe-agent');
    expect((await answer).status).toBe(202);
    expect(events).toMatchObject([{ kind: 'said', isAddressed: true }]);
  });
});

describe('what loopback GitHub sends', () => {
  let github: LoopbackGithub;
  afterEach(() => github.close());

  it('is what happened', async () => {
    github = await openLoopbackGithub({ clock: new ManualClock(), webhookSecret: SECRET });
    const { world, activity, hooks } = github;
    world.addUser('acme', 'Organization');
    for (const login of ['ada', 'swe-agent']) world.addUser(login);
    const shop = world.addRepository('acme/shop', { collaborators: { ada: 'write', 'swe-agent': 'write' } });
    const issue = activity.issues.create(shop, 'ada', { title: 'Broken', body: '@swe-agent please' });
    activity.issues.assign(shop, issue, 'ada', ['swe-agent']);
    const said = activity.issues.comment(shop, issue, 'ada', 'And größer.');
    activity.issues.comment(shop, issue, 'swe-agent', 'Yes.');
    activity.issues.editComment(shop, issue, 'ada', said, 'And bigger.');
    activity.issues.deleteComment(shop, issue, 'ada', said);
    const files = (text: string) => ({ 'a.txt': text });
    const sha = activity.pushes.commit(shop, 'swe-agent', {
      branch: 'swe/1',
      files: files('1\n'),
      from: 'main',
    });
    const pull = activity.pulls.open(shop, 'swe-agent', { title: 'Fix', head: 'swe/1', base: 'main' });
    activity.checks.create(shop, { name: 'test', headSha: sha, conclusion: 'failure' });
    const comments = [{ path: 'a.txt', line: 1, body: 'Why?' }];
    activity.reviews.submit(shop, pull, 'ada', { event: 'REQUEST_CHANGES', body: 'No.', comments });
    activity.pushes.commit(shop, 'ada', { branch: 'swe/1', files: files('2\n') });
    activity.pulls.merge(shop, pull, 'ada');

    const events: GithubEvent[] = [];
    for (const { body, headers } of hooks.deliveries) {
      const { status, events: those } = await handled(body, headers);
      expect(status).toBe(202);
      events.push(...those);
    }
    expect(events.map((event) => `${event.kind} ${'text' in event ? event.text : ''}`.trim())).toEqual([
      'said please',
      expect.stringMatching(/^said http.*\/acme\/shop\/issues\/1$/),
      'said And größer.',
      'edited And bigger.',
      'deleted',
      'checks-finished',
      'reviewed',
      expect.stringMatching(/^said Why\?\n\n\(About `a.txt`, line 1: /),
      'pull-request-closed',
    ]);
  });
});
