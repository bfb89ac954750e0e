import { expect, it } from '@jest/globals';
import { DEFAULT_PATIENCE, DEFAULT_TURN_LIMITS, routeChat, runSession } from '@swe/application/agent';
import type { AgentProfile } from '@swe/application/agent';
import { AGENT_METRICS, measureLine } from '@swe/config/log-metrics';
import { FREE } from '@swe/domain';
import { lineLogger } from '@swe/runtime';
import { memoryAgentPorts } from '@swe/testing/memory';
import { activityLog } from './activity-log';

const WAITED_MS = 90_000;
const PROFILE: AgentProfile = {
  system: 'You are a test.',
  tools: [],
  limits: DEFAULT_TURN_LIMITS,
  patience: DEFAULT_PATIENCE,
  spending: {
    priceOf: () => ({ ...FREE, prices: { ...FREE.prices, output: 10 } }),
    capNanoUsd: 10_000_000_000,
  },
  endProcesses: async () => 0,
};
const USAGE = { inputTokens: 11, outputTokens: 100_000, cacheReadTokens: 7, cacheWriteTokens: 5 };

it('every metric of the agent is measured of lines that it writes', async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = lineLogger((line) => lines.push(JSON.parse(line)));
  const ports = memoryAgentPorts([
    { failure: { kind: 'denied', message: 'no access' } },
    { say: 'Done.', usage: USAGE },
  ]);
  const { store, clock } = ports;
  let { observe } = activityLog({ clock, logger, residentBytes: () => 42 });
  const say = async (messageKey: string) =>
    store.receive({
      messageKey,
      origin: 'terminal:1',
      requester: 'local:ada',
      addressed: true,
      body: { kind: 'text', text: 'Please.' },
      receivedAtMs: clock.nowMs(),
    });
  const { sessionId } = await say('m1');
  const serve = (holder: string) =>
    runSession({ ...ports, logger, observe }, { sessionId, holder, generation: 0 }, PROFILE);

  // A machine comes up for it.
  await clock.advance(WAITED_MS);
  ({ observe } = activityLog({ clock, logger, residentBytes: () => 42 }));
  await serve('agent-1');
  await say('m2');
  await serve('agent-2');
  // A post that no chat takes.
  const nowhere = routeChat({}, logger);
  await expect(nowhere.post('pager:1', { body: 'Hello?' }, 'key')).rejects.toThrow();

  const measured = AGENT_METRICS.map((metric) => {
    const values = lines.flatMap((line) => measureLine(metric, line) ?? []);
    return [metric.name, values.length > 0 ? values.reduce((sum, value) => sum + value, 0) : undefined];
  });
  expect(Object.fromEntries(measured)).toEqual({
    Errors: 1,
    TimeToReady: WAITED_MS,
    TimeToFirstPost: WAITED_MS,
    TimeToAnswer: 0,
    TurnsFailed: 1,
    ModelFailures: 1,
    InputTokens: 11,
    CacheReadTokens: 7,
    CacheWriteTokens: 5,
    OutputTokens: 100_000,
    // The call that failed is counted at the most that it may have cost.
    Dollars: 1.32768,
  });
});
