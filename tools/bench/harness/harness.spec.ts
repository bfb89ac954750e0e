import { expect, it, jest } from '@jest/globals';
import { recordSession } from '../../prompt-cache/record-session';
import { longJob } from '../../prompt-cache/session-plan';
import { readBaseRequest } from './base-request';
import { performancePage, startFigures, stepRows } from './harness-report';
import type { Course } from './measure';
import { openPacedModel } from './paced-model';

jest.setTimeout(60_000);

it('the first request is of 13 kB at most, all tools included', async () => {
  const { calls } = await recordSession('anthropic', { steps: longJob(1) });
  expect(calls[0]?.bytes).toBeLessThanOrEqual(13_000);
});

it('the base of requests is read out of a second one', () => {
  const system = [{ type: 'text', text: 'You are.', cache_control: { type: 'ephemeral' } }];
  const tool = { name: 'bash', description: 'Runs.', input_schema: { type: 'object' } };
  const messages = [
    { role: 'user', content: [{ type: 'text', text: 'Go.' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'bash', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: '[exit code 0]' }] },
  ];
  expect(readBaseRequest(JSON.stringify({ system, tools: [tool], messages, max_tokens: 9 }))).toEqual({
    system: 'You are.',
    tools: [{ name: 'bash', description: 'Runs.', inputSchema: { type: 'object' } }],
    task: ['Go.'],
    result: '[exit code 0]',
    maxOutputTokens: 9,
  });
});

it('a paced model answers when it is told to', async () => {
  const model = await openPacedModel();
  const ask = () => fetch(`${model.url}/messages`, { method: 'POST', body: 'abc' });
  for (const say of ['One.', 'Two.']) {
    const asked = ask();
    const arrival = await model.next();
    expect(arrival.bytes).toBe(3);
    arrival.answer({ say });
    expect(await (await asked).text()).toContain(say);
  }
  await model.close();
});

it('windows that were not reached are left out, and ratios are of one run', () => {
  const course = (ms: number): Course => ({
    firstRequestMs: 10 * ms,
    firstRequestBytes: 9,
    stepMs: Array(20).fill(ms),
    bytes: Array(20).fill(9),
    connections: 1,
    figures: new Map([[10, { cpuMs: 10 * ms, steps: 10, peakResidentMb: 99 }]]),
  });
  const pairs = [{ agent: course(3), bare: course(2) }];
  const rows = stepRows(pairs);
  expect(rows).toMatchObject([{ step: 10, ratio: 1.5, leastRatio: 1.5, agent: { cpuMsPerStep: 3 } }]);
  const page = performancePage({
    ...{ machine: 'One', rounds: 1, load: 0, steps: rows, shutInSteps: rows },
    ...{ start: startFigures(pairs), baseRequestBytes: 12_000, policies: [] },
  });
  expect(page).toContain('| 10 | 0 kB | 3.0 ms, 3.0 ms | 2.0 ms, 2.0 ms | 1.50 | 1.50 | 3.0 ms | 2.0 ms |');
});
