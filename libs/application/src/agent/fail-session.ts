import { nextStatus } from '@swe/domain';
import type { Fault, InboxItem, OutboxEntry, Session, SessionStore } from '@swe/domain';
import { statusKey } from './keep-status';
import { marksOf } from './marks-of';
import type { AgentPorts } from './agent-ports';
import { statusBody, statusWords } from './status-words';

export interface SessionFailure {
  /** Why, in words for the person. */
  readonly cause: string;
  readonly effectKey: string;
  /** What the person is told. */
  readonly body: string;
}

/** For a session whose journal can't be read; `fence` tells one try from the next. */
export function unreadable({ id }: Session, fence: number, { message: cause }: Fault): SessionFailure {
  const body = `I can't go on: ${cause}\n\nSend a message to make me try again.`;
  return { cause, effectKey: `${id}/unreadable-${fence}`, body };
}

/**
 * Gives everything that a session has yet to answer its outcome, failed, and tells the person why, in one write of the
 * lease's holder. Reads no journal, so that it serves a session whose journal can't be read. A further message is
 * tried again.
 */
export async function failSession(
  {
    store,
    journal,
    clock,
  }: Pick<AgentPorts, 'journal' | 'clock'> & { readonly store: Pick<SessionStore, 'readInbox'> },
  session: Session,
  fence: number,
  { cause, effectKey, body }: SessionFailure,
): Promise<void> {
  const { id, origin, status, cursor, requester } = session;
  const atMs = clock.nowMs();
  const inbox = await store.readInbox(id, 0);
  const open = inbox.filter((item) => item.outcome === undefined);
  const mention = open.at(-1)?.requester ?? requester;
  const outcome = { kind: 'failed', cause } as const;
  const to = nextStatus(status, 'session.failed');
  await journal.append({
    sessionId: id,
    fence,
    entries: [{ kind: 'state-changed', atMs, from: status, to, outcome }],
    admit: { cursor: inbox.at(-1)?.seq ?? cursor, items: inbox.filter(({ seq }) => seq > cursor) },
    outcomes: open.map(({ seq }) => ({ seq, outcome })),
    outbox: [
      { effectKey, sessionId: id, destination: origin, class: 'message', body, mention, createdAtMs: atMs },
      ...marksOf({ id, origin }, open, 'failed', atMs),
      ...failedStatus(session, open, atMs),
    ],
    session: {
      status: to,
      lastTurn: 'failed',
      failure: cause,
      startAttempts: undefined,
      retryAtMs: undefined,
      wakeAtMs: undefined,
      awaitedChecks: undefined,
      updatedAtMs: atMs,
    },
  });
}

/** Where the work was followed, it is not to look as if it went on. What of it only the journal tells is left out. */
function failedStatus(
  { id, origin, totals }: Session,
  open: readonly InboxItem[],
  createdAtMs: number,
): readonly OutboxEntry[] {
  if (totals.steps === 0 || !open.some(({ showsReactions }) => showsReactions === true)) return [];
  const words = statusWords({ state: 'failed', plan: [], running: [], totals });
  const body = statusBody(words);
  return [
    { effectKey: statusKey(id), sessionId: id, destination: origin, class: 'status', body, createdAtMs },
  ];
}
