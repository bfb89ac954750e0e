import { expect } from '@jest/globals';
import type { Compute, Worker } from '@swe/domain';
import { allPages } from './all-pages';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface ComputeSubject {
  readonly compute: Compute;
  /** How many machines of that generation can act now. */
  acting(sessionId: string, generation: number): Promise<number>;
  /** Lets the machine of the generation end by itself, leaving behind what it started. */
  crash(sessionId: string, generation: number): Promise<void>;
  /** From now on there is no capacity. */
  exhaust(): void;
}

const UP: readonly Worker['state'][] = ['starting', 'running'];

export const computeContract = {
  async 'two concurrent `ensure` of a session give one worker'({ compute, acting }) {
    const workers = await Promise.all([1, 2, 3].map(() => compute.ensure('s1', 1)));
    expect(new Set(workers.map(({ workerId }) => workerId)).size).toBe(1);
    expect(await acting('s1', 1)).toBe(1);
    expect(await compute.describe('s1')).toMatchObject({ sessionId: 's1', generation: 1 });
    expect(UP).toContain((await compute.describe('s1'))?.state);
    expect(await compute.describe('s2')).toBeUndefined();
  },

  async '`ensure` of a later generation gives a new worker, which is the one described from then on'({
    compute,
    acting,
  }) {
    const first = await compute.ensure('s1', 1);
    await compute.stop(first.workerId);
    const second = await compute.ensure('s1', 2);
    expect(await acting('s1', 2)).toBe(1);
    expect(await compute.describe('s1')).toMatchObject({ generation: 2, workerId: second.workerId });
    expect(UP).toContain((await compute.describe('s1'))?.state);
  },

  async 'a worker that ends by itself is seen `stopped`'({ compute, crash }) {
    await compute.ensure('s1', 1);
    await crash('s1', 1);
    expect(await compute.describe('s1')).toMatchObject({ generation: 1, state: 'stopped' });
  },

  async '`stop` ends a worker, and is harmless when it has ended'({ compute, acting }) {
    const { workerId } = await compute.ensure('s1', 1);
    const other = await compute.ensure('s2', 1);
    await compute.stop(workerId);
    await compute.stop(workerId);
    expect(await acting('s1', 1)).toBe(0);
    expect(await compute.describe('s1')).toMatchObject({ state: 'stopped' });
    expect(await acting('s2', 1)).toBe(1);
    await compute.stop(other.workerId);
    await compute.stop('nobody');
  },

  async 'only workers this system started are listed, each once, page by page'({ compute }) {
    const sessions = ['s1', 's2', 's3'];
    for (const id of sessions) await compute.ensure(id, 1);
    const listed = await allPages((page) => compute.list(page));
    expect(listed.map(({ sessionId }) => sessionId).sort()).toEqual(sessions);
  },

  async '`confirmDead` ends what is left of a generation, and is true once none of it can act any more'({
    compute,
    acting,
    crash,
  }) {
    await compute.ensure('s1', 1);
    expect(await compute.confirmDead('s1', 1)).toBe(true);
    expect(await acting('s1', 1)).toBe(0);
    await compute.ensure('s1', 2);
    await crash('s1', 2);
    expect(await compute.confirmDead('s1', 2)).toBe(true);
    expect(await acting('s1', 2)).toBe(0);
    await compute.ensure('s1', 3);
    expect(await compute.confirmDead('s1', 2)).toBe(true);
    expect(await compute.confirmDead('s9', 1)).toBe(true);
    expect(await acting('s1', 3)).toBe(1);
  },

  async '`ensure` of a generation that was confirmed dead, or of one before it, is a `conflict` and starts nothing'({
    compute,
    acting,
  }) {
    const { workerId } = await compute.ensure('s1', 2);
    await compute.confirmDead('s1', 2);
    await compute.terminate(workerId);
    await compute.confirmDead('s2', 1);
    for (const [id, generation] of [
      ['s1', 2],
      ['s1', 1],
      ['s2', 1],
    ] as const) {
      await expectFault(compute.ensure(id, generation), 'conflict');
      expect(await acting(id, generation)).toBe(0);
    }
    await compute.ensure('s1', 3);
    await compute.ensure('s2', 2);
    expect([await acting('s1', 3), await acting('s2', 2)]).toEqual([1, 1]);
  },

  async '`terminate` forgets the worker'({ compute, acting }) {
    const { workerId } = await compute.ensure('s1', 1);
    await compute.terminate(workerId);
    expect(await acting('s1', 1)).toBe(0);
    expect((await compute.describe('s1'))?.state ?? 'terminated').toBe('terminated');
    await compute.terminate(workerId);
  },

  async 'no capacity is `transient`'({ compute, exhaust }) {
    exhaust();
    await expectFault(compute.ensure('s1', 1), 'transient');
    expect(UP).not.toContain((await compute.describe('s1'))?.state);
  },
} satisfies Contract<ComputeSubject>;
