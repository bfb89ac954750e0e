import { afterEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@swe/domain';
import {
  checkLogsContract,
  expectFault,
  repoForksContract,
  repoHostContract,
  runContract,
} from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { badGateway, openLoopbackGithub } from '@swe/testing/servers';
import type { GithubRepository, LoopbackGithub } from '@swe/testing/servers';
import { GithubClient } from '../github-client';
import type { GithubIdentity } from '../github-identity';
import { githubServer } from '../github-server';
import { GithubCheckLogs } from './github-check-logs';
import { GithubCodeReview } from './github-code-review';
import { GithubRepoForks } from './github-repo-forks';
import { GithubRepoHost } from './github-repo-host';

const CONCLUSIONS = { success: 'success', failure: 'failure', cancelled: 'cancelled', neutral: 'neutral' };

/** A clock whose pauses are over at once; a request's deadline is a minute, and never comes. */
class QuickClock extends ManualClock {
  readonly pauses: number[] = [];
  onPause: () => void = () => undefined;

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms >= 60_000) return super.sleep(ms, signal);
    this.pauses.push(ms);
    this.onPause();
    await this.advance(ms);
  }
}

interface Opened {
  readonly github: LoopbackGithub;
  readonly clock: QuickClock;
  readonly shop: GithubRepository;
  /** Its canonical URL. */
  readonly repository: string;
  readonly client: GithubClient;
  readonly host: GithubRepoHost;
  close(): Promise<void>;
}

const opened: Opened[] = [];
afterEach(async () => {
  for (const { github, close } of opened.splice(0)) {
    const { unknown } = github;
    await close();
    expect(unknown).toEqual([]);
  }
});

/** GitHub with `acme/shop`, which the agent's user may write or only read. */
async function open({
  role = 'write',
  basePath = '/',
}: { role?: 'write' | 'read'; basePath?: '/' | '/api/v3' } = {}) {
  const clock = new QuickClock();
  const github = await openLoopbackGithub({ clock, basePath });
  const { world, tokens } = github;
  world.addUser('acme', 'Organization');
  for (const login of ['ada', 'swe-agent']) world.addUser(login);
  const shop = world.addRepository('acme/shop', { collaborators: { ada: 'write', 'swe-agent': role } });
  const token = tokens.addClassic('swe-agent');
  const client = clientOn(github, clock, {
    token: async () => token,
    login: async () => 'swe-agent',
    mayPush: async () => undefined,
  });
  const it: Opened = {
    github,
    clock,
    shop,
    repository: `${github.serverUrl}/acme/shop`,
    client,
    host: new GithubRepoHost(client),
    close: () => github.close(),
  };
  opened.push(it);
  return it;
}

function clientOn(github: LoopbackGithub, clock: Clock, identity: GithubIdentity): GithubClient {
  return new GithubClient({ server: githubServer(github.serverUrl, github.apiUrl), identity, clock, fetch });
}

let commits = 0;
const files = () => ({ [`file-${(commits += 1)}.txt`]: 'text\n' });

function repoHostSubject({ github, shop, repository, host }: Opened) {
  const { issues, pushes, checks } = github.activity;
  return {
    host,
    repository,
    seedIssue: async (draft: { readonly title: string; readonly body: string }) => ({
      repository,
      number: issues.create(shop, 'ada', draft).number,
    }),
    pushCommit: async (branch: string) =>
      pushes.commit(shop, 'ada', { branch, files: files(), from: 'main' }),
    setCheck: async (
      headSha: string,
      { name, state, summary }: { name: string; state: string; summary: string },
    ) =>
      void checks.create(shop, {
        app: 'github-actions',
        name,
        headSha,
        conclusion: CONCLUSIONS[state as keyof typeof CONCLUSIONS],
        output: { summary },
      }),
    closePullRequest: async (number: number) => {
      const issue = shop.issues.get(number);
      if (issue !== undefined) issues.change(shop, issue, 'ada', { state: 'closed' });
    },
  };
}

runContract('GithubRepoHost', repoHostContract, async () => ({ subject: repoHostSubject(await open()) }));
runContract('GithubRepoForks', repoForksContract, async () => {
  const { github, shop, repository, client, host } = await open({ role: 'read' });
  const safe = github.world.addRepository('acme/safe', { collaborators: { 'swe-agent': 'read' } });
  safe.allowsForking = false;
  return {
    subject: {
      forks: new GithubRepoForks({ client, host }),
      host,
      repository,
      closedRepository: `${github.serverUrl}/acme/safe`,
      pushUpstream: async () =>
        github.activity.pushes.commit(shop, 'ada', { branch: 'main', files: files() }),
    },
  };
});

runContract('GithubCheckLogs', checkLogsContract, async () => {
  const { github, shop, repository, client, host } = await open();
  const { pushes, checks } = github.activity;
  const headSha = pushes.commit(shop, 'ada', { branch: 'main', files: files() });
  let count = 0;
  return {
    subject: {
      logs: new GithubCheckLogs(client),
      repository,
      print: async (log: string) => {
        const name = `check ${(count += 1)}`;
        checks.create(shop, { name, headSha, conclusion: 'failure', log });
        const all = await host.checks(repository, headSha);
        return all.find((check) => check.name === name)?.logRef ?? '';
      },
      annotate: async (annotations) => {
        const name = `check ${(count += 1)}`;
        const of = annotations.map(({ line, ...rest }) => ({ ...rest, startLine: line, endLine: line }));
        checks.create(shop, { name, headSha, conclusion: 'failure', annotations: of });
        const all = await host.checks(repository, headSha);
        return all.find((check) => check.name === name)?.annotationsRef ?? '';
      },
      goneLog: 'job/1',
    },
  };
});

describe('what GitHub does beside', () => {
  it('an Enterprise Server has its APIs at the address of its pages', async () => {
    const { github, shop, repository, client, host } = await open({ basePath: '/api/v3' });
    const { issues, pushes, pulls } = github.activity;
    const { number } = issues.create(shop, 'ada', { title: 'Broken' });
    await host.comment({ repository, number }, 'Done.', 'key');
    expect((await host.issue({ repository, number })).comments).toMatchObject([{ body: 'Done.' }]);
    pushes.commit(shop, 'ada', { branch: 'topic', files: files(), from: 'main' });
    const pull = pulls.open(shop, 'ada', { title: 'A topic', head: 'topic', base: 'main' });
    expect(await new GithubCodeReview(client).threads({ repository, number: pull.number })).toEqual([]);
  });

  it('a renamed repository is the same one, also for writing', async () => {
    const { github, shop, repository, host } = await open();
    const { number } = github.activity.issues.create(shop, 'ada', { title: 'Broken' });
    github.activity.pushes.commit(shop, 'ada', { branch: 'swe/1', files: files(), from: 'main' });
    github.world.rename(shop, 'acme/store');
    const draft = { repository, headBranch: 'swe/1', baseBranch: 'main', title: 'Title', body: 'Body' };
    const opened = await host.openPullRequest(draft);
    expect(opened).toMatchObject(draft);
    expect(await host.findPullRequest(repository, 'swe/1')).toEqual(opened);
    const url = `${github.serverUrl}/acme/store`;
    expect(await host.repository(repository)).toMatchObject({ url, name: 'store' });
    await host.comment({ repository, number }, 'Done.', 'key');
    expect(shop.issues.get(number)?.comments.map(({ body }) => body)).toEqual(['Done.\n\n<!-- swe:key -->']);
    expect(await host.findComment({ repository, number }, 'key')).toMatchObject({ body: 'Done.' });
  });

  it("somebody else's marker is not the agent's", async () => {
    const { github, shop, repository, host } = await open();
    const { issues } = github.activity;
    const issue = issues.create(shop, 'ada', { title: 'Broken' });
    issues.comment(shop, issue, 'ada', 'Done.\n\n<!-- swe:key -->');
    expect(await host.findComment({ repository, number: issue.number }, 'key')).toBeUndefined();
  });

  it('an archived repository says so, and one that may be read only as well', async () => {
    const { shop, repository, host } = await open({ role: 'read' });
    expect((await host.repository(repository)).access).toBe('read');
    shop.isArchived = true;
    expect((await host.repository(repository)).access).toBe('archived');
  });

  it('an empty repository has no branch', async () => {
    const { github, host } = await open();
    github.world.addRepository('acme/empty', { files: {}, collaborators: { 'swe-agent': 'write' } });
    expect(await host.branchHead(`${github.serverUrl}/acme/empty`, 'main')).toBeUndefined();
  });

  it('a pull request without commits or a base is invalid, and says why', async () => {
    const { github, shop, repository, host } = await open();
    github.activity.pushes.setRef(shop, 'ada', 'refs/heads/same', shop.git.branch('main') ?? '');
    const draft = { repository, headBranch: 'same', baseBranch: 'main', title: 'Title', body: '' };
    const fault = await expectFault(host.openPullRequest(draft), 'invalid');
    expect(fault.message).toContain('No commits between main and');
    await expectFault(host.openPullRequest({ ...draft, baseBranch: 'gone' }), 'invalid');
  });

  it('checks are of any app, the last run of each, with commit statuses', async () => {
    const { github, shop, repository, host } = await open();
    const { pushes, checks } = github.activity;
    const sha = pushes.commit(shop, 'ada', { branch: 'topic', files: files(), from: 'main' });
    github.world.addApp('ci');
    checks.create(shop, { name: 'test', headSha: sha, conclusion: 'failure' });
    checks.create(shop, { name: 'test', headSha: sha, conclusion: 'success' });
    checks.create(shop, { app: 'ci', name: 'test', headSha: sha, status: 'in_progress' });
    checks.setStatus(shop, 'ada', { sha, state: 'pending', context: 'jenkins' });
    checks.setStatus(shop, 'ada', { sha, state: 'error', context: 'jenkins', description: 'no agent' });
    const all = await host.checks(repository, sha);
    expect(all.map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual([
      'jenkins failure',
      'test pending',
      'test success',
    ]);
  });

  it('a check of an app that keeps no log says what it says of itself', async () => {
    const { github, shop, repository, client, host } = await open();
    const { pushes, checks } = github.activity;
    const headSha = pushes.commit(shop, 'ada', { branch: 'topic', files: files(), from: 'main' });
    github.world.addApp('ci');
    checks.create(shop, {
      app: 'ci',
      name: 'lint',
      headSha,
      conclusion: 'failure',
      output: { text: 'line 3: no' },
    });
    checks.create(shop, { app: 'ci', name: 'mute', headSha, conclusion: 'failure' });
    const refs = new Map(
      (await host.checks(repository, headSha)).map(({ name, logRef }) => [name, logRef ?? '']),
    );
    const logs = new GithubCheckLogs(client);
    expect(await logs.log(repository, refs.get('lint') ?? '', 100)).toBe('line 3: no');
    await expectFault(logs.log(repository, refs.get('mute') ?? '', 100), 'missing');
  });

  it('reading costs nothing where nothing has changed', async () => {
    const { github, repository, host } = await open();
    await host.repository(repository);
    const before = github.calls.length;
    await host.repository(repository);
    expect(github.calls.slice(before).map(({ status }) => status)).toEqual([304]);
  });

  it('a read is asked again when GitHub stumbles, a comment is not written twice', async () => {
    const { github, shop, clock, repository, host } = await open();
    const { number } = github.activity.issues.create(shop, 'ada', { title: 'Broken' });
    let stumbles = 1;
    github.before = () => (stumbles-- > 0 ? badGateway() : undefined);
    expect((await host.repository(repository)).url).toBe(repository);
    expect(clock.pauses).toEqual([1_000]);
    github.losesAnswerTo = ({ method }) => method === 'POST';
    await expectFault(host.comment({ repository, number }, 'Done.', 'key'), 'transient');
    expect(await host.findComment({ repository, number }, 'key')).toMatchObject({ body: 'Done.' });
  });
});

describe('forks', () => {
  it('are waited for, and found under another name', async () => {
    const { github, clock, repository, client, host } = await open({ role: 'read' });
    const { world } = github;
    world.forking = 'later';
    const forks = new GithubRepoForks({ client, host });
    clock.onPause = () => world.finishForks();
    const first = await forks.fork(repository, new AbortController().signal);
    expect(clock.pauses).toHaveLength(1);
    expect(first.url).toBe(`${github.serverUrl}/swe-agent/shop`);
    world.rename(world.repository('swe-agent/shop'), 'swe-agent/shop-1');
    const again = await forks.fork(repository, new AbortController().signal);
    expect(again.url).toBe(`${github.serverUrl}/swe-agent/shop-1`);
  });

  it('that never come are given up', async () => {
    const { github, clock, repository, client, host } = await open({ role: 'read' });
    github.world.forking = 'later';
    const forks = new GithubRepoForks({ client, host });
    await expectFault(forks.fork(repository, new AbortController().signal), 'transient');
    expect(clock.pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(300_000);
    const abort = new AbortController();
    clock.onPause = () => abort.abort();
    await expectFault(forks.fork(repository, abort.signal), 'cancelled');
  });

  it('give a pull request to their upstream', async () => {
    const { github, repository, client, host } = await open({ role: 'read' });
    const fork = await new GithubRepoForks({ client, host }).fork(repository, new AbortController().signal);
    const theirs = github.world.repository('swe-agent/shop');
    github.activity.pushes.commit(theirs, 'swe-agent', { branch: 'swe/1', files: files(), from: 'main' });
    const draft = { repository, headBranch: 'swe/1', baseBranch: 'main', title: 'Title', body: 'Body' };
    const opened = await host.openPullRequest({ ...draft, headRepository: fork.url });
    expect(opened).toMatchObject({ ...draft, headRepository: fork.url });
    expect(await host.findPullRequest(repository, 'swe/1', fork.url)).toEqual(opened);
    expect(await host.findPullRequest(repository, 'swe/1')).toBeUndefined();
    await expectFault(host.openPullRequest({ ...draft, headRepository: fork.url }), 'conflict');
  });
});
