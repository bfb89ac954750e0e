import type { SaidInChat } from '../events/chat-event';
import type { CodeEvent } from '../events/code-event';
import type { IssueRef } from '../repository/issue-url';
import type { PullRequestRef } from './code-review';

/** What can still be read of what happened: what was said to the agent, and what was done to code. */
export type HostEvent = SaidInChat | CodeEvent;

/**
 * What happened to an issue or a pull request, read from its host, which tells it once: a delivery may be lost.
 *
 * - what is read has the identity that its delivery has, however often it is read
 * - an issue and a pull request tell what was said in them with a mention of the agent, from a time on
 * - a pull request tells of reviews from a time on, of its head's checks that are over, and how it ended
 * - what the agent did itself is left out
 * - an unknown repository, issue or pull request is `missing`
 */
export interface HostEvents {
  /** In the order in which they are to be taken. */
  issueEvents(ref: IssueRef, sinceMs: number): Promise<readonly HostEvent[]>;
  pullRequestEvents(ref: PullRequestRef, sinceMs: number): Promise<readonly HostEvent[]>;
}
