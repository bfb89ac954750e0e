import { findAttachedFiles, visibleText } from '@swe/domain';
import type { ChatEvent } from '@swe/domain';
import type { z } from 'zod';
import { isSame } from '../is-marked';
import { isMentioned, withoutMention } from './mention';
import { isBot, isOwn, momentIn, requesterFrom } from './moment';
import type { issueCommentEvent, issueEvent, PayloadBase, PayloadWords, reviewCommentEvent } from './payload';
import type { EventContext } from './event-context';

type IssueEvent = Pick<z.infer<typeof issueEvent>, 'assignee' | 'label' | 'changes'> & PayloadBase;

/** Words of an issue, a pull request or a comment. */
interface Words {
  readonly words: PayloadWords;
  /** Of the issue or pull request. */
  readonly number: number;
  /** URL of the issue or pull request. */
  readonly subject: string;
  /** Behind the workspace: `comment/1`. */
  readonly key: string;
  /** What the words are about, where that is not the whole. */
  readonly about?: string;
}

/** Issues and pull requests alike. */
export function fromIssue(
  event: IssueEvent,
  issue: PayloadWords & { readonly number: number },
  context: EventContext,
): ChatEvent | undefined {
  const { action, assignee, label, changes } = event;
  const said = { words: issue, number: issue.number, key: `issue/${issue.number}`, subject: issue.html_url };
  switch (action) {
    case 'opened':
      return saidBy(event, said, context);
    case 'edited':
      return changes?.body === undefined ? undefined : edit(event, said, context);
    case 'assigned':
      return isOwn(assignee, context) ? asked(event, said, 'assigned', context) : undefined;
    case 'labeled': {
      const isOurs = label !== undefined && context.label !== undefined && isSame(label.name, context.label);
      return isOurs ? asked(event, said, `labeled/${encodeURIComponent(label.name)}`, context) : undefined;
    }
    default:
      return undefined;
  }
}

export function fromComment(
  event: z.infer<typeof issueCommentEvent>,
  context: EventContext,
): ChatEvent | undefined {
  const { issue, comment } = event;
  const { number, html_url: subject } = issue;
  return fromWords(event, { words: comment, number, subject, key: `comment/${comment.id}` }, context);
}

export function fromReviewComment(
  event: z.infer<typeof reviewCommentEvent>,
  context: EventContext,
): ChatEvent | undefined {
  const { comment } = event;
  const { number, html_url: subject } = event.pull_request;
  const at = comment.line == null ? `\`${comment.path}\`` : `\`${comment.path}\`, line ${comment.line}`;
  const about = `(About ${at}: ${comment.html_url})`;
  const key = `review-comment/${comment.id}`;
  return fromWords(event, { words: comment, number, subject, key, about }, context);
}

function fromWords(event: PayloadBase, said: Words, context: EventContext): ChatEvent | undefined {
  switch (event.action) {
    case 'created':
      return saidBy(event, said, context);
    case 'edited':
      return edit(event, said, context);
    case 'deleted': {
      const moment = momentOf(event, said, context);
      if (isOwn(said.words.user, context)) return undefined;
      return { kind: 'deleted', ...moment, editKey: `${moment.messageKey}/deleted` };
    }
    default:
      return undefined;
  }
}

function saidBy(event: PayloadBase, said: Words, context: EventContext): ChatEvent | undefined {
  if (isOwn(said.words.user, context)) return undefined;
  return { kind: 'said', ...momentOf(event, said, context), ...contentOf(said, context) };
}

/** Who may write may change others' words as well: those are not their author's, and are not taken for them. */
function edit(event: PayloadBase, said: Words, context: EventContext): ChatEvent | undefined {
  const { user, updated_at: at } = said.words;
  if (isOwn(user, context) || !isSame(user?.login, event.sender.login)) return undefined;
  const moment = momentOf(event, said, context);
  return {
    kind: 'edited',
    ...moment,
    editKey: `${moment.messageKey}/${at}`,
    ...contentOf(said, context),
  };
}

/** By what was done to it the agent is asked to work on it. The same is told again with the same time. */
function asked(event: PayloadBase, said: Words, how: string, context: EventContext): ChatEvent | undefined {
  const { sender } = event;
  if (isOwn(sender, context)) return undefined;
  const { messageKey, ...moment } = momentOf(event, said, context);
  return {
    kind: 'said',
    ...moment,
    messageKey: `${messageKey}/${how}/${said.words.updated_at}`,
    requester: requesterFrom(sender),
    text: said.subject,
    files: [],
    isAddressed: true,
    isBot: isBot(sender),
    subject: said.subject,
  };
}

function momentOf(event: PayloadBase, { words, number, key }: Words, context: EventContext) {
  const { workspace, receivedAtMs } = momentIn(event, context);
  return {
    messageKey: `${workspace}/${key}`,
    origin: `${workspace}/${number}`,
    requester: requesterFrom(words.user),
    workspace,
    receivedAtMs,
  };
}

/**
 * Who is said to belong to a repository. It is less than leave to write, and members of an organisation who hide that they
 * are get another word: https://docs.github.com/graphql/reference/enums#commentauthorassociation
 */
const BELONG: readonly string[] = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/** What people see of it: instructions to programs are hidden in the rest, and no mention counts there. */
function contentOf({ words, about, subject }: Words, { login }: EventContext) {
  const body = visibleText(words.body ?? '').text;
  const text = withoutMention(body, login);
  return {
    text: about === undefined ? text : `${text}\n\n${about}`,
    files: findAttachedFiles(body),
    isAddressed: isMentioned(body, login),
    isBot: isBot(words.user, words.performed_via_github_app),
    ...(!BELONG.includes(words.author_association ?? '') && { isStranger: true as const }),
    subject,
  };
}
