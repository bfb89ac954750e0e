import { describe, expect, it } from '@jest/globals';
import type { AgentEvent } from '@swe/domain';
import { transcript } from './transcript';

const done = { isError: false, durationMs: 1_200 };

function show(events: readonly AgentEvent[], { columns = 80, colour = false } = {}): string {
  let shown = '';
  let nowMs = 0;
  const clock = { monotonicMs: () => (nowMs += 1_000) };
  const observe = transcript({ write: (text) => (shown += text), columns, colour, clock });
  events.forEach(observe);
  return shown;
}

const edit: AgentEvent[] = [
  {
    type: 'tool.started',
    callId: 'a',
    name: 'edit_file',
    input: { path: 'src/fare.js', edits: [{ oldText: 'let a;\nlet b = 3;', newText: 'let a;\nlet b = 4;' }] },
  },
  {
    type: 'tool.finished',
    callId: 'a',
    name: 'edit_file',
    content: [{ type: 'text', text: 'Changed.' }],
    ...done,
  },
];

describe('the transcript', () => {
  it('shows words as they stream, the step’s time and tokens, and the outcome', () => {
    const usage = { inputTokens: 100, outputTokens: 7, cacheReadTokens: 12_000, cacheWriteTokens: 0 };
    expect(
      show([
        { type: 'session.opened', sessionId: 's1', title: 'Fix it' },
        { type: 'message.admitted', text: 'Fix it', requester: 'local:ada' },
        { type: 'step.started', step: 1, model: 'rehearsal/x' },
        { type: 'text.streamed', text: 'I ' },
        { type: 'text.streamed', text: 'fixed it.' },
        { type: 'step.finished', step: 1, stop: 'end-turn', usage, durationMs: 2_500 },
        { type: 'turn.finished', outcome: { kind: 'answered', replyKey: 'k' } },
      ]),
    ).toBe(
      [
        'Session s1: Fix it',
        '',
        '> Fix it',
        '',
        '--- step 1 (rehearsal/x)',
        '',
        'I fixed it.',
        '  [2.5 s, 12.1k tokens in (12.0k from cache), 7 out; 1.0 s in all]',
        '',
        'Answered.',
        '',
      ].join('\n'),
    );
  });

  it('shows an edit as a diff', () => {
    expect(show(edit)).toBe(
      '* edit_file src/fare.js\n      let a;\n    - let b = 3;\n    + let b = 4;\n  ok (1.2 s)\n',
    );
  });

  it('shows why an edit was refused instead of what it would have changed', () => {
    const [started, finished] = edit;
    if (started === undefined || finished?.type !== 'tool.finished') throw new Error('the fixture changed');
    const shown = show([started, { ...finished, isError: true }]);
    expect(shown).toContain('Changed.');
    expect(shown).not.toContain('+ let b');
  });

  it('folds long output and tells the exit code', () => {
    const output = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
    const shown = show([
      { type: 'tool.started', callId: 'a', name: 'bash', input: { command: 'seq 100\nfalse' } },
      {
        type: 'tool.finished',
        callId: 'a',
        name: 'bash',
        content: [{ type: 'text', text: output }],
        isError: true,
        durationMs: 10,
        ran: { command: 'seq', cwd: '/', exitCode: 1 },
      },
    ]);
    expect(shown).toContain('* bash seq 100 ; false');
    expect(shown).toContain('... 82 more lines ...');
    expect(shown).toContain('  x exit code 1 (0.0 s)');
    expect(shown.split('\n')).toHaveLength(22);
  });

  it('names the tool at its end while others still run', () => {
    const start = (callId: string): AgentEvent => ({
      type: 'tool.started',
      callId,
      name: 'read_file',
      input: {},
    });
    const end = (callId: string): AgentEvent => ({
      type: 'tool.finished',
      callId,
      name: 'read_file',
      content: [],
      ...done,
    });
    expect(show([start('a'), start('b'), end('b'), end('a')])).toMatch(
      /ok read_file \(1\.2 s\)\n[^]*ok \(1\.2 s\)/,
    );
  });

  it('says a delivered post once: not again when it was just streamed', () => {
    const post = (body: string): AgentEvent => ({ type: 'post.delivered', effectKey: 'k', body });
    const words: AgentEvent = { type: 'text.streamed', text: 'All done.' };
    expect(show([words, post('All done.')]).match(/All done\./g)).toHaveLength(1);
    expect(show([words, post('Half done.')])).toContain('| Half done.');
  });

  it('lets nothing that was printed move the cursor or rename the window', () => {
    const hostile = 'ok\u001b[2J\u001b]0;owned\u0007\r\u009b31mred\u202egnp.exe';
    const shown = show([
      { type: 'session.opened', sessionId: 's1', title: hostile },
      { type: 'text.streamed', text: hostile },
      { type: 'step.started', step: 1, model: hostile },
      { type: 'step.finished', step: 1, stop: 'error', durationMs: 1, failure: hostile },
      { type: 'tool.started', callId: 'b', name: hostile, input: { command: hostile } },
      { type: 'tool.started', callId: 'a', name: hostile, input: { command: hostile } },
      {
        type: 'tool.finished',
        callId: 'a',
        name: hostile,
        content: [{ type: 'text', text: hostile }],
        ...done,
      },
      { type: 'post.delivered', effectKey: 'k', body: hostile },
      { type: 'turn.finished', outcome: { kind: 'failed', cause: hostile } },
    ]);
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it.each([40, 80, 160])('keeps tool lines within %i columns', (columns) => {
    const long = 'x'.repeat(500);
    const shown = show(
      [
        { type: 'tool.started', callId: 'a', name: 'bash', input: { command: long } },
        {
          type: 'tool.finished',
          callId: 'a',
          name: 'bash',
          content: [{ type: 'text', text: long }],
          ...done,
        },
      ],
      { columns },
    );
    for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('has colours only when asked to', () => {
    expect(show(edit, { colour: true })).toContain('\u001b[32m');
    expect(show(edit)).not.toContain('\u001b');
  });
});
