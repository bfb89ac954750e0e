import { noUsage } from '../budget/usage';
import type { IncomingMessage } from '../events/incoming-message';
import type { Session } from './session';
import { sessionIdOf } from './session-id';

const TITLE_CHARACTERS = 80;

/** The session that `message` opens: its origin's `round`-th, titled by the message's first line, or its files. */
export function newSession(
  { origin, requester, body, receivedAtMs }: IncomingMessage,
  round: number,
): Session {
  const firstLine = wordsOf(body).trim().split('\n', 1)[0] ?? '';
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

function wordsOf(body: IncomingMessage['body']): string {
  if (body.kind === 'command') return body.command;
  if (body.text.trim() !== '') return body.text;
  return (body.files ?? []).map(({ name }) => name).join(', ');
}
