import type { IncomingMessage } from '../events/incoming-message';
import type { OutboxEntry } from './outbox-entry';
import type { Outcome } from './outcome';
import type { Session, SessionChange } from './session';

/** A post of a session that is not stored yet. It goes to the origin of the message it answers, unless it says where. */
export type NewPost = Omit<OutboxEntry, 'sessionId' | 'destination'> & { readonly destination?: string };

/** What an ingress can say about a message at once. With an outcome nobody has to work on it. */
export interface Answer {
  readonly outcome?: Outcome;
  readonly posts: readonly NewPost[];
  readonly session?: Omit<SessionChange, 'status' | 'cursor'>;
}

/**
 * Answers a message from what is stored: its session as it is before the answer, and its number. Called again when
 * somebody was faster, so it must do nothing else.
 */
export type Answering = (at: { readonly session: Session; readonly seq: number }) => Answer;

/** What is put into the outbox of the message's session. */
export function postsOf(
  { origin }: Pick<IncomingMessage, 'origin'>,
  sessionId: string,
  answer: Pick<Answer, 'posts'> | undefined,
): readonly OutboxEntry[] {
  return (answer?.posts ?? []).map((post) => ({ destination: origin, ...post, sessionId }));
}

/** A session that `answer`'s message opened: with that message's outcome there is nothing to do for it. */
export function openedWith(session: Session, answer: Answer | undefined): Session {
  const changed = { ...session, ...answer?.session };
  return answer?.outcome === undefined ? changed : { ...changed, status: 'asleep', cursor: 1 };
}
