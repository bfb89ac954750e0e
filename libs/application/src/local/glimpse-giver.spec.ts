import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EMPTY_GLIMPSE, MAX_GLIMPSE } from '@swe/domain';
import type { AgentEvent, Glimpse } from '@swe/domain';
import { ManualClock, MemoryWorkspace } from '@swe/testing/memory';
import { GLIMPSE_MS, GlimpseGiver } from './glimpse-giver';

let clock: ManualClock;
let workspace: MemoryWorkspace;
let given: Glimpse[];
let giver: GlimpseGiver;

beforeEach(async () => {
  clock = new ManualClock();
  workspace = new MemoryWorkspace();
  given = [];
  giver = new GlimpseGiver({ glimpses: { put: async (_id, glimpse) => void given.push(glimpse) }, clock });
  giver.watch({ workspace, processes: { spoolDirectory: '.spool' } });
  giver.observe({ type: 'session.opened', sessionId: 's1', title: 'Fix it.' });
  await clock.advance(GLIMPSE_MS);
});
afterEach(() => giver[Symbol.asyncDispose]());

const started = (callNumber: number): AgentEvent => ({
  type: 'step.started',
  step: 1,
  callNumber,
  model: 'm/x',
});
const streamed = (text: string): AgentEvent => ({ type: 'text.streamed', text });
const stepped: AgentEvent = { type: 'step.finished', step: 1, stop: 'end-turn', durationMs: 1 };
const running: AgentEvent = { type: 'tool.started', callId: 'c-1', name: 'bash', input: {} };
const ran: AgentEvent = {
  type: 'tool.finished',
  callId: 'c-1',
  name: 'bash',
  content: [],
  isError: false,
  durationMs: 1,
};
const print = (text: string): Promise<void> =>
  workspace.write('.spool/c-1.log', new TextEncoder().encode(text));

it('takes away what a process that died left behind', () => {
  expect(given).toEqual([EMPTY_GLIMPSE]);
});

it('gives an answer as it grows, many words at once, until it is there', async () => {
  giver.observe(started(2));
  giver.observe({ type: 'reasoning.streamed', text: 'a thought' });
  for (let n = 0; n < 100; n += 1) giver.observe(streamed('a'));
  await clock.advance(GLIMPSE_MS - 1);
  expect(given.at(-1)).toEqual({ step: { step: 2, text: 'a' }, running: [] });
  await clock.advance(1);
  expect(given.at(-1)).toEqual({ step: { step: 2, text: 'a'.repeat(100) }, running: [] });
  giver.observe(stepped);
  await clock.advance(10 * GLIMPSE_MS);
  expect([given.length, given.at(-1), clock.sleeping]).toEqual([4, EMPTY_GLIMPSE, 0]);
});

it('gives the end of what is long', async () => {
  giver.observe(streamed('a'.repeat(MAX_GLIMPSE)));
  giver.observe(streamed('the end'));
  await clock.advance(GLIMPSE_MS);
  const { step } = given.at(-1) ?? EMPTY_GLIMPSE;
  expect(step?.text).toHaveLength(MAX_GLIMPSE);
  expect(step?.text).toMatch(/^…a+the end$/);
});

it('gives the last lines that a command printed, while it runs', async () => {
  giver.observe(running);
  await clock.advance(GLIMPSE_MS);
  expect(given).toEqual([EMPTY_GLIMPSE, EMPTY_GLIMPSE]);
  await print('1 passed\n');
  await clock.advance(GLIMPSE_MS);
  expect(given.at(-1)).toEqual({ running: [{ callId: 'c-1', output: '1 passed\n' }] });
  await print(`${'é'.repeat(MAX_GLIMPSE)}\n2 passed\n`);
  await clock.advance(GLIMPSE_MS);
  expect(given.at(-1)).toEqual({ running: [{ callId: 'c-1', output: '2 passed\n' }] });
  giver.observe(ran);
  await clock.advance(GLIMPSE_MS);
  expect([given.at(-1), clock.sleeping]).toEqual([EMPTY_GLIMPSE, 0]);
});

it('leaves nothing to see behind, and nobody waiting', async () => {
  giver.observe(streamed('I look'));
  await clock.advance(1);
  await giver[Symbol.asyncDispose]();
  giver.observe(streamed('more'));
  await clock.advance(GLIMPSE_MS);
  expect([given.at(-1), clock.sleeping]).toEqual([EMPTY_GLIMPSE, 0]);
});
