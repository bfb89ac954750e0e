import { Fault, isFault, isGrantedMore, nanoUsdWords } from '@swe/domain';
import type { Answering, Session } from '@swe/domain';
import { receiveMessage } from '../ingress';
import type { SendPorts } from './send-message';

/**
 * Lets a session spend so much; one that stood still for want of it goes on. Stored as something that its requester
 * said, so that a process which is at the session hears of it. Throws `denied` for one that has ended.
 */
export async function setBudget(
  ports: SendPorts,
  { id, origin }: Pick<Session, 'id' | 'origin'>,
  requester: string,
  capNanoUsd: number,
): Promise<void> {
  const { random, clock } = ports;
  const ended = (cause?: unknown): Fault => new Fault('denied', `Session ${id} has ended.`, { cause });
  const amount = nanoUsdWords(capNanoUsd);
  const answer: Answering = ({ session }) => {
    if (session.id !== id) throw ended();
    const goesOn = isGrantedMore({ ...session, capNanoUsd }, capNanoUsd);
    return {
      outcome: { kind: 'command-result', text: `The budget of this session is ${amount} now.` },
      posts: [],
      session: { capNanoUsd, ...(goesOn && { retryAtMs: clock.nowMs() }) },
    };
  };
  const body = { kind: 'text', text: `budget ${amount}` } as const;
  const at = { messageKey: `${origin}/${random.id()}`, receivedAtMs: clock.nowMs() };
  try {
    await receiveMessage(ports, { origin, requester, addressed: false, body, ...at }, answer);
  } catch (error) {
    throw isFault(error, 'denied') ? ended(error) : error;
  }
}
