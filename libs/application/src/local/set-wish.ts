import { Fault, isFault } from '@swe/domain';
import type { Answering, Session, SessionChange } from '@swe/domain';
import { receiveMessage } from '../ingress';
import type { SendPorts } from './send-ports';

/** What a person says they want of a session, and what is said to that. */
export interface SaidWish {
  readonly words: string;
  readonly answer: string;
  change(session: Session): SessionChange;
}

/**
 * Sets what is wished of a session. Stored as something that its requester said, so that a process which is at the
 * session hears of it. Throws `denied` for one that has ended.
 */
export async function setWish(
  ports: SendPorts,
  { id, origin }: Pick<Session, 'id' | 'origin'>,
  requester: string,
  { words, answer: text, change }: SaidWish,
): Promise<void> {
  const { random, clock } = ports;
  const ended = (cause?: unknown): Fault => new Fault('denied', `Session ${id} has ended.`, { cause });
  const answer: Answering = ({ session }) => {
    if (session.id !== id) throw ended();
    return { outcome: { kind: 'command-result', text }, posts: [], session: change(session) };
  };
  const body = { kind: 'text', text: words } as const;
  const at = { messageKey: `${origin}/${random.id()}`, receivedAtMs: clock.nowMs() };
  try {
    await receiveMessage(ports, { origin, requester, addressed: false, body, ...at }, answer);
  } catch (error) {
    throw isFault(error, 'denied') ? ended(error) : error;
  }
}
