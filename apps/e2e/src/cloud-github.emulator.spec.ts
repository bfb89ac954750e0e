import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { lastResults, wordsOfUser } from '@swe/testing/servers';
import type { GithubComment, LoopbackTurn } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { openCloud } from './cloud/cloud';
import type { Cloud } from './cloud/cloud';
import {
  clone,
  commit,
  firstPullRequest,
  fixFare,
  openGithub,
  openPullRequest,
  pullRequests,
  SWE,
} from './cloud/github';
import type { GithubOfCloud } from './cloud/github';
import { bash, call, found, played } from './scripted-model';
import type { Conversation, ModelScript } from './scripted-model';

jest.setTimeout(180_000);

const WHY = 'docs: the README does not say what a kilometre costs';
const FAILING_LOG = [
  ...Array.from({ length: 400 }, (_, i) => `Downloading package ${i}.`),
  WHY,
  '##[error]Process completed with exit code 1.',
].join('\n');

let folder: string;
let github: GithubOfCloud;
let cloud: Cloud | undefined;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-cloud-')));
  github = await openGithub();
});
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  await github.server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(script: ModelScript): Promise<Cloud> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  cloud = await openCloud({ folder, path, model: played(script), github });
  return cloud;
}

/** Repairs the library, says so, and gives what comes then. */
async function* fixing(repository: string): AsyncGenerator<LoopbackTurn, Conversation, Conversation> {
  yield { calls: [clone(repository)] };
  yield { calls: [fixFare()] };
  yield { calls: [commit('Charge four for a kilometre')] };
  yield { calls: [openPullRequest()] };
  return yield { say: 'The fare is right.' };
}

const posted = (of: Cloud, words: string) =>
  of.until(`"${words}"`, async () => of.said().find(({ text }) => text.includes(words)));

/** Who pushed, in order. */
const pushers = () =>
  github.server.hooks.deliveries.flatMap(({ event, payload }) =>
    event === 'push' ? [(payload as { pusher: { name: string } }).pusher.name] : [],
  );

const reactionsOf = ({ reactions }: GithubComment) => reactions.map(({ user, content }) => [user, content]);

describe('an issue of GitHub with the built apps on loopback AWS', () => {
  it('becomes a pull request, whose failed check and review are dealt with until it is merged', async () => {
    const { library } = github;
    const { activity, serverUrl } = github.server;
    const title = 'The fare is wrong';
    const issue = activity.issues.create(library, 'ada', { title, body: 'Four, not three!' });
    const heard: Record<'task' | 'checks' | 'log' | 'review', string> = {
      ...{ task: '', checks: '', log: '', review: '' },
    };
    const of = await open(async function* (given) {
      heard.task = wordsOfUser(given).join('\n');
      heard.checks = wordsOfUser(yield* fixing(`${serverUrl}/acme/fares`)).join('\n');

      heard.log = lastResults(yield { calls: [call('wait_for_checks')] }).join('\n');
      yield { calls: [bash('echo "A kilometre costs four." >> fares/README.md')] };
      yield { calls: [commit('Say what a kilometre costs')] };
      yield { calls: [openPullRequest()] };
      yield { say: 'The README says it.' };

      heard.review = lastResults(yield { calls: [call('read_review')] }).join('\n');
      const thread = found(/--- thread (\S+) at/, heard.review);
      yield { calls: [bash("sed -i 's/km \\* 4/4 * km/' fares/src/fare.js")] };
      yield { calls: [commit('Put the number first')] };
      yield { calls: [openPullRequest()] };
      const reply = call('reply_to_review', { thread, body: 'The number is first now.' });
      yield { calls: [reply, call('resolve_thread', { thread })] };
      // Its words may have come after the review that they are part of.
      for (;;) yield { say: 'The review is done.' };
    });
    const sessionId = await of.say(`${serverUrl}/acme/fares/issues/${issue.number}`);

    const answer = await posted(of, 'The fare is right.');
    const request = await firstPullRequest(of, library);
    const url = `${serverUrl}/acme/fares/pull/${request.number}`;
    const headBranch = `swe/${sessionId}-issue-${issue.number}`;
    expect(answer.text).toContain(url);
    expect(heard.task).toContain('Four, not three!');
    expect(request).toMatchObject({ user: SWE, title: 'Charge four', pull: { headBranch } });
    expect(request.body).toContain(`Closes #${issue.number}`);
    expect(request.body).toMatch(/## Verification[^]*npm test[^]*exit code 0, on what is pushed/);
    expect(pushers()).toEqual([SWE]);

    await of.instances.interrupt();
    const headSha = request.pull.headSha;
    activity.checks.create(library, { name: 'docs', headSha, conclusion: 'failure', log: FAILING_LOG });
    await posted(of, 'The README says it.');
    expect(heard.checks).toContain(`Checks of your pull request ${url} failed`);
    expect(heard.log).toContain(WHY);
    expect(heard.log).not.toContain('package 1.');
    expect(request.pull.headSha).not.toBe(headSha);
    expect(of.ec2.world.instances.map(({ state }) => state)).toEqual(['terminated', 'running']);

    const comments = [{ path: 'src/fare.js', line: 2, body: 'The number first, please.' }];
    activity.reviews.submit(library, request, 'ada', { event: 'REQUEST_CHANGES', comments });
    await posted(of, 'The review is done.');
    expect(heard.review).toContain('The number first, please.');
    const [thread] = request.pull.threads;
    expect(thread?.comments.map(({ user }) => user)).toEqual(['ada', SWE]);
    expect(thread?.comments[1]?.body).toContain('The number is first now.');
    expect(thread?.resolvedBy).toBe(SWE);
    expect(pushers()).toEqual([SWE, SWE, SWE]);
    expect(pullRequests(library)).toHaveLength(1);

    activity.pulls.merge(library, request, 'ada');
    await of.until('the end', async () => (await of.session(sessionId)).status === 'ended' || undefined);
    await of.until(
      'the end of its machine',
      async () => of.ec2.world.instances.every(({ state }) => state === 'terminated') || undefined,
    );
    expect(issue.state).toBe('closed');
    expect(github.server.unknown).toEqual([]);
  });

  it('ends with the merge also when GitHub’s word of it was lost', async () => {
    const { library } = github;
    const { activity, hooks, serverUrl } = github.server;
    const issue = activity.issues.create(library, 'ada', { title: 'The fare is wrong' });
    const of = await open(async function* () {
      yield* fixing(`${serverUrl}/acme/fares`);
    });
    const sessionId = await of.say(`${serverUrl}/acme/fares/issues/${issue.number}`);
    await posted(of, 'The fare is right.');
    await of.outcomes(sessionId);
    hooks.loses = () => true;
    activity.pulls.merge(library, await firstPullRequest(of, library), 'ada');

    await of.makePollDue(sessionId);
    await of.until('the end', async () => (await of.session(sessionId)).status === 'ended' || undefined);
    expect(github.server.unknown).toEqual([]);
  });

  it('is fixed from a fork where the agent may only read', async () => {
    const { world, activity, serverUrl } = github.server;
    const upstream = world.addRepository('bob/fares', { files: BROKEN_LIBRARY });
    const issue = activity.issues.create(upstream, 'bob', { title: 'The fare is wrong' });
    const of = await open(async function* () {
      yield* fixing(`${serverUrl}/bob/fares`);
    });
    const sessionId = await of.say(`${serverUrl}/bob/fares/issues/${issue.number}`);

    await posted(of, 'The fare is right.');
    const request = await firstPullRequest(of, upstream);
    const fork = world.repository(`${SWE}/fares`);
    const branch = `swe/${sessionId}-issue-${issue.number}`;
    expect(request).toMatchObject({ user: SWE, pull: { headRepository: fork.id, headBranch: branch } });
    expect(request.body).toContain(`Closes #${issue.number}`);
    expect(fork.git.branch(branch)).toBe(request.pull.headSha);
    expect(upstream.git.branch(branch)).toBeUndefined();
    expect(pushers()).toEqual([SWE]);
    expect(github.server.unknown).toEqual([]);
  });

  it('is worked on by a mention of whoever may write, and answered there', async () => {
    const { library } = github;
    const { activity, serverUrl } = github.server;
    const issue = activity.issues.create(library, 'bob', { title: 'The fare is wrong', body: 'Four!' });
    let task = '';
    const of = await open(async function* (given) {
      task = wordsOfUser(given).join('\n');
      await of.until('the mark', async () => reactionsOf(comment).join() === `${SWE},eyes` || undefined);
      yield* fixing(`${serverUrl}/acme/fares`);
    });
    const comment = activity.issues.comment(library, issue, 'ada', `@${SWE} fix this`);

    const answer = await of.until('the answer', async () =>
      issue.comments.find(({ user, body }) => user === SWE && body.includes('The fare is right.')),
    );
    const request = await firstPullRequest(of, library);
    expect(task).toContain('fix this');
    expect(task).toContain('Four!');
    expect(answer.body).toContain(`${serverUrl}/acme/fares/pull/${request.number}`);
    const { id } = github.server.world.user('ada');
    expect(library.git.commitOf(request.pull.headSha).message).toContain(
      `\n\nCo-authored-by: ada <${id}+ada@users.noreply.`,
    );
    expect(request.body).toContain(`Closes #${issue.number}`);
    await of.until('the last mark', async () => reactionsOf(comment).join() === `${SWE},hooray` || undefined);
    expect(github.server.unknown).toEqual([]);
  });

  it('is not worked on by a mention of whoever may only read', async () => {
    const { library } = github;
    const { activity, serverUrl } = github.server;
    const issue = activity.issues.create(library, 'bob', { title: 'The fare is wrong' });
    let isAsked = false;
    const of = await open(async function* () {
      isAsked = true;
      yield { say: 'I obey.' };
    });
    const comment = activity.issues.comment(library, issue, 'eve', `@${SWE} fix this`);
    const origin = `github:${new URL(serverUrl).host}/acme/fares/${issue.number}`;
    const { id } = await of.sessionOf(origin);

    expect((await of.outcomes(id)).map(({ outcome }) => outcome?.kind)).toEqual(['refused']);
    expect(of.ec2.world.instances).toEqual([]);
    await of.until('the mark', async () => reactionsOf(comment).join() === `${SWE},-1` || undefined);
    expect(isAsked).toBe(false);
    expect(issue.comments).toEqual([comment]);
  });
});
