import { afterEach, expect, it } from '@jest/globals';
import { codeReviewContract, expectFault, runContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { GithubPullRequest, GithubThread, LoopbackGithub } from '@swe/testing/servers';
import { GithubClient } from '../github-client';
import { githubServer } from '../github-server';
import { GithubCodeReview } from './github-code-review';

const EVENTS = {
  approved: 'APPROVE',
  'changes-requested': 'REQUEST_CHANGES',
  commented: 'COMMENT',
} as const;
const PATH = 'src/total.ts';

const opened: LoopbackGithub[] = [];
afterEach(async () => {
  for (const github of opened.splice(0)) {
    const { unknown } = github;
    await github.close();
    expect(unknown).toEqual([]);
  }
});

/** GitHub with two pull requests of the agent's in `acme/shop`. */
async function open() {
  const clock = new ManualClock();
  const github = await openLoopbackGithub({ clock });
  opened.push(github);
  const { world, tokens, activity } = github;
  world.addUser('acme', 'Organization');
  for (const login of ['ada', 'bob', 'swe-agent']) world.addUser(login);
  const shop = world.addRepository('acme/shop', {
    collaborators: { ada: 'write', bob: 'write', 'swe-agent': 'write' },
  });
  const [pull, other] = ['one', 'two'].map((branch): GithubPullRequest => {
    const files = { [PATH]: '1\n2\n3\n', [branch]: 'text\n' };
    activity.pushes.commit(shop, 'swe-agent', { branch, files, from: 'main' });
    return activity.pulls.open(shop, 'swe-agent', { title: branch, head: branch, base: 'main' });
  });
  if (pull === undefined || other === undefined) throw new Error('two were opened');
  const token = tokens.addClassic('swe-agent');
  const client = new GithubClient({
    server: githubServer(github.serverUrl, github.apiUrl),
    identity: {
      token: async () => token,
      login: async () => 'swe-agent',
      mayPush: async () => undefined,
    },
    clock,
    fetch,
  });
  const ref = { repository: `${github.serverUrl}/acme/shop`, number: pull.number };
  return { github, shop, pull, ref, other, codeReview: new GithubCodeReview(client) };
}

runContract('GithubCodeReview', codeReviewContract, async () => {
  const { github, shop, pull, other, ref, codeReview } = await open();
  const { reviews } = github.activity;
  const threadOf = (body: string): GithubThread => {
    const found = pull.pull.threads.find(({ comments }) => comments[0]?.body === body);
    if (found === undefined) throw new Error(`nobody said ${body}`);
    return found;
  };
  return {
    subject: {
      codeReview,
      ref,
      otherRef: { ...ref, number: other.number },
      submitReview: async ({ author, state, body }) => {
        if (state === 'dismissed') throw new Error('only a submitted review is dismissed');
        reviews.submit(shop, pull, author, { event: EVENTS[state], body });
      },
      // GitHub shows it to its author alone.
      beginReview: async () => undefined,
      openThread: async ({ author, path, line, body }) => {
        reviews.submit(shop, pull, author, { event: 'COMMENT', comments: [{ path, line, body }] });
      },
      answerThread: async (to, { author, body }) => {
        reviews.reply(shop, pull, author, threadOf(to), body);
      },
    },
  };
});

it("somebody else's marker in a thread is not the agent's", async () => {
  const { github, shop, pull, ref, codeReview } = await open();
  const { reviews } = github.activity;
  const comments = [{ path: PATH, line: 1, body: 'Why?' }];
  reviews.submit(shop, pull, 'ada', { event: 'COMMENT', comments });
  const [thread] = pull.pull.threads;
  if (thread !== undefined) reviews.reply(shop, pull, 'ada', thread, 'Because.\n\n<!-- swe:key -->');
  const [read] = await codeReview.threads(ref);
  expect(read?.comments.map(({ body }) => body)).toEqual(['Why?', 'Because.']);
  expect(await codeReview.findReply(ref, read?.id ?? '', 'key')).toBeUndefined();
});

it('a dismissed review says so', async () => {
  const { github, shop, pull, ref, codeReview } = await open();
  const { reviews } = github.activity;
  const review = reviews.submit(shop, pull, 'ada', { event: 'REQUEST_CHANGES', body: 'No.' });
  reviews.dismiss(shop, pull, 'bob', review);
  expect(await codeReview.reviews(ref)).toMatchObject([
    { author: 'ada', state: 'dismissed', headSha: pull.pull.headSha },
  ]);
});

it('a reply that is too long is invalid', async () => {
  const { ref, codeReview } = await open();
  await expectFault(codeReview.reply(ref, 'any', 'x'.repeat(65_536), 'key'), 'invalid');
});
