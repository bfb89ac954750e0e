import { resultContent, textOf, toolCallsOf, toUsd } from '@swe/domain';
import type { JournalEntry, JournalEntryOf, JsonValue, ToolCallContent } from '@swe/domain';
import { cutMiddle } from '@swe/domain/api';
import type { CallResource, FollowQuery, SessionEvent } from '@swe/domain/api';
import { wordsOfMessage } from '../../agent/introduction';
import type { ApiPorts } from './api-ports';
import { outcomeResourceOf } from './message-resource';

const MAX_COMMAND = 500;
/** More than a page shows of one result, and few enough that a long session fits into a browser. */
const MAX_OUTPUT = 16_000;
const MAX_ARGUMENT = 8_000;

/** A journal entry as whoever follows the session gets to see it: what it says of files and thoughts stays out. */
export async function sessionEventOf(
  ports: Pick<ApiPorts, 'outbox'>,
  sessionId: string,
  entry: JournalEntry,
  { detail }: FollowQuery,
): Promise<SessionEvent> {
  const head = { seq: entry.seq, at: new Date(entry.atMs).toISOString() };
  const isFull = detail !== 'brief';
  switch (entry.kind) {
    case 'message-admitted':
      return {
        ...head,
        type: 'message.admitted',
        message: entry.inboxSeq,
        requester: entry.requester,
        ...(isFull && { said: cutMiddle(wordsOfMessage(entry.content, entry.requester), MAX_OUTPUT) }),
      };
    case 'model-call-started':
      return { ...head, type: 'step.started', step: entry.callNumber, model: entry.model };
    case 'model-call-finished':
      return {
        ...head,
        type: 'step.finished',
        ...stepOf(entry),
        ...(isFull && {
          calls: toolCallsOf(entry.content).map(callResourceOf),
          ...(entry.failure !== undefined && { failure: entry.failure }),
        }),
      };
    case 'tool-started':
      return { ...head, type: 'tool.started', callId: entry.callId, name: entry.name };
    case 'tool-finished': {
      const { callId, name, isError, durationMs, ran } = entry;
      const what = ran && {
        command: ran.command.slice(0, MAX_COMMAND).toWellFormed(),
        exitCode: ran.exitCode,
      };
      const output = isFull && { output: cutMiddle(textOf(resultContent(entry)), MAX_OUTPUT) };
      return { ...head, type: 'tool.finished', callId, name, isError, durationMs, ...what, ...output };
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

function stepOf({
  callNumber,
  stop,
  content,
  usage,
  purpose,
  durationMs,
  bill,
}: JournalEntryOf<'model-call-finished'>) {
  return {
    step: callNumber,
    stop,
    // A summary is for the model that goes on.
    text: purpose === undefined ? textOf(content) : '',
    durationMs,
    ...(usage !== undefined && { usage }),
    ...(bill !== undefined && { costUsd: toUsd(bill.nanoUsd) }),
  };
}

const callResourceOf = ({ callId, name, input }: ToolCallContent): CallResource => ({
  callId,
  name,
  input: shortened(input),
});

/** With every text in it cut that is long. */
function shortened(value: JsonValue): JsonValue {
  if (typeof value === 'string') return cutMiddle(value, MAX_ARGUMENT).text;
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shortened(each)]));
}
