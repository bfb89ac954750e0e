import { describe, expect, it } from '@jest/globals';
import type { AgentEvent, CostOf, Usage } from '@swe/domain';
import { transcript } from './transcript';

const done = { isError: false, durationMs: 1_200 };

interface Shown {
  readonly columns?: number;
  readonly colour?: boolean;
  readonly costOf?: CostOf;
}

function show(
  events: readonly AgentEvent[],
  { columns = 80, colour = false, costOf = () => undefined }: Shown = {},
): string {
  let shown = '';
  let nowMs = 0;
  const clock = { monotonicMs: () => (nowMs += 1_000) };
  const write = (text: string): void => void (shown += text);
  const observe = transcript({ write, columns: () => columns, colour, clock, costOf });
  events.forEach(observe);
  return shown;
}

function step(model: string): readonly AgentEvent[] {
  const usage: Usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return [
    { type: 'step.started', step: 1, callNumber: 1, model },
    { type: 'step.finished', step: 1, stop: 'end-turn', usage, durationMs: 1 },
  ];
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
        { type: 'step.started', step: 1, callNumber: 1, model: 'rehearsal/x' },
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
        '  [2.5 s, 12.1k in (12.0k cached), 7 out; in all 1.0 s]',
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

  it('names the rules that came with a result', () => {
    const [started, finished] = edit;
    if (started === undefined || finished?.type !== 'tool.finished') throw new Error('the fixture changed');
    const shown = show([started, { ...finished, rules: ['shop/AGENTS.md', 'shop/CLAUDE.md'] }]);
    expect(shown).toMatch(/ok [^\n]*\n {2}rules: shop\/AGENTS.md, shop\/CLAUDE.md\n$/);
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

  it('names the call at its end unless its title stands right above', () => {
    const start = (callId: string): AgentEvent => ({
      type: 'tool.started',
      callId,
      name: 'read_file',
      input: { path: `${callId}.js` },
    });
    const end = (callId: string): AgentEvent => ({
      type: 'tool.finished',
      callId,
      name: 'read_file',
      content: [{ type: 'text', text: `in ${callId}` }],
      ...done,
    });
    expect(show([start('a'), start('b'), end('b'), end('a'), start('c'), end('c')]).split('\n')).toEqual([
      '* read_file a.js',
      '* read_file b.js',
      '    in b',
      '  ok (1.2 s)',
      '    in a',
      '  ok read_file a.js (1.2 s)',
      '* read_file c.js',
      '    in c',
      '  ok (1.2 s)',
      '',
    ]);
  });

  it('tells each step’s cost and that of all so far', () => {
    const prices: Readonly<Record<string, number>> = { 'm/dear': 0.5, 'm/cheap': 0.0123, 'm/free': 0 };
    const costOf = (modelId: string): number | undefined => prices[modelId];
    const shown = show([...step('m/dear'), ...step('m/cheap'), ...step('m/free')], { costOf });
    expect(shown.match(/\$[\d.]+/g)).toEqual(['$0.5000', '$0.5000', '$0.0123', '$0.5123', '$0', '$0.5123']);
  });

  it('shows no cost for a model without known prices, and never $0', () => {
    const costOf = (modelId: string): number | undefined => (modelId === 'm/known' ? 0.25 : undefined);
    expect(show(step('m/unknown'), { costOf })).not.toContain('$');
    const mixed = show([...step('m/known'), ...step('m/unknown')], { costOf });
    expect(mixed.match(/(at least )?\$[\d.]+/g)).toEqual(['$0.2500', '$0.2500', 'at least $0.2500']);
  });

  it('wraps what is said at words, with one blank line before it and none after', () => {
    const events: AgentEvent[] = [
      { type: 'text.streamed', text: '\n\nThe fare is com' },
      { type: 'text.streamed', text: 'puted twice.\n' },
      { type: 'text.streamed', text: '\n' },
      ...step('m/1').slice(1),
    ];
    expect(show(events, { columns: 12 }).split('\n').slice(0, 4)).toEqual([
      '',
      'The fare is',
      'computed',
      'twice.',
    ]);
    expect(show(events)).toContain('twice.\n  [');
  });

  it('shows a question whole, once', () => {
    const question =
      'Should children under four pay nothing at all, or half of the price like the older ones?';
    const shown = show([
      { type: 'tool.started', callId: 'a', name: 'ask_user', input: { question } },
      { type: 'post.delivered', effectKey: 'k', body: question },
    ]);
    expect(shown).toBe(
      '* ask_user\n| Should children under four pay nothing at all, or half of the price like the\n| older ones?\n',
    );
  });

  it('says once that it was stopped, and names the session once however often it is opened', () => {
    const opened: AgentEvent = { type: 'session.opened', sessionId: 's1', title: 'Fix it' };
    const shown = show([
      opened,
      { type: 'turn.finished', outcome: { kind: 'stopped' } },
      { type: 'post.delivered', effectKey: 'k', body: 'Stopped.' },
      opened,
    ]);
    expect(shown).toBe('Session s1: Fix it\n\nStopped.\n');
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
      { type: 'step.started', step: 1, callNumber: 1, model: hostile },
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
