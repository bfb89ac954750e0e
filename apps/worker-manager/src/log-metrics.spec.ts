import { expect, it } from '@jest/globals';
import { DEFAULT_MANAGER_TIMING, sweep, sweepOrphans } from '@swe/application/worker-manager';
import type { ManagerPorts } from '@swe/application/worker-manager';
import { measureLine, WORKER_MANAGER_METRICS } from '@swe/config/log-metrics';
import { Fault } from '@swe/domain';
import { lineLogger } from '@swe/runtime';
import { memoryAgentPorts, MemoryCompute, MemoryDirectory, override } from '@swe/testing/memory';

const MANAGER = { name: 'manager', timing: DEFAULT_MANAGER_TIMING };
const HOUR_MS = 60 * 60_000;

it('every metric of the worker manager is measured of lines that it writes', async () => {
  const lines: Record<string, unknown>[] = [];
  const compute = new MemoryCompute();
  const memory = memoryAgentPorts([]);
  const { store, clock } = memory;
  const ports: ManagerPorts = {
    ...memory,
    store,
    outbox: memory.outbox,
    compute,
    directory: new MemoryDirectory(),
    random: { fraction: () => 0.5 },
    logger: lineLogger((line) => lines.push(JSON.parse(line))),
  };
  const say = (origin: string) =>
    store.receive({
      messageKey: origin,
      origin,
      requester: 'local:ada',
      addressed: true,
      body: { kind: 'text', text: 'Please.' },
      receivedAtMs: clock.nowMs(),
    });

  // One comes up, and is counted.
  await say('terminal:1');
  await sweep(ports, MANAGER);
  // One never does.
  await say('terminal:2');
  const full = async () => {
    throw new Fault('transient', 'there is no capacity');
  };
  for (let hour = 0; hour < DEFAULT_MANAGER_TIMING.maxStartAttempts; hour += 1) {
    await sweep({ ...ports, compute: override(compute, { ensure: full }) }, MANAGER);
    await clock.advance(HOUR_MS);
  }
  // And one is nobody's.
  await compute.ensure('s-nobody', 1);
  await sweepOrphans(ports, MANAGER);

  const counted = WORKER_MANAGER_METRICS.map((metric) => [
    metric.name,
    lines.flatMap((line) => measureLine(metric, line) ?? []).length,
  ]);
  expect(Object.fromEntries(counted)).toEqual({
    Errors: expect.any(Number),
    SessionsStarting: 1,
    SessionsWorking: 1,
    SessionsWaiting: 1,
    SessionsAsleep: 1,
    MachinesUnavailable: expect.any(Number),
    SessionsGivenUp: 1,
    LeakedMachines: 1,
  });
  expect(counted.filter(([, lines]) => lines === 0)).toEqual([]);
});
