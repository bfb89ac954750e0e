import type { Clock, MessageBody, Random, Session, SessionStore } from '@swe/domain';
import { receiveMessage } from '../ingress';
import type { IngressPorts } from '../ingress';
import { changeSession } from './change-session';
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
  const { issue } = task;
  return changeSession(ports, sessionId, () => (issue === undefined ? {} : { issue }));
}
