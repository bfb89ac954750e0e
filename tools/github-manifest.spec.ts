import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  APP_EVENTS,
  APP_PERMISSIONS,
  githubAppManifest,
  MANIFEST_FILES,
  manifestText,
  registrationUrl,
} from '@swe/adapter-github/app-manifest';
import { GithubChat } from '@swe/adapter-github/chat';
import { GithubClient, githubServer } from '@swe/adapter-github/client';
import { AppIdentity, AppTokens, GithubRepoCredentials } from '@swe/adapter-github/credentials';
import { GithubDirectory } from '@swe/adapter-github/directory';
import { GithubCheckLogs, GithubCodeReview, GithubRepoHost } from '@swe/adapter-github/repo-host';
import { GithubHostEvents, toEvent } from '@swe/adapter-github/requests';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { LoopbackGithub } from '@swe/testing/servers';

const ROOT = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const PAGE = read('docs/github.md');

it('the files in resources/ are what npm run manifest writes', () => {
  const files = readdirSync(new URL('resources/', ROOT)).filter((name) => name.startsWith('github-app'));
  expect(files).toEqual(Object.keys(MANIFEST_FILES));
  for (const [name, manifest] of Object.entries(MANIFEST_FILES)) {
    expect(read(`resources/${name}`)).toBe(manifestText(manifest));
  }
});

describe('docs/github.md', () => {
  it('lists the permissions and the events that are asked for, and no others', () => {
    const rows = [...PAGE.matchAll(/^\| `(\w+): (\w+)` +\|/gm)].map(([, name, level]) => [name, level]);
    expect(rows).toEqual(Object.entries(APP_PERMISSIONS));
    const [, events = ''] = /^Events: (.+)\.$/m.exec(PAGE) ?? [];
    expect(events.replaceAll('`', '').split(', ')).toEqual([...APP_EVENTS]);
  });

  it('has the link that fills in the form for an App', () => {
    const manifest = githubAppManifest('https://example.com');
    expect(PAGE).toContain(`(${registrationUrl(manifest, 'https://github.com/settings/apps/new')})`);
  });
});

describe('what an App is asked for', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  let github: LoopbackGithub;
  afterEach(() => github.close());

  /** GitHub with the App in a private repository, an issue of Ada's, and a pull request that she has reviewed. */
  async function open() {
    const clock = new ManualClock();
    github = await openLoopbackGithub({
      clock,
      app: { slug: 'swe', publicKey, permissions: APP_PERMISSIONS },
    });
    const { world, activity, serverUrl, apiUrl } = github;
    for (const login of ['acme', 'ada']) world.addUser(login);
    const shop = world.addRepository('acme/shop', { isPrivate: true, collaborators: { ada: 'write' } });
    world.install('swe', 'acme');
    const issue = activity.issues.create(shop, 'ada', { title: 'Broken' });
    const sha = activity.pushes.commit(shop, 'swe[bot]', {
      branch: 'topic',
      files: { a: '1\n' },
      from: 'main',
    });
    const server = githubServer(serverUrl, apiUrl);
    return { clock, world, activity, shop, issue, sha, server, repository: `${serverUrl}/acme/shop` };
  }

  it('is what the calls of host, reviews, logs, chat, directory, events and git need', async () => {
    const { clock, world, activity, shop, issue, sha, server, repository } = await open();
    const accepted = new Set<string>();
    const listening: typeof fetch = async (...request) => {
      const response = await fetch(...request);
      const all = response.headers.get('x-accepted-github-permissions') ?? '';
      for (const one of all.split('; ')) accepted.add(one.replace('=', ': '));
      return response;
    };
    const tokens = new AppTokens({
      server,
      appId: String(world.apps.get('swe')?.id),
      privateKey: async () => privateKey,
      clock,
      fetch: listening,
    });
    const identity = new AppIdentity(tokens);
    const client = new GithubClient({ server, identity, clock, fetch: listening });
    const host = new GithubRepoHost(client);
    const chat = new GithubChat({ client, fetch: listening });
    const review = new GithubCodeReview(client);

    const draft = { repository, headBranch: 'topic', baseBranch: 'main', title: 'Title', body: 'Body' };
    const { number } = await host.openPullRequest(draft);
    const pull = { repository, number };
    const opened = shop.issues.get(number);
    if (opened?.pull === undefined) throw new Error('it was opened');
    activity.reviews.submit(shop, { ...opened, pull: opened.pull }, 'ada', {
      event: 'COMMENT',
      body: 'See below.',
      comments: [{ path: 'a', line: 1, body: 'Why?' }],
    });
    activity.checks.create(shop, { name: 'test', headSha: sha, conclusion: 'failure', log: 'no' });

    await host.repository(repository);
    await host.updatePullRequest(repository, number, { title: 'Title', body: 'Body' });
    await host.pullRequest(repository, number);
    await host.findPullRequest(repository, 'topic');
    await host.isOnBranch(repository, 'main', sha);
    const [check] = await host.checks(repository, sha);
    await new GithubCheckLogs(client).log(repository, check?.logRef ?? '', 100);
    await review.reviews(pull);
    const [thread] = await review.threads(pull);
    await review.reply(pull, thread?.id ?? '', 'Because.', 'reply');
    await review.resolve(pull, thread?.id ?? '');
    const place = `github:${server.host}/acme/shop/${issue.number}`;
    const id = await chat.post(place, { body: 'Hello.' }, 'post');
    await chat.edit(place, id, { body: 'Hello!' });
    await chat.find(place, 'post');
    for (const reaction of ['seen', 'done'] as const) {
      await chat.react(place, `github:${server.host}/acme/shop/issue/${issue.number}`, reaction);
    }
    await host.issue({ repository, number: issue.number });
    const events = new GithubHostEvents(client);
    await events.issueEvents({ repository, number: issue.number }, 0);
    await events.pullRequestEvents(pull, 0);
    const logger = {
      warn(event: string, fields?: object) {
        throw new Error(`${event} ${JSON.stringify(fields)}`);
      },
    };
    const person = await new GithubDirectory({ client, logger }).person('github:ada', place);
    expect(person).toMatchObject({ name: 'ada', isKnown: true });
    const credentials = new GithubRepoCredentials(server, identity);
    for (const purpose of ['read', 'push'] as const) await credentials.credential(repository, purpose);

    // By a 401 Octokit learns what GitHub's clock says.
    expect(github.calls.filter(({ status }) => status > 401)).toEqual([]);
    expect(github.unknown).toEqual([]);
    const needed = Object.entries(APP_PERMISSIONS).map(([name, level]) => `${name}: ${level}`);
    // That one is git's, and of what GraphQL resolves: neither tells.
    expect(needed.filter((each) => !accepted.has(each))).toEqual(['contents: write']);
    const minted = github.calls.flatMap(({ path, body }) => (path.endsWith('/access_tokens') ? [body] : []));
    expect(minted).toContainEqual(
      expect.objectContaining({ permissions: expect.objectContaining({ contents: 'write' }) }),
    );
  });

  it('is told of by those events, and what else there is says nothing', async () => {
    const { activity, shop, issue, sha, server } = await open();
    const { issues, pulls, reviews, checks, pushes } = activity;
    issues.assign(shop, issue, 'ada', ['ada']);
    issues.label(shop, issue, 'ada', ['bug']);
    issues.comment(shop, issue, 'ada', 'Hello.');
    issues.change(shop, issue, 'ada', { isLocked: true });
    const pull = pulls.open(shop, 'ada', { title: 'A topic', head: 'topic', base: 'main' });
    reviews.submit(shop, pull, 'ada', {
      event: 'COMMENT',
      body: 'See below.',
      comments: [{ path: 'a', line: 1, body: 'Why?' }],
    });
    pushes.commit(shop, 'ada', { branch: 'topic', files: { b: '1\n' } });
    checks.create(shop, { name: 'test', headSha: sha, conclusion: 'failure' });
    checks.setStatus(shop, 'ada', { sha, state: 'error', context: 'jenkins' });
    const context = { server, login: 'swe[bot]', receivedAtMs: 0 };
    const sent = new Set(github.hooks.deliveries.map(({ event }) => event));
    const heard = github.hooks.deliveries.filter(({ event, payload }) => toEvent(event, payload, context));
    expect([...new Set(heard.map(({ event }) => event))].toSorted()).toEqual(APP_EVENTS);
    expect([...sent].filter((event) => !APP_EVENTS.some((each) => each === event)).length).toBeGreaterThan(0);
  });
});
