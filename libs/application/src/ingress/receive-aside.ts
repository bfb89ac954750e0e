import { isFault } from '@swe/domain';
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

/** Stores words with a command's result, aside. */
export async function answerAside(
  ports: IngressPorts,
  said: Said,
  outcome: { readonly kind: 'command-result'; readonly text: string },
): Promise<void> {
  await receiveAside(ports, said, ({ session, seq }) => answerOf(said, session.id, seq, outcome));
}

/**
 * Stores what was said, with its answer, in the session of `origin`; aside where there is no such session, or it has
 * ended just now: nothing that is answered opens one. `answer` looks which of them it is asked for.
 */
export async function receiveAnswered(
  ports: IngressPorts,
  said: Said,
  origin: string | undefined,
  answer: Answering,
  body: MessageBody = { kind: 'text', text: said.text },
): Promise<void> {
  if (origin === undefined) return receiveAside(ports, said, answer);
  // Work that goes on by these words, and no others that could be marked, shows its status all the same.
  const message = { ...messageOf(said, origin, body, false), showsReactions: body.kind === 'text' };
  try {
    await receiveMessage(ports, message, answer);
  } catch (error) {
    if (!isFault(error, 'denied')) throw error;
    await receiveAside(ports, said, answer);
  }
}

/** A refusal as it is stored and shown: to whom it is for alone, once in a session, for the effect key says so. */
export function refusedWith({ requester, thread, receivedAtMs }: Said, reason: string): Answering {
  return ({ session }) => ({
    outcome: { kind: 'refused', reason },
    posts: [
      {
        effectKey: `${session.id}/refused-${requester}`,
        class: 'message',
        body: reason,
        destination: thread,
        onlyFor: requester,
        createdAtMs: receivedAtMs,
      },
    ],
  });
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
