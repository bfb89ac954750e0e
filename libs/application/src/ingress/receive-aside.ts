import type { Answer, Answering, MessageBody } from '@swe/domain';
import { receiveMessage } from './receive-message';
import type { IngressPorts } from './receive-message';
import { messageOf } from './said';
import type { Said } from './said';

/** The origin of asides begins with this. */
export const ASIDE = 'aside:';

/**
 * Stores words that nothing is to be worked on for, with their answer, beside the thread's sessions: in one that is never
 * worked in, so that a stranger's mention opens no session of theirs.
 */
export async function receiveAside(ports: IngressPorts, said: Said, answer: Answering): Promise<void> {
  const body: MessageBody = { kind: 'text', text: said.text };
  await receiveMessage(ports, messageOf(said, `${ASIDE}${said.thread}`, body, true), answer);
}

/** Stores words with their outcome where they were said: in the thread's session, or aside where there is none. */
export async function answerAside(
  ports: IngressPorts,
  said: Said,
  outcome: { readonly kind: 'command-result'; readonly text: string },
): Promise<void> {
  await receiveAside(ports, said, ({ session, seq }) => answerOf(said, session.id, seq, outcome));
}

/** A command's result as it is stored and shown. */
export function answerOf(
  { requester, thread, receivedAtMs, isPrivate }: Said,
  sessionId: string,
  seq: number,
  outcome: { readonly kind: 'command-result'; readonly text: string },
): Answer {
  return {
    outcome,
    posts: [
      {
        effectKey: `${sessionId}/command-${seq}`,
        class: 'message',
        body: outcome.text,
        destination: thread,
        ...(isPrivate && { onlyFor: requester }),
        createdAtMs: receivedAtMs,
      },
    ],
  };
}
