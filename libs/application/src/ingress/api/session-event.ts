import { textOf } from '@swe/domain';
import type { JournalEntry } from '@swe/domain';
import type { SessionEvent } from '@swe/domain/api';
import type { ApiPorts } from './api-ports';
import { outcomeResourceOf } from './message-resource';

const MAX_COMMAND = 500;

/** A journal entry as whoever follows the session gets to see it: what it says of files, thoughts and results stays out. */
export async function sessionEventOf(
  ports: Pick<ApiPorts, 'outbox'>,
  sessionId: string,
  entry: JournalEntry,
): Promise<SessionEvent> {
  const head = { seq: entry.seq, at: new Date(entry.atMs).toISOString() };
  switch (entry.kind) {
    case 'message-admitted':
      return { ...head, type: 'message.admitted', message: entry.inboxSeq, requester: entry.requester };
    case 'model-call-started':
      return { ...head, type: 'step.started', step: entry.callNumber, model: entry.model };
    case 'model-call-finished': {
      const { callNumber, stop, content, usage, purpose } = entry;
      // A summary is for the model that goes on.
      const said = { step: callNumber, stop, text: purpose === undefined ? textOf(content) : '' };
      return { ...head, type: 'step.finished', ...said, ...(usage !== undefined && { usage }) };
    }
    case 'tool-started':
      return { ...head, type: 'tool.started', callId: entry.callId, name: entry.name };
    case 'tool-finished': {
      const { callId, name, isError, durationMs, ran } = entry;
      const what = ran && {
        command: ran.command.slice(0, MAX_COMMAND).toWellFormed(),
        exitCode: ran.exitCode,
      };
      return { ...head, type: 'tool.finished', callId, name, isError, durationMs, ...what };
    }
    case 'effect-intended':
      return { ...head, type: 'effect.intended', what: entry.what };
    case 'effect-done':
      return { ...head, type: 'effect.done' };
    case 'briefed':
      return { ...head, type: 'agent.briefed' };
    case 'harness-noted':
      return { ...head, type: 'harness.noted', cause: entry.cause };
    case 'context-compacted':
    case 'results-shortened':
      return { ...head, type: 'context.compacted' };
    case 'checkpoint-saved':
      return { ...head, type: 'checkpoint.saved' };
    case 'checkpoint-restored':
      return { ...head, type: 'checkpoint.restored' };
    case 'wait-until': {
      const { wakeAtMs, reason } = entry;
      return { ...head, type: 'session.waiting', until: new Date(wakeAtMs).toISOString(), reason };
    }
    case 'state-changed': {
      const { from, to, outcome } = entry;
      const ended = outcome && { outcome: await outcomeResourceOf(ports, sessionId, outcome) };
      return { ...head, type: 'status.changed', from, to, ...ended };
    }
  }
}
