import { styleText } from 'node:util';
import { rulePaths, textOf } from '@swe/domain';
import type { AgentEvent, JournalEntry, Session } from '@swe/domain';
import { printable } from './printable';
import { cut } from './width';

/** A table of sessions, one line each. */
export function sessionsTable(sessions: readonly Session[], columns: number): string {
  const rows = sessions.map((session) => {
    const { id, createdAtMs, totals, title, pullRequests } = session;
    const when = new Date(createdAtMs).toISOString().slice(0, 16).replace('T', ' ');
    const pull = pullRequests[0] === undefined ? '' : ` -> ${pullRequests[0].url}`;
    const steps = `${String(totals.steps).padStart(4)} ${totals.steps === 1 ? 'step ' : 'steps'}`;
    return `${id}  ${when}  ${standing(session).padEnd(8)} ${steps}  ${printable(title)}${pull}`;
  });
  return rows.map((row) => cut(row, columns)).join('\n');
}

/** In a word, where a session stands: while it waits, how its last turn ended. */
function standing({ status, lastTurn }: Session): string {
  return status === 'waiting' ? (lastTurn ?? status) : status;
}

/** The head of a session's page: what it is, where it stands, what came of it and, if that is known, its cost. */
export function sessionHead(session: Session, colour: boolean, cost?: string): string {
  const { id, title, status, lastTurn, requester, model, repositories, totals, pullRequests } = session;
  const bold = (value: string): string =>
    colour ? styleText('bold', value, { validateStream: false }) : value;
  const facts: readonly (readonly [string, string])[] = [
    ['status', lastTurn === undefined ? status : `${status}, last turn ${lastTurn}`],
    ['requester', requester],
    ['model', model ?? '-'],
    ['repositories', repositories.join(', ') || '-'],
    ['steps', String(totals.steps)],
    ['tokens', `${totals.usage.inputTokens} in, ${totals.usage.outputTokens} out`],
    ...(cost === undefined ? [] : [['cost', cost] as const]),
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
      if (entry.purpose !== undefined) return [];
      return [
        {
          type: 'step.started',
          step: entry.callNumber,
          callNumber: entry.callNumber,
          model: entry.model,
        },
      ];
    case 'model-call-finished': {
      if (entry.purpose !== undefined) return [];
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
      const { callId, name, content, isError, durationMs, ran, rules } = entry;
      const what = { callId, name, content, isError, durationMs, ran, ...rulePaths(rules) };
      return [{ type: 'tool.finished', ...what }];
    }
    case 'checkpoint-restored':
      return [{ type: 'workspace.restored', note: entry.note }];
    case 'state-changed':
      return entry.outcome === undefined ? [] : [{ type: 'turn.finished', outcome: entry.outcome }];
    default:
      return [];
  }
}
