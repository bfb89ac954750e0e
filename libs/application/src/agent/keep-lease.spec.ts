import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { Lease } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { keepLease } from './keep-lease';

const timing = { leaseTtlMs: 30_000, heartbeatMs: 10_000 };
const taken: Lease = { sessionId: 's1', holder: 'agent-1', generation: 0, fence: 1, revision: 1 };

/** A lease whose renewals fail as `failures` say, one after another; undefined renews. */
function openLease(...failures: (Error | undefined)[]) {
  const clock = new ManualClock(0);
  const renewals: { readonly revision: number; readonly dueAtMs: number; readonly atMs: number }[] = [];
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (event: string) => warnings.push(event),
    error() {},
    with: () => logger,
  };
  const store = {
    renewLease: async (lease: Lease, dueAtMs: number): Promise<Lease> => {
      renewals.push({ revision: lease.revision, dueAtMs, atMs: clock.nowMs() });
      const failure = failures[renewals.length - 1];
      if (failure !== undefined) throw failure;
      return { ...lease, revision: lease.revision + 1 };
    },
  };
  const lease = keepLease(
    { store, clock, logger } as unknown as Parameters<typeof keepLease>[0],
    taken,
    timing,
  );
  return { lease, clock, renewals, warnings };
}

describe('a kept lease', () => {
  it('is renewed at every beat, each time from the revision it has by then', async () => {
    const { lease, clock, renewals } = openLease();
    expect(lease.current()).toBe(taken);
    await clock.advance(25_000);
    expect(renewals).toEqual([
      { revision: 1, dueAtMs: 40_000, atMs: 10_000 },
      { revision: 2, dueAtMs: 50_000, atMs: 20_000 },
    ]);
    expect(lease.current()).toEqual({ ...taken, revision: 3 });
    await lease.close();
  });

  it('survives a store that is down for a moment', async () => {
    const { lease, clock, renewals, warnings } = openLease(
      new Fault('transient', 'busy'),
      new Error('reset'),
    );
    await clock.advance(30_000);
    expect(renewals.map(({ revision }) => revision)).toEqual([1, 1, 1]);
    expect(lease.current().revision).toBe(2);
    expect(lease.lost.aborted).toBe(false);
    expect(warnings).toEqual(['lease.unrenewed', 'lease.unrenewed']);
    await lease.close();
  });

  it('is lost when another has taken it, and is not asked for again', async () => {
    const { lease, clock, renewals, warnings } = openLease(new Fault('conflict', 'taken'));
    await clock.advance(60_000);
    expect(lease.lost.aborted).toBe(true);
    expect(renewals).toHaveLength(1);
    expect(warnings).toEqual([]);
    await lease.close();
  });

  it('is not renewed once it is closed', async () => {
    const { lease, clock, renewals } = openLease();
    await lease.close();
    await clock.advance(60_000);
    expect(renewals).toEqual([]);
    expect(lease.lost.aborted).toBe(false);
    expect(clock.sleeping).toBe(0);
  });
});
