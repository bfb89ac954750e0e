import type { IncomingMessage, MessageEdit } from '../events/incoming-message';
import type { Page, PageRequest } from '../page';
import type { Answering } from '../session/answer';
import type { InboxItem } from '../session/inbox-item';
import type { Lease, LeaseClaim } from '../session/lease';
import type { Session, SessionChange } from '../session/session';

export interface Receipt {
  readonly sessionId: string;
  /** The message's number in the session's inbox. */
  readonly seq: number;
  /** The message was accepted before; nothing was written now. */
  readonly duplicate: boolean;
}

/**
 * `too-late`: the message is admitted, deleted, or has its outcome; the same edit is told so again. `duplicate`: this
 * very edit changed it before.
 */
export type EditResult = 'revised' | 'too-late' | 'duplicate' | 'unknown';

/** Where an accepted message is: its session, its number, and its outcome once it has one. */
export interface MessagePlace {
  readonly sessionId: string;
  readonly item: InboxItem;
}

/**
 * Sessions, their inboxes and their leases.
 *
 * - an origin's first message creates its session, `queued`, titled by the message's first line
 * - later messages of the origin go to the same session, numbered without gaps
 * - the same message key is accepted once, also from another origin
 * - an accepted key is never forgotten: a year later it is a duplicate still
 * - two messages received at once get two numbers, and a reader skips none
 * - a message keeps the trace that it came with
 * - an ended session takes nothing: an addressed message opens the next round, another is refused as `denied`
 * - a session ends only while the inbox head equals the cursor: `conflict`, nothing written
 * - an origin without a live session takes over one that lives, and speaks to it from then on
 * - an origin's rounds are its own: what it took over does not count
 * - an edit changes a message until it is admitted, once; a deleted one is `cancelled`
 * - a message is found by its key, with its outcome
 * - an origin's session is found: the one it speaks to, else its last one, also when that has ended
 * - a message's answer, with its outcome, its posts and its change of the session, is stored with it or not at all
 * - a duplicate is not answered again
 * - what answers sees the session as it is when the answer is written, also when others write to it at once
 * - a session opened by a message that has its outcome is `asleep`, and due only for its posts
 * - `change` on an outdated revision is a `conflict` and writes nothing
 * - a session's own cap is told by itself, as it is: more of another session's a machine need not be allowed
 * - `list` gives every session once, newest first, page by page
 * - a free lease is taken with a fence above every earlier one
 * - a held lease is a `conflict`, unless taken over from the revision it still has
 * - no clock frees a lease: whoever thinks it overdue, however far ahead, finds it held
 * - only the current generation takes the lease; what an older one holds is free to it
 * - a heartbeat changes the revision, and is a `conflict` for whoever lost the lease
 * - a lease is released only while the inbox head equals the cursor, with the session's change
 * - stopping begins only while the lease is free and the inbox head equals the cursor, and keeps the lease free
 * - `listDue` gives sessions with unadmitted messages, or a time that has come: of lease, retry, wake, manager or poll
 */
export interface SessionStore {
  /** `answer` is asked for a message that is accepted now. What it throws is thrown, and nothing is written. */
  receive(message: IncomingMessage, answer?: Answering): Promise<Receipt>;
  revise(edit: MessageEdit): Promise<EditResult>;
  findMessage(messageKey: string): Promise<MessagePlace | undefined>;
  findSession(origin: string): Promise<Session | undefined>;
  /** Messages after `afterSeq`, in order. */
  readInbox(sessionId: string, afterSeq: number): Promise<readonly InboxItem[]>;
  /** Throws `conflict` when `origin` has a live session, or `sessionId` has ended. */
  takeOver(origin: string, sessionId: string): Promise<void>;

  load(sessionId: string): Promise<Session | undefined>;
  /** `capNanoUsd` of the session; undefined when it has none, or there is no session. */
  capOf(sessionId: string): Promise<number | undefined>;
  /** Writes `change` if the session still has `revision`. */
  change(sessionId: string, revision: number, change: SessionChange): Promise<Session>;
  list(page: PageRequest): Promise<Page<Session>>;
  /** Ids of sessions somebody has to look at now. */
  listDue(nowMs: number, page: PageRequest): Promise<Page<string>>;

  readLease(sessionId: string): Promise<Lease | undefined>;
  /** Throws `conflict` as `leaseRefusal` says. */
  takeLease(claim: LeaseClaim): Promise<Lease>;
  renewLease(lease: Lease, dueAtMs: number): Promise<Lease>;
  /** False, and nothing written, while the inbox holds a message after the session's cursor. */
  releaseLease(lease: Lease, change: SessionChange): Promise<boolean>;
  /** Sets `stopping` with `change`. Undefined, and nothing written, while somebody works or has to. */
  beginStop(sessionId: string, revision: number, change: SessionChange): Promise<Session | undefined>;
}
