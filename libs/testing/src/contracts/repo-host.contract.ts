import { expect } from '@jest/globals';
import type { Check, IssueRef, PullRequestDraft, RepoHost } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

/** A repository host with one repository that has a commit on its default branch, and what people do to it. */
export interface RepoHostSubject {
  readonly host: RepoHost;
  /** The repository's canonical URL. */
  readonly repository: string;
  seedIssue(draft: { readonly title: string; readonly body: string }): Promise<IssueRef>;
  /** Puts a new commit on top of `branch`, which is made from the default branch, and returns its id. */
  pushCommit(branch: string): Promise<string>;
  setCheck(sha: string, check: Check): Promise<void>;
  closePullRequest(number: number): Promise<void>;
}

/** More than one page of any host's. */
const MANY = 101;

export const repoHostContract = {
  async 'an unknown repository, issue or pull request is `missing`'({ host, repository }) {
    const change = { title: 'title', body: 'body' };
    const unknown = `${repository}-unknown`;
    await expectFault(host.repository(unknown), 'missing');
    await expectFault(host.branchHead(unknown, 'main'), 'missing');
    await expectFault(host.pullRequest(repository, 99_999), 'missing');
    await expectFault(host.issue({ repository, number: 99_999 }), 'missing');
    await expectFault(host.comment({ repository, number: 99_999 }, 'body', 'key'), 'missing');
    await expectFault(host.updatePullRequest(repository, 99_999, change), 'missing');
    expect(await host.repository(repository)).toMatchObject({ url: repository, access: 'write' });
  },

  async 'an issue comes with all its comments, oldest first; so does a pull request that is read as one'(
    subject,
  ) {
    const { host, repository, seedIssue } = subject;
    const ref = await seedIssue({ title: 'Totals are wrong', body: 'Off by `0.01`.' });
    const bodies = Array.from({ length: MANY }, (_, i) => `comment ${i}`);
    for (const body of bodies) await host.comment(ref, body, `key of ${body}`);
    const issue = await host.issue(ref);
    expect(issue).toMatchObject({ ...ref, title: 'Totals are wrong', body: 'Off by `0.01`.', state: 'open' });
    // What the host adds to a comment, such as its hidden marker, stays out of the way.
    expect(issue.comments).toHaveLength(MANY);
    for (const [i, body] of bodies.entries()) expect(issue.comments[i]?.body).toContain(body);
    const times = issue.comments.map(({ createdAtMs }) => createdAtMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));

    const { number, title, body } = await host.openPullRequest(await pushedDraft(subject, 'swe/one'));
    await host.comment({ repository, number }, 'Looks good.', 'key of the review');
    const read = await host.issue({ repository, number });
    expect(read).toMatchObject({ repository, number, title, body, state: 'open' });
    expect(read.comments).toHaveLength(1);
  },

  async 'a comment is found again by the effect key it was written with'({ host, seedIssue }) {
    const ref = await seedIssue({ title: 'First', body: '' });
    const other = await seedIssue({ title: 'Second', body: '' });
    expect(await host.findComment(ref, 'key')).toBeUndefined();
    await host.comment(other, 'elsewhere', 'key');
    await host.comment(ref, 'something else', 'other key');
    const written = await host.comment(ref, 'Done.', 'key');
    expect(await host.findComment(ref, 'key')).toEqual(written);
    expect(await host.findComment(ref, 'ke')).toBeUndefined();
  },

  async 'a pull request is found by its head branch while it is open, and by its number always'(subject) {
    const { host, repository } = subject;
    const draft = await pushedDraft(subject, 'swe/one');
    expect(await host.findPullRequest(repository, 'swe/one')).toBeUndefined();
    const opened = await host.openPullRequest(draft);
    expect(opened).toMatchObject({ ...draft, state: 'open' });
    expect(await host.findPullRequest(repository, 'swe/one')).toEqual(opened);
    expect(await host.findPullRequest(repository, 'swe/on')).toBeUndefined();
    expect(await host.findPullRequest(repository, 'swe/one', repository)).toEqual(opened);
    expect(await host.pullRequest(repository, opened.number)).toEqual(opened);
    await subject.closePullRequest(opened.number);
    expect(await host.findPullRequest(repository, 'swe/one')).toBeUndefined();
    expect(await host.pullRequest(repository, opened.number)).toEqual({ ...opened, state: 'closed' });
  },

  async 'a second open pull request for a head branch is a `conflict`'(subject) {
    const { host } = subject;
    const draft = await pushedDraft(subject, 'swe/one');
    const first = await host.openPullRequest(draft);
    await expectFault(host.openPullRequest({ ...draft, title: 'Again' }), 'conflict');
    await subject.closePullRequest(first.number);
    const second = await host.openPullRequest(draft);
    expect(second.number).not.toBe(first.number);
  },

  async 'a pull request whose head branch does not exist is `invalid`'(subject) {
    const { host, repository } = subject;
    const draft = await pushedDraft(subject, 'swe/one');
    await expectFault(host.openPullRequest({ ...draft, headBranch: 'swe/never-pushed' }), 'invalid');
    expect(await host.findPullRequest(repository, 'swe/never-pushed')).toBeUndefined();
  },

  async 'an updated pull request keeps its number, head and base'(subject) {
    const { host, repository } = subject;
    const opened = await host.openPullRequest(await pushedDraft(subject, 'swe/one'));
    const change = { title: 'A better title', body: 'Verified.' };
    const updated = await host.updatePullRequest(repository, opened.number, change);
    expect(updated).toEqual({ ...opened, ...change });
    expect(await host.findPullRequest(repository, 'swe/one')).toEqual(updated);
  },

  async 'a draft is one until it is made ready, and can become one again; not to say which changes nothing of that'(
    subject,
  ) {
    const { host, repository } = subject;
    const draft = { ...(await pushedDraft(subject, 'swe/one')), isDraft: true } as const;
    const { number, ...opened } = await host.openPullRequest(draft);
    expect(opened.isDraft).toBe(true);
    const change = { title: opened.title, body: opened.body };
    const isDraftAfter = async (isDraft?: boolean): Promise<boolean> => {
      const wanted = { ...change, ...(isDraft !== undefined && { isDraft }) };
      const updated = await host.updatePullRequest(repository, number, wanted);
      expect(await host.pullRequest(repository, number)).toEqual(updated);
      expect(await host.findPullRequest(repository, 'swe/one')).toEqual(updated);
      return updated.isDraft ?? false;
    };
    const wanted = [undefined, true, false, undefined, false, true];
    const found: boolean[] = [];
    for (const isDraft of wanted) found.push(await isDraftAfter(isDraft));
    expect(found).toEqual([true, true, false, false, false, true]);
    const ready = await host.openPullRequest(await pushedDraft(subject, 'swe/two'));
    expect(ready).not.toHaveProperty('isDraft');
  },

  async "a branch's head is the commit that was pushed last, undefined before"(subject) {
    const { host, repository, pushCommit } = subject;
    expect(await host.branchHead(repository, 'swe/one')).toBeUndefined();
    const opened = await host.openPullRequest(await pushedDraft(subject, 'swe/one'));
    expect(await host.branchHead(repository, 'swe/one')).toBe(opened.headSha);
    const last = await pushCommit('swe/one');
    expect(last).not.toBe(opened.headSha);
    expect(await host.branchHead(repository, 'swe/one')).toBe(last);
    expect(await host.findPullRequest(repository, 'swe/one')).toMatchObject({ headSha: last });
  },

  async "a commit is on a branch when the branch's head is it or has it among its ancestors"(subject) {
    const { host, repository, pushCommit } = subject;
    const first = await pushCommit('swe/one');
    const second = await pushCommit('swe/one');
    const other = await pushCommit('swe/two');
    const onOne = (sha: string): Promise<boolean> => host.isOnBranch(repository, 'swe/one', sha);
    expect([await onOne(first), await onOne(second), await onOne(other)]).toEqual([true, true, false]);
    expect(await onOne('f'.repeat(40))).toBe(false);
    const { defaultBranch } = await host.repository(repository);
    expect(await host.isOnBranch(repository, defaultBranch, first)).toBe(false);
    expect(await onOne((await host.branchHead(repository, defaultBranch)) ?? '')).toBe(true);
    expect(await host.isOnBranch(repository, 'swe/never-pushed', first)).toBe(false);
  },

  async 'checks are those of that very commit, all of them'({ host, repository, pushCommit, setCheck }) {
    const first = await pushCommit('swe/one');
    expect(await host.checks(repository, first)).toEqual([]);
    const checks = Array.from({ length: MANY }, (_, i): Check => ({
      name: `check ${String(i).padStart(3, '0')}`,
      state: i === 1 ? 'cancelled' : 'success',
      summary: `ran ${i}`,
    }));
    for (const check of checks) await setCheck(first, check);
    const second = await pushCommit('swe/one');
    await setCheck(second, { name: 'check 000', state: 'failure', summary: '1 failed' });
    const byName = (await host.checks(repository, first)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    // A host may have a page or a log beside.
    expect(byName).toMatchObject(checks);
    expect(await host.checks(repository, second)).toHaveLength(1);
  },
} satisfies Contract<RepoHostSubject>;

async function pushedDraft(
  { host, repository, pushCommit }: RepoHostSubject,
  headBranch: string,
): Promise<PullRequestDraft> {
  await pushCommit(headBranch);
  const { defaultBranch: baseBranch } = await host.repository(repository);
  return { repository, headBranch, baseBranch, title: 'Fix the totals', body: 'Closes #1' };
}
