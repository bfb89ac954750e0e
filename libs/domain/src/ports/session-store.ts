import type { IncomingMessage } from '../events/incoming-message';
import type { Page, PageRequest } from '../page';
import type { InboxItem } from '../session/inbox-item';
import type { Lease } from '../session/lease';
import type { Session, SessionChange } from '../session/session';

export interface Receipt {
  readonly sessionId: string;
  /** The message's number in the session's inbox. */
  readonly seq: number;
  /** The message was accepted before; nothing was written now. */
  readonly duplicate: boolean;
}

/**
 * Sessions, their inboxes and their leases.
 *
 * - an origin's first message creates its session, `queued`, titled by the message's first line
 * - later messages of the origin go to the same session, numbered without gaps
 * - the same message key is accepted once, also from another origin
 * - two messages received at once get two numbers
 * - an ended session takes nothing: an addressed message opens the next round, another is refused as `denied`
 * - `change` on an outdated revision is a `conflict` and writes nothing
 * - `list` gives every session once, newest first, page by page
 * - a free lease is taken with a fence above every earlier one
 * - a held lease is a `conflict`, unless taken over from the revision it still has
 * - a heartbeat changes the revision, and is a `conflict` for whoever lost the lease
 * - a lease is released only while the inbox head equals the cursor
 * - `listDue` gives sessions with unadmitted messages, a held lease, or a time to retry or wake that has come
 */
export interface SessionStore {
  receive(message: IncomingMessage): Promise<Receipt>;
  load(sessionId: string): Promise<Session | undefined>;
  /** Writes `change` if the session still has `revision`. */
  change(sessionId: string, revision: number, change: SessionChange): Promise<Session>;
  list(page: PageRequest): Promise<Page<Session>>;
  /** Ids of sessions somebody has to look at now. */
  listDue(nowMs: number, page: PageRequest): Promise<Page<string>>;
  /** Messages after `afterSeq`, in order. */
  readInbox(sessionId: string, afterSeq: number): Promise<readonly InboxItem[]>;

  readLease(sessionId: string): Promise<Lease | undefined>;
  /** `from` is the held lease to take over, as it was last read: the caller judged its holder dead. */
  takeLease(sessionId: string, holder: string, dueAtMs: number, from?: Lease): Promise<Lease>;
  renewLease(lease: Lease, dueAtMs: number): Promise<Lease>;
  /** False, and nothing written, while the inbox holds a message after the session's cursor. */
  releaseLease(lease: Lease): Promise<boolean>;
}
