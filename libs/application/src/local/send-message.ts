import { Fault, isFault } from '@swe/domain';
import type { Clock, MessageBody, Random, Session, SessionStore } from '@swe/domain';
import { receiveMessage } from '../ingress';
import type { IngressPorts } from '../ingress';
import type { ResolvedTask } from './resolve-task';

export interface SendPorts extends IngressPorts {
  readonly store: IngressPorts['store'] & Pick<SessionStore, 'load' | 'change'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'id'>;
}

/** Stores what the person says to the session of `origin`, or with what it begins; returns the session's id. */
export async function sendMessage(
  ports: SendPorts,
  origin: string,
  requester: string,
  body: MessageBody,
): Promise<string> {
  const messageKey = `${origin}/${ports.random.id()}`;
  const receivedAtMs = ports.clock.nowMs();
  const message = { origin, requester, addressed: true, body, receivedAtMs, messageKey };
  return (await receiveMessage(ports, message)).sessionId;
}

/** Opens a session with a task, for whoever works on it. */
export async function submitTask(ports: SendPorts, task: ResolvedTask, requester: string): Promise<Session> {
  const origin = `terminal:${ports.random.id()}`;
  const sessionId = await sendMessage(ports, origin, requester, { kind: 'text', text: task.message });
  for (;;) {
    const session = await ports.store.load(sessionId);
    if (session === undefined) throw new Fault('missing', `session ${sessionId} is gone`);
    if (task.issue === undefined) return session;
    try {
      return await ports.store.change(sessionId, session.revision, { issue: task.issue });
    } catch (error) {
      // A manager has seen the message already.
      if (!isFault(error, 'conflict')) throw error;
    }
  }
}
