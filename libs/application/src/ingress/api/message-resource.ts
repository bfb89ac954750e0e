import type { InboxItem, Outcome } from '@swe/domain';
import type { ApiCaller, MessagePage, MessageQuery, MessageResource, OutcomeResource } from '@swe/domain/api';
import type { ApiPorts } from './api-ports';
import { loadSession } from './load-session';

type Reading = Pick<ApiPorts, 'store' | 'outbox'>;

/** What was said to a session, a page of it. */
export async function listMessages(
  ports: Reading,
  caller: ApiCaller,
  sessionId: string,
  { limit, after }: MessageQuery,
): Promise<MessagePage> {
  await loadSession(ports, caller, sessionId);
  const found = await ports.store.readInbox(sessionId, after);
  const shown = found.slice(0, limit);
  const items = await Promise.all(shown.map((item) => messageResourceOf(ports, sessionId, item)));
  const last = shown.at(-1);
  return { items, ...(found.length > limit && last !== undefined && { next: last.seq }) };
}

export async function messageResourceOf(
  ports: Pick<ApiPorts, 'outbox'>,
  sessionId: string,
  { seq, requester, body, receivedAtMs, outcome }: InboxItem,
): Promise<MessageResource> {
  return {
    number: seq,
    requester,
    ...(body.kind === 'text' ? { text: body.text } : { command: body.command }),
    receivedAt: new Date(receivedAtMs).toISOString(),
    ...(outcome !== undefined && { outcome: await outcomeResourceOf(ports, sessionId, outcome) }),
  };
}

/** An outcome with the words that it only refers to, which lie in the outbox. */
export async function outcomeResourceOf(
  { outbox }: Pick<ApiPorts, 'outbox'>,
  sessionId: string,
  outcome: Outcome,
): Promise<OutcomeResource> {
  if (outcome.kind !== 'answered') return outcome;
  const { replyKey, asksBack = false } = outcome;
  const post = await outbox.find({ sessionId, effectKey: replyKey });
  return { kind: 'answered', text: post?.body ?? '', asksBack };
}
