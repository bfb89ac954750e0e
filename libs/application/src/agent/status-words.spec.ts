import { describe, expect, it } from '@jest/globals';
import { activityWords, statusBody, statusWords } from './status-words';
import type { WorkStatus } from './status-words';

const usage = { inputTokens: 1_000, outputTokens: 200, cacheReadTokens: 30_000, cacheWriteTokens: 34 };
const working: WorkStatus = {
  state: 'working',
  plan: [],
  running: [],
  elapsedMs: 30_000,
  totals: { steps: 1, usage },
};
const bodyOf = (over: Partial<WorkStatus>): string => statusBody(statusWords({ ...working, ...over }));
const bash = (command: string) => ({ name: 'bash', input: { command } });
const item = (text: string, status: 'open' | 'doing' | 'done') => ({ text, status });
const items = (count: number, status: 'open' | 'done') =>
  Array.from({ length: count }, (_, i) => item(`${status} ${i + 1}`, status));

it('is in words: the state, what is being done, the plan, the figures', () => {
  const plan = [item('Read it', 'done'), item('Fix it', 'doing'), item('Test it', 'open')];
  const running = [bash('npm test')];
  const cost = { usd: 0.1234, isWhole: true };
  const totals = { steps: 12, usage };
  expect(bodyOf({ plan, running, elapsedMs: 200_000, totals, cost })).toBe(
    [
      '**Working**: bash `npm test`',
      '',
      '- [x] Read it',
      '- [ ] **Fix it**',
      '- [ ] Test it',
      '',
      '3 min · 12 steps · 31,234 tokens · $0.12',
    ].join('\n'),
  );
});

it.each([
  ['working', '**Working**: bash `ls`'],
  ['paused', '**Paused, I go on by myself**'],
  ['awaiting-checks', '**Waiting for checks**'],
  ['waiting', '**Waiting for you**'],
  ['done', '**Done**'],
  ['stopped', '**Stopped**'],
  ['failed', '**Failed**'],
] as const)('%s', (state, head) => {
  expect(bodyOf({ state, running: [bash('ls')] }).split('\n')[0]).toBe(head);
});

it('says until when checks are waited for', () => {
  const untilMs = Date.UTC(2026, 0, 1, 14, 5);
  expect(bodyOf({ state: 'awaiting-checks', untilMs })).toMatch(
    /^\*\*Waiting for checks until 14:05 UTC\*\*/,
  );
});

it.each([
  ['working', [], 'is thinking...'],
  ['working', [bash('echo `date`')], "is running bash echo 'date'"],
  ['paused', [], ''],
  ['done', [], ''],
] as const)('%s goes on from the agent’s name, without markup', (state, running, words) => {
  expect(activityWords(state, statusWords({ ...working, state, running }))).toBe(words);
});

it.each([
  ['nothing yet', [], ''],
  ['a tool by its name', [{ name: 'read_file', input: { path: 'a' } }], 'read_file'],
  ['a command on one line', [bash('cd shop\n  npm test')], 'bash `cd shop npm test`'],
  ['a long command by its first 60 characters', [bash('x'.repeat(61))], `bash \`${'x'.repeat(60)}…\``],
  ['a command with backticks', [bash('echo `date` `')], "bash `echo 'date' '`"],
  ['a command that is none', [{ name: 'bash', input: { command: 7 } }], 'bash'],
  ['several at once', [bash('a'), bash('b')], 'bash `a`, bash `b`'],
  ['many at once', Array.from({ length: 5 }, () => bash('a')), 'bash `a`, bash `a`, bash `a`, 2 more'],
])('what is being done, %s', (_what, running, words) => {
  expect(statusWords({ ...working, running }).doing).toBe(words);
});

describe('a plan', () => {
  it.each([
    ['whose lines would be Markdown stays a line', [item('a\n# b', 'open')], ['- [ ] a # b']],
    [
      'that is long loses first what is done',
      [...items(20, 'done'), ...items(3, 'open')],
      ['- [x] 8 more', '- [x] done 9'],
    ],
    ['that is longer says how much comes', items(20, 'open'), ['- [ ] open 1', '- [ ] open 2']],
  ])('%s', (_what, plan, begins) => {
    const lines = statusWords({ ...working, plan }).plan.split('\n');
    expect(lines.slice(0, begins.length)).toEqual(begins);
  });

  it('shows what is open now, whatever its length, and fits into any chat', () => {
    const text = '€'.repeat(200);
    const plan = [...items(20, 'done'), item(text, 'doing'), ...Array(29).fill(item(text, 'open'))];
    const body = bodyOf({ plan, running: Array(9).fill(bash(text)) });
    expect(body).toContain('- [x] 20 more\n- [ ] **€');
    expect(body).toContain('- [ ] 15 more');
    expect(body.length).toBeLessThan(4_000);
  });
});

it.each([
  ['no price is known', {}, 'under a minute · 1 step · 31,234 tokens'],
  ['some price is unknown', { cost: { usd: 1, isWhole: false } }, 'at least $1.00'],
  ['next to nothing', { cost: { usd: 0.001, isWhole: true } }, 'under $0.01'],
  ['a rehearsal', { cost: { usd: 0, isWhole: true } }, '$0.00'],
])('figures where %s', (_what, over, words) => {
  expect(bodyOf(over)).toContain(words);
});
