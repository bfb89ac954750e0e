import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage, MessageBody } from '../events/incoming-message';
import { newSession } from './new-session';
import { session } from './session';
import { sessionIdOf } from './session-id';

function from(body: MessageBody): IncomingMessage {
  return {
    messageKey: 'm1',
    origin: 'terminal:1',
    requester: 'local:ada',
    addressed: true,
    body,
    receivedAtMs: 1_000,
  };
}

describe('a new session', () => {
  it('is queued, empty, and belongs to its origin and round', () => {
    const opened = newSession(from({ kind: 'text', text: 'Fix the shop.' }), 3);
    expect(session.parse(opened)).toEqual(opened);
    expect(opened).toEqual({
      id: sessionIdOf('terminal:1', 3),
      revision: 0,
      status: 'queued',
      origin: 'terminal:1',
      round: 3,
      requester: 'local:ada',
      title: 'Fix the shop.',
      repositories: [],
      pullRequests: [],
      totals: {
        steps: 0,
        usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
      },
      cursor: 0,
      generation: 0,
      createdAtMs: 1_000,
      updatedAtMs: 1_000,
    });
  });

  it.each<[string, MessageBody, string]>([
    ['its first line with words', { kind: 'text', text: '\n\n  Fix it. \r\nIt is broken.' }, 'Fix it.'],
    ['the first 80 characters of it', { kind: 'text', text: 'x'.repeat(81) }, 'x'.repeat(80)],
    ['no half of an emoji', { kind: 'text', text: '😀'.repeat(81) }, '😀'.repeat(80)],
    ['nothing when nothing was said', { kind: 'text', text: ' \n ' }, ''],
    ['the command, when it is one', { kind: 'command', command: 'stop' }, 'stop'],
  ])('takes as its title %s', (_name, body, title) => {
    expect(newSession(from(body), 1).title).toBe(title);
  });

  it('that begins with files alone is called by their names', () => {
    const files = [
      { ref: 'slack:T/F1', name: 'shot.png' },
      { ref: 'slack:T/F2', name: 'log.txt' },
    ];
    expect(newSession(from({ kind: 'text', text: ' ', files }), 1).title).toBe('shot.png, log.txt');
  });
});
