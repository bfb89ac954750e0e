import { sessionOfBranch, visibleText } from '@swe/domain';
import type { Check, CodeEvent, Review } from '@swe/domain';
import type { z } from 'zod';
import { isMentioned } from './mention';
import { isBot, isOwn, momentIn, requesterFrom } from './moment';
import type {
  checkSuiteEvent,
  PayloadBase,
  PayloadPullRequest,
  PayloadUser,
  pullRequestEvent,
  reviewEvent,
  statusEvent,
} from './payload';
import type { EventContext } from './event-context';

const REVIEW_STATES: Readonly<Record<string, Review['state']>> = {
  approved: 'approved',
  changes_requested: 'changes-requested',
  commented: 'commented',
};

const CHECK_STATES: Readonly<Record<string, Check['state']>> = {
  success: 'success',
  neutral: 'neutral',
  skipped: 'neutral',
  cancelled: 'cancelled',
  stale: 'cancelled',
};

export function fromReview(event: z.infer<typeof reviewEvent>, context: EventContext): CodeEvent | undefined {
  const { action, review, pull_request: pull } = event;
  const state = REVIEW_STATES[review.state.toLowerCase()];
  if (action !== 'submitted' || state === undefined || isOwn(review.user, context)) return undefined;
  const body = visibleText(review.body ?? '').text;
  const moment = pullMoment(event, pull, `review/${review.id}`, review.user, context);
  return {
    kind: 'reviewed',
    ...moment,
    headSha: review.commit_id ?? moment.headSha,
    state,
    body,
    isAddressed: isMentioned(body, context.login),
  };
}

export function fromPullRequest(
  event: z.infer<typeof pullRequestEvent>,
  context: EventContext,
): CodeEvent | undefined {
  const { action, pull_request: pull, sender } = event;
  if (isOwn(sender, context)) return undefined;
  if (action === 'reopened') {
    const key = `${pull.number}/reopened/${pull.updated_at}`;
    return { kind: 'pull-request-reopened', ...pullMoment(event, pull, key, sender, context) };
  }
  if (action !== 'closed') return undefined;
  const key = `${pull.number}/closed/${pull.closed_at ?? pull.updated_at}`;
  const moment = pullMoment(event, pull, key, sender, context);
  return { kind: 'pull-request-closed', ...moment, isMerged: pull.merged === true };
}

export function fromCheckSuite(
  event: z.infer<typeof checkSuiteEvent>,
  context: EventContext,
): CodeEvent | undefined {
  const { action, check_suite: suite, sender } = event;
  if (action !== 'completed') return undefined;
  const { workspace, ...moment } = momentIn(event, context);
  return {
    kind: 'checks-finished',
    // A suite may be run again: it is completed anew then.
    eventKey: `${workspace}/check-suite/${suite.id}/${suite.updated_at}`,
    workspace,
    ...moment,
    requester: requesterFrom(sender),
    isBot: isBot(sender),
    state: CHECK_STATES[suite.conclusion ?? ''] ?? 'failure',
    headSha: suite.head_sha,
    ...(suite.head_branch != null && { headBranch: suite.head_branch }),
  };
}

/** One that is pending is no news. */
export function fromStatus(event: z.infer<typeof statusEvent>, context: EventContext): CodeEvent | undefined {
  const { id, sha, state, branches, sender } = event;
  if (state === 'pending') return undefined;
  const { workspace, ...moment } = momentIn(event, context);
  const heads = branches.filter(({ commit }) => commit.sha === sha).map(({ name }) => name);
  const headBranch = heads.find((name) => sessionOfBranch(name) !== undefined) ?? heads[0];
  return {
    kind: 'checks-finished',
    eventKey: `${workspace}/status/${id}`,
    workspace,
    ...moment,
    requester: requesterFrom(sender),
    // Whoever's token it is, a program sets them.
    isBot: true,
    state: CHECK_STATES[state] ?? 'failure',
    headSha: sha,
    ...(headBranch !== undefined && { headBranch }),
  };
}

function pullMoment(
  event: PayloadBase,
  { number, head }: PayloadPullRequest,
  key: string,
  by: PayloadUser | null | undefined,
  context: EventContext,
) {
  const { workspace, ...moment } = momentIn(event, context);
  return {
    eventKey: `${workspace}/${key}`,
    origin: `${workspace}/${number}`,
    workspace,
    ...moment,
    requester: requesterFrom(by),
    isBot: isBot(by),
    number,
    headBranch: head.ref,
    headSha: head.sha,
  };
}
