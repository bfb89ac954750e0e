import type { ChatEvent, CodeEvent } from '@swe/domain';
import type { z } from 'zod';
import type { EventContext } from './event-context';
import { fromCheckSuite, fromPullRequest, fromReview, fromStatus } from './to-code-event';
import { fromComment, fromIssue, fromReviewComment } from './to-chat-event';
import {
  checkSuiteEvent,
  issueCommentEvent,
  issueEvent,
  pullRequestEvent,
  reviewCommentEvent,
  reviewEvent,
  statusEvent,
} from './payload';

export type GithubEvent = ChatEvent | CodeEvent;

/**
 * What a verified delivery says happened, by its event's name; undefined for what is of no concern to an agent, or
 * unreadable. What the agent did comes back to it and is left out, but for checks: they are run for whoever pushed.
 */
export function toEvent(name: string, payload: unknown, context: EventContext): GithubEvent | undefined {
  switch (name) {
    case 'issues':
      return read(issueEvent, payload, (event) => fromIssue(event, event.issue, context));
    case 'issue_comment':
      return read(issueCommentEvent, payload, (event) => fromComment(event, context));
    case 'pull_request':
      return read(
        pullRequestEvent,
        payload,
        (event) => fromIssue(event, event.pull_request, context) ?? fromPullRequest(event, context),
      );
    case 'pull_request_review_comment':
      return read(reviewCommentEvent, payload, (event) => fromReviewComment(event, context));
    case 'pull_request_review':
      return read(reviewEvent, payload, (event) => fromReview(event, context));
    case 'check_suite':
      return read(checkSuiteEvent, payload, (event) => fromCheckSuite(event, context));
    case 'status':
      return read(statusEvent, payload, (event) => fromStatus(event, context));
    default:
      return undefined;
  }
}

function read<S extends z.ZodType>(
  schema: S,
  payload: unknown,
  translate: (event: z.infer<S>) => GithubEvent | undefined,
): GithubEvent | undefined {
  const parsed = schema.safeParse(payload);
  return parsed.success ? translate(parsed.data) : undefined;
}
