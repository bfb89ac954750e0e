import { noUsage } from '../budget/usage';
import type { IncomingMessage } from '../events/incoming-message';
import type { Session } from './session';
import { sessionIdOf } from './session-id';

const TITLE_CHARACTERS = 80;

/** The session that `message` opens: its origin's `round`-th, titled by the message's first line. */
export function newSession(
  { origin, requester, body, receivedAtMs }: IncomingMessage,
  round: number,
): Session {
  const words = body.kind === 'text' ? body.text : body.command;
  const firstLine = words.trim().split('\n', 1)[0] ?? '';
  return {
    id: sessionIdOf(origin, round),
    revision: 0,
    status: 'queued',
    origin,
    round,
    requester,
    // By code points: half a surrogate pair is no text.
    title: [...firstLine.trimEnd()].slice(0, TITLE_CHARACTERS).join(''),
    repositories: [],
    pullRequests: [],
    totals: { steps: 0, usage: noUsage },
    cursor: 0,
    generation: 0,
    createdAtMs: receivedAtMs,
    updatedAtMs: receivedAtMs,
  };
}
