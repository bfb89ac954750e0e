import type { EditedInChat, SaidInChat } from '../events/chat-event';
import type { CodeEvent } from '../events/code-event';
import type { IssueRef } from '../repository/issue-url';
import type { PullRequestRef } from './code-review';

/** What can still be read of what happened: what was said to the agent, and what was done to code. */
export type HostEvent = SaidInChat | EditedInChat | CodeEvent;

/** What happened, by its identity at its host. */
export function identityOf(event: HostEvent): string {
  switch (event.kind) {
    case 'said':
      return event.messageKey;
    case 'edited':
      return event.editKey;
    default:
      return event.eventKey;
  }
}

/**
 * What happened to an issue or a pull request, read from its host, which tells it once: a delivery may be lost.
 *
 * - what is read has the identity that its delivery has, however often it is read
 * - an issue and a pull request tell what was said in them with a mention of the agent, from a time on
 * - what its writer edited since is told as an edit, what somebody else edited not at all
 * - a pull request tells what was said of its lines, as it tells what was said in it
 * - a pull request tells of reviews from a time on, of its head's checks and statuses that are over, and how it ended
 * - what the agent did itself is left out
 * - an unknown repository, issue or pull request is `missing`
 */
export interface HostEvents {
  /** In the order in which they are to be taken. */
  issueEvents(ref: IssueRef, sinceMs: number): Promise<readonly HostEvent[]>;
  pullRequestEvents(ref: PullRequestRef, sinceMs: number): Promise<readonly HostEvent[]>;
}
