import { describe, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import type { AgentEvent } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { activityLog } from './activity-log';

function open() {
  const clock = new ManualClock();
  const lines: { event: string; [field: string]: unknown }[] = [];
  const logger = { info: (event: string, fields = {}) => void lines.push({ event, ...fields }) };
  return { clock, lines, ...activityLog({ clock, logger, residentBytes: () => 42 }) };
}

describe('what an agent logs', () => {
  const said = 'sk-what-was-said';
  it.each<AgentEvent>([
    { type: 'session.opened', sessionId: 's', title: said },
    { type: 'message.admitted', text: said, requester: 'local:ada', receivedAtMs: 0 },
    { type: 'text.streamed', text: said },
    { type: 'reasoning.streamed', text: said },
    { type: 'workspace.restored', note: said },
    { type: 'tool.started', callId: 'c', name: 'bash', input: { command: said } },
    {
      type: 'tool.finished',
      callId: 'c',
      name: 'bash',
      content: [text(said)],
      isError: false,
      durationMs: 1,
    },
    { type: 'post.delivered', effectKey: 'k', body: said },
    { type: 'turn.finished', outcome: { kind: 'failed', cause: said } },
  ])('holds nothing of what was said or done: $type', (event) => {
    const { observe, lines } = open();
    observe(event);
    expect(JSON.stringify(lines)).not.toContain(said);
  });

  it('tells which tool ran, for how long, and how it ended', () => {
    const { observe, lines } = open();
    observe({ type: 'tool.finished', callId: 'c', name: 'bash', content: [], isError: true, durationMs: 7 });
    expect(lines).toEqual([
      { event: 'tool.finished', callId: 'c', tool: 'bash', isError: true, durationMs: 7 },
    ]);
  });
});

it('a process says every minute that it lives, and since when it did nothing', async () => {
  const { clock, observe, lines, keepReporting } = open();
  const end = new AbortController();
  const reporting = keepReporting(end.signal);
  await clock.advance(50_000);
  observe({ type: 'text.streamed', text: 'Hm.' });
  await clock.advance(70_000);
  end.abort();
  await reporting;
  expect(lines).toEqual([
    { event: 'agent.alive', upMs: 60_000, last: 'text.streamed', lastAgoMs: 10_000, residentBytes: 42 },
    { event: 'agent.alive', upMs: 120_000, last: 'text.streamed', lastAgoMs: 70_000, residentBytes: 42 },
  ]);
});
