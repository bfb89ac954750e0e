import type { MessageBody } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import type { MessageResource, OnceCall } from '@swe/domain/api';
import { ownsSession } from '../who-may-policy';
import type { ApiPorts, ApiRules } from './api-ports';
import { loadSession } from './load-session';
import { messageResourceOf } from './message-resource';
import { endedRefusal, receiveOnce, unlessEnded } from './receive-once';
import { answerWishInWords } from './wish-in-words';

/** Stores words, or a command, for a session that lives: its requester's, or anybody's where an admin speaks. */
export async function sayToSession(
  ports: ApiPorts,
  rules: ApiRules,
  { caller, idempotencyKey }: OnceCall,
  sessionId: string,
  body: MessageBody,
): Promise<MessageResource> {
  const { keyId, requester, isAdmin } = caller;
  const said = await loadSession(ports, caller, sessionId);
  if (!ownsSession(said, requester, { isAdmin, isAllowed: true })) {
    throw new ApiRefusal(
      403,
      'Only the key that began this session, or one with the scope `admin`, may do that.',
    );
  }
  const wish =
    body.kind === 'text'
      ? await answerWishInWords(ports, rules, caller, { session: said, text: body.text })
      : undefined;
  const messageKey = `api:${keyId}/say/${sessionId}/${idempotencyKey}`;
  // Not addressed: what is said to a session that has ended begins no other one in its place.
  const message = { messageKey, origin: said.origin, requester, addressed: false, body };
  const received = await unlessEnded(
    sessionId,
    receiveOnce(ports, message, (at) => {
      if (at.session.id !== sessionId) throw endedRefusal(sessionId);
      return wish?.(at) ?? { posts: [] };
    }),
  );
  return messageResourceOf(ports, sessionId, received.item);
}
