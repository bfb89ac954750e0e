import { expect } from '@jest/globals';
import { identityOf } from '@swe/domain';
import type { Check, HostEvent, HostEvents, IssueRef, PullRequestRef } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

/** Somebody who writes to the repository, or the agent itself. */
export type HostActor = 'ada' | 'agent';

export interface HostWords {
  readonly text: string;
  readonly mentions: boolean;
}

/** An issue, an open pull request, and what is done to them. Whatever is done is delivered as well. */
export interface HostEventsSubject {
  readonly events: HostEvents;
  readonly issue: IssueRef;
  readonly pullRequest: PullRequestRef;
  /** Identities of what was delivered, as far as it is anybody's concern. */
  delivered(): Promise<readonly string[]>;
  nowMs(): number;
  pass(ms: number): Promise<void>;
  say(ref: IssueRef, by: HostActor, words: HostWords): Promise<void>;
  /** Somebody edits what Ada said last. */
  edit(by: HostActor, words: HostWords): Promise<void>;
  /** Says something of a line of the pull request. */
  sayOfLine(by: HostActor, words: HostWords): Promise<void>;
  review(by: HostActor, body: string): Promise<void>;
  finishChecks(state: Check['state'] & ('success' | 'failure')): Promise<void>;
  /** A program that runs no checks of the host's own says how the head's are. */
  setStatus(state: Check['state'] & ('pending' | 'success' | 'failure')): Promise<void>;
  merge(by: HostActor): Promise<void>;
}

const HOUR_MS = 3_600_000;
const mention = (text: string) => ({ text, mentions: true });
const wordsOf = (events: readonly HostEvent[]) =>
  events.map((event) => ('text' in event ? event.text : event.kind));

export const hostEventsContract = {
  async 'what is read has the identity that its delivery has, however often it is read'(subject) {
    const { events, issue, pullRequest, delivered, pass, say, edit, sayOfLine, review } = subject;
    const { finishChecks, setStatus, merge } = subject;
    await say(issue, 'ada', mention('Fix it.'));
    await say(pullRequest, 'ada', mention('Test it.'));
    await pass(HOUR_MS);
    await edit('ada', mention('Test it well.'));
    await sayOfLine('ada', mention('Why?'));
    await review('ada', 'Rename it.');
    await finishChecks('failure');
    await setStatus('success');
    await merge('ada');
    const read = async () =>
      [...(await events.issueEvents(issue, 0)), ...(await events.pullRequestEvents(pullRequest, 0))].map(
        identityOf,
      );
    const keys = await read();
    // A host may make a review of what is said of a line.
    expect(keys.length).toBeGreaterThanOrEqual(7);
    expect(await delivered()).toEqual(expect.arrayContaining(keys));
    expect(await read()).toEqual(keys);
  },

  async 'an issue and a pull request tell what was said in them with a mention of the agent, from a time on'({
    events,
    issue,
    pullRequest,
    nowMs,
    pass,
    say,
  }) {
    for (const ref of [issue, pullRequest]) await say(ref, 'ada', mention('before'));
    await pass(HOUR_MS);
    const sinceMs = nowMs();
    for (const ref of [issue, pullRequest]) {
      await say(ref, 'ada', mention(`to ${ref.number}`));
      await say(ref, 'ada', { text: 'among us', mentions: false });
    }
    const ofIssue = await events.issueEvents(issue, sinceMs);
    const ofPull = await events.pullRequestEvents(pullRequest, sinceMs);
    expect([ofIssue, ofPull].map(wordsOf)).toEqual([[`to ${issue.number}`], [`to ${pullRequest.number}`]]);
    for (const [event] of [ofIssue, ofPull]) {
      expect(event).toMatchObject({ isAddressed: true, isBot: false, receivedAtMs: nowMs() });
    }
    expect(wordsOf(await events.issueEvents(issue, 0))).toEqual(['before', `to ${issue.number}`]);
  },

  async 'what its writer edited since is told as an edit, what somebody else edited not at all'({
    events,
    issue,
    nowMs,
    pass,
    say,
    edit,
  }) {
    await say(issue, 'ada', mention('Fix it.'));
    await pass(HOUR_MS);
    const sinceMs = nowMs();
    await edit('ada', mention('Fix it well.'));
    const [edited, ...others] = await events.issueEvents(issue, sinceMs);
    expect(edited).toMatchObject({ kind: 'edited', text: 'Fix it well.', isAddressed: true });
    expect(others).toEqual([]);
    await pass(HOUR_MS);
    await edit('agent', mention('Delete it.'));
    expect(await events.issueEvents(issue, 0)).toEqual([]);
  },

  async 'a pull request tells what was said of its lines, as it tells what was said in it'({
    events,
    pullRequest,
    nowMs,
    pass,
    sayOfLine,
  }) {
    await sayOfLine('ada', mention('before'));
    await pass(HOUR_MS);
    const sinceMs = nowMs();
    await sayOfLine('ada', mention('Why?'));
    await sayOfLine('ada', { text: 'among us', mentions: false });
    await sayOfLine('agent', mention('Because.'));
    const said = (await events.pullRequestEvents(pullRequest, sinceMs)).filter(({ kind }) => kind === 'said');
    expect(said).toMatchObject([{ text: expect.stringMatching(/^Why\?/), isAddressed: true }]);
  },

  async "a pull request tells of reviews from a time on, of its head's checks and statuses that are over, and how it ended"({
    events,
    pullRequest,
    nowMs,
    pass,
    review,
    finishChecks,
    setStatus,
    merge,
  }) {
    await review('ada', 'before');
    await finishChecks('failure');
    await setStatus('pending');
    await pass(HOUR_MS);
    const sinceMs = nowMs();
    const checked = { kind: 'checks-finished', state: 'failure', repository: pullRequest.repository };
    expect(await events.pullRequestEvents(pullRequest, sinceMs)).toMatchObject([checked]);
    await review('ada', 'Rename it.');
    await setStatus('success');
    await merge('ada');
    expect(await events.pullRequestEvents(pullRequest, sinceMs)).toMatchObject([
      { kind: 'reviewed', ...pullRequest, state: 'changes-requested', body: 'Rename it.' },
      checked,
      { ...checked, state: 'success' },
      { kind: 'pull-request-closed', ...pullRequest, isMerged: true },
    ]);
  },

  async 'what the agent did itself is left out'({ events, issue, pullRequest, say, review, merge }) {
    await say(issue, 'agent', mention('Working.'));
    await review('agent', 'Fine.');
    await merge('agent');
    expect(await events.issueEvents(issue, 0)).toEqual([]);
    expect(await events.pullRequestEvents(pullRequest, 0)).toEqual([]);
  },

  async 'an unknown repository, issue or pull request is `missing`'({ events, issue, pullRequest }) {
    for (const unknown of [
      { ...issue, number: 99_999 },
      { ...issue, repository: `${issue.repository}-unknown` },
    ]) {
      await expectFault(events.issueEvents(unknown, 0), 'missing');
      await expectFault(events.pullRequestEvents(unknown, 0), 'missing');
    }
    await expectFault(events.pullRequestEvents({ ...pullRequest, number: issue.number }, 0), 'missing');
  },
} satisfies Contract<HostEventsSubject>;
