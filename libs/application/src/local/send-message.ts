import { Fault } from '@swe/domain';
import type { Answering, IncomingMessage, MessageBody, Session } from '@swe/domain';
import { leaveChange, parseCommand, receiveMessage } from '../ingress';
import type { ResolvedTask } from './resolve-task';
import type { SendPorts } from './send-ports';
import { wishedOf } from './wishes';
import type { Wishes } from './wishes';

/**
 * Stores what the person says to the session of `origin`, or with what it begins; returns the session's id. Leave to
 * change workflow files, given or taken back, is heard as words and counts from here on.
 */
export async function sendMessage(
  ports: SendPorts,
  origin: string,
  requester: string,
  body: MessageBody,
  answer?: Answering,
): Promise<string> {
  const messageKey = `${origin}/${ports.random.id()}`;
  const receivedAtMs = ports.clock.nowMs();
  const message = { origin, requester, addressed: true, body, receivedAtMs, messageKey };
  return (await receiveMessage(ports, message, answer ?? leaveIn(message))).sessionId;
}

function leaveIn({ body, requester, receivedAtMs }: IncomingMessage): Answering | undefined {
  const command = body.kind === 'text' ? parseCommand(body.text) : undefined;
  if (command?.name !== 'workflows' || command.sessionId !== undefined) return undefined;
  const change = leaveChange(command.isAllowed, requester, receivedAtMs);
  return () => ({ posts: [], session: change });
}

/** Opens a session with a task, and with what the person wants of it, for whoever works on it. */
export async function submitTask(
  ports: SendPorts,
  { message, issue }: ResolvedTask,
  requester: string,
  wishes: Wishes = {},
): Promise<Session> {
  const origin = `terminal:${ports.random.id()}`;
  const change = { ...(issue && { issue }), ...wishedOf(wishes) };
  const body = { kind: 'text', text: message } as const;
  const sessionId = await sendMessage(ports, origin, requester, body, () => ({
    posts: [],
    session: change,
  }));
  const session = await ports.store.load(sessionId);
  if (session === undefined) throw new Fault('missing', `session ${sessionId} is gone`);
  return session;
}
