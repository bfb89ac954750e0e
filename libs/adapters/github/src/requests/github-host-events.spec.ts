import { afterEach, expect, it } from '@jest/globals';
import { hostEventsContract, runContract } from '@swe/testing/contracts';
import type { HostActor, HostWords } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { GithubRefusal, openLoopbackGithub } from '@swe/testing/servers';
import type { GithubComment, GithubIssue, LoopbackGithub } from '@swe/testing/servers';
import { GithubClient } from '../github-client';
import { githubServer } from '../github-server';
import { toEvent } from './to-events';
import { GithubHostEvents } from './github-host-events';

const LOGINS = { ada: 'ada', agent: 'swe-agent' } as const satisfies Record<HostActor, string>;

const opened: LoopbackGithub[] = [];
afterEach(async () => {
  for (const github of opened.splice(0)) {
    const { unknown } = github;
    await github.close();
    expect(unknown).toEqual([]);
  }
});

/** GitHub with an issue and a pull request of the agent's in `acme/Shop`, which the agent knows as `acme/shop`. */
async function open() {
  const clock = new ManualClock();
  const github = await openLoopbackGithub({ clock });
  opened.push(github);
  const { world, tokens, activity, hooks } = github;
  world.addUser('acme', 'Organization');
  for (const login of Object.values(LOGINS)) world.addUser(login);
  const shop = world.addRepository('acme/Shop', { collaborators: { ada: 'write', 'swe-agent': 'write' } });
  const issue = activity.issues.create(shop, 'ada', { title: 'Broken' });
  const files = { 'a.txt': 'text' };
  const headSha = activity.pushes.commit(shop, 'swe-agent', { branch: 'swe/1', files, from: 'main' });
  const pull = activity.pulls.open(shop, 'swe-agent', { title: 'Fix', head: 'swe/1', base: 'main' });
  const token = tokens.addClassic('swe-agent');
  const server = githubServer(github.serverUrl, github.apiUrl);
  const client = new GithubClient({
    server,
    identity: { token: async () => token, login: async () => 'swe-agent', mayPush: async () => undefined },
    clock,
    fetch,
  });
  const context = { server, login: 'swe-agent', receivedAtMs: 0 };
  const repository = `${github.serverUrl}/acme/Shop`;
  return {
    github,
    clock,
    shop,
    issue,
    pull,
    headSha,
    events: new GithubHostEvents(client),
    refs: { issue: { repository, number: issue.number }, pullRequest: { repository, number: pull.number } },
    delivered: () =>
      hooks.deliveries
        .flatMap(({ event, payload }) => toEvent(event, payload, context) ?? [])
        .map((event) => {
          if ('eventKey' in event) return event.eventKey;
          return 'editKey' in event ? event.editKey : event.messageKey;
        }),
  };
}

runContract('GithubHostEvents', hostEventsContract, async () => {
  const { github, clock, shop, issue, pull, headSha, events, refs, delivered } = await open();
  const { issues, reviews, checks, pulls } = github.activity;
  let last: { readonly at: GithubIssue; readonly comment: GithubComment } | undefined;
  const wordsOf = ({ text, mentions }: HostWords): string => (mentions ? `@swe-agent ${text}` : text);
  return {
    subject: {
      events,
      ...refs,
      delivered: async () => delivered(),
      nowMs: () => clock.nowMs(),
      pass: (ms) => clock.advance(ms),
      say: async ({ number }, by, { text, mentions }) => {
        const at = number === issue.number ? issue : pull;
        last = { at, comment: issues.comment(shop, at, LOGINS[by], wordsOf({ text, mentions })) };
      },
      edit: async (by, words) => {
        if (last === undefined) throw new Error('nothing was said');
        issues.editComment(shop, last.at, LOGINS[by], last.comment, wordsOf(words));
      },
      sayOfLine: async (by, words) => {
        const comments = [{ path: 'a.txt', line: 1, body: wordsOf(words) }];
        reviews.submit(shop, pull, LOGINS[by], { event: 'COMMENT', comments });
      },
      setStatus: async (state) => void checks.setStatus(shop, 'ada', { sha: headSha, state, context: 'ci' }),
      review: async (by, body) => {
        const event = by === 'agent' ? 'COMMENT' : 'REQUEST_CHANGES';
        reviews.submit(shop, pull, LOGINS[by], { event, body });
      },
      finishChecks: async (conclusion) => void checks.create(shop, { name: 'test', headSha, conclusion }),
      merge: async (by) => void pulls.merge(shop, pull, LOGINS[by]),
    },
  };
});

it('names what it reads as GitHub does, however the repository is called', async () => {
  const { github, shop, issue, events, refs, delivered } = await open();
  github.activity.issues.comment(shop, issue, 'ada', '@swe-agent go');
  const called = refs.issue.repository.toLowerCase().replace('/shop', '/SHOP');
  const [event] = await events.issueEvents({ ...refs.issue, repository: called }, 0);
  expect(delivered()).toContain(event?.kind === 'said' ? event.messageKey : '');
});

it('tells of edits of more comments than GitHub names editors of at once, and of words of lines', async () => {
  const { github, clock, shop, issue, pull, events, refs } = await open();
  const { issues, reviews } = github.activity;
  const comments = Array.from({ length: 101 }, () => issues.comment(shop, issue, 'ada', 'go'));
  reviews.submit(shop, pull, 'ada', {
    event: 'COMMENT',
    comments: [{ path: 'a.txt', line: 1, body: 'Why?' }],
  });
  await clock.advance(1_000);
  for (const comment of comments) issues.editComment(shop, issue, 'ada', comment, '@swe-agent stop');
  const [thread] = pull.pull.threads;
  const [first] = thread?.comments ?? [];
  if (thread === undefined || first === undefined) throw new Error('there is no comment');
  reviews.editComment(shop, pull, 'ada', thread, first, '@swe-agent why?');
  const edits = await events.issueEvents(refs.issue, 0);
  expect(new Set(edits.map(({ kind }) => kind))).toEqual(new Set(['edited']));
  expect(edits).toHaveLength(101);
  expect(await events.pullRequestEvents(refs.pullRequest, 0)).toMatchObject([
    { kind: 'edited', text: expect.stringContaining('why?'), requester: 'github:ada' },
    { kind: 'reviewed' },
  ]);
});

it('tells of which branch checks of a fork are, which GitHub does not', async () => {
  const { github, shop, events, refs } = await open();
  const { world, activity } = github;
  const fork = world.addFork(shop, 'swe-agent');
  const change = { branch: 'swe/2', files: { 'a.txt': 'other' }, from: 'main' };
  const headSha = activity.pushes.commit(fork, 'swe-agent', change);
  const request = { title: 'Fix', head: 'swe-agent:swe/2', base: 'main' };
  const { number } = activity.pulls.open(shop, 'swe-agent', request);
  activity.checks.create(shop, { name: 'test', headSha, conclusion: 'failure' });
  expect(await events.pullRequestEvents({ ...refs.pullRequest, number }, 0)).toMatchObject([
    { kind: 'checks-finished', headSha, headBranch: 'swe/2', state: 'failure' },
  ]);
});

it('does without checks that it may not read', async () => {
  const { github, shop, pull, headSha, events, refs } = await open();
  github.activity.checks.create(shop, { name: 'test', headSha, conclusion: 'failure' });
  github.activity.reviews.submit(shop, pull, 'ada', { event: 'COMMENT', body: 'Hm.' });
  github.before = ({ path }) =>
    path.endsWith('/check-suites') || path.endsWith('/statuses')
      ? new GithubRefusal(403, 'Resource not accessible by integration')
      : undefined;
  expect(await events.pullRequestEvents(refs.pullRequest, 0)).toMatchObject([{ kind: 'reviewed' }]);
});
