import { styleText } from 'node:util';
import { textOf } from '@swe/domain';
import type { AgentEvent, JournalEntry, Session } from '@swe/domain';
import { printable } from './printable';

/** A table of sessions, one line each. */
export function sessionsTable(sessions: readonly Session[], columns: number): string {
  const rows = sessions.map(({ id, status, createdAtMs, totals, title, pullRequests }) => {
    const when = new Date(createdAtMs).toISOString().slice(0, 16).replace('T', ' ');
    const pull = pullRequests[0] === undefined ? '' : ` -> ${pullRequests[0].url}`;
    return `${id}  ${when}  ${status.padEnd(8)} ${String(totals.steps).padStart(4)} steps  ${printable(title)}${pull}`;
  });
  return rows.map((row) => (row.length > columns ? `${row.slice(0, columns - 3)}...` : row)).join('\n');
}

/** The head of a session's page: what it is, where it stands, what came of it. */
export function sessionHead(session: Session, colour: boolean): string {
  const { id, title, status, requester, model, repositories, totals, pullRequests } = session;
  const bold = (value: string): string =>
    colour ? styleText('bold', value, { validateStream: false }) : value;
  const facts: readonly (readonly [string, string])[] = [
    ['status', status],
    ['requester', requester],
    ['model', model ?? '-'],
    ['repositories', repositories.join(', ') || '-'],
    ['steps', String(totals.steps)],
    ['tokens', `${totals.usage.inputTokens} in, ${totals.usage.outputTokens} out`],
    ['pull requests', pullRequests.map(({ url }) => url).join(', ') || '-'],
  ];
  const lines = facts.map(([name, value]) => `  ${name.padEnd(14)} ${printable(value)}`);
  return [bold(`${id}  ${printable(title)}`), ...lines].join('\n');
}

/** The live events that a journal's entry stands for, so that a past session is shown as it was seen. */
export function eventsOf(entry: JournalEntry): readonly AgentEvent[] {
  switch (entry.kind) {
    case 'message-admitted':
      return [{ type: 'message.admitted', text: textOf(entry.content), requester: entry.requester }];
    case 'model-call-started':
      return [{ type: 'step.started', step: entry.callNumber, model: entry.model }];
    case 'model-call-finished': {
      const { callNumber: step, stop, usage, durationMs, failure, content } = entry;
      const words = textOf(content);
      const calls = content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
      return [
        ...(words === '' ? [] : [{ type: 'text.streamed', text: words } as const]),
        { type: 'step.finished', step, stop, durationMs, usage, failure },
        ...calls.map(({ callId, name, input }) => ({ type: 'tool.started', callId, name, input }) as const),
      ];
    }
    case 'tool-finished': {
      const { callId, name, content, isError, durationMs, ran } = entry;
      return [{ type: 'tool.finished', callId, name, content, isError, durationMs, ran }];
    }
    case 'state-changed':
      return entry.outcome === undefined ? [] : [{ type: 'turn.finished', outcome: entry.outcome }];
    default:
      return [];
  }
}
