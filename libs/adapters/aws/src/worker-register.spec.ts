import { describe, expect, it } from '@jest/globals';
import { isPast, NO_WORKER, withClaim, withGrave } from './worker-register';
import type { WorkerClaim, WorkerEntry } from './worker-register';

const second: WorkerEntry = { deadGeneration: 1, generation: 2, instanceId: 'i-2', enteredAtMs: 20 };
const claim = (generation: number, instanceId: string, insteadOf?: string): WorkerClaim => ({
  generation,
  instanceId,
  atMs: 30,
  ...(insteadOf !== undefined && { insteadOf }),
});

describe('a claim', () => {
  it.each<[string, WorkerEntry, WorkerClaim, string | undefined]>([
    ['is the first', NO_WORKER, claim(1, 'i-1'), 'i-1'],
    ['of the next generation is entered', second, claim(3, 'i-3'), 'i-3'],
    ['of the same instance for the next generation is entered', second, claim(3, 'i-2'), 'i-2'],
    ['of a generation that has a machine is not', second, claim(2, 'i-3'), 'i-2'],
    ['in the place of its machine is', second, claim(2, 'i-3', 'i-2'), 'i-3'],
    ['in the place of a machine that was replaced is not', second, claim(2, 'i-3', 'i-1'), 'i-2'],
    ['of a generation before is not', second, claim(1, 'i-1'), 'i-2'],
    ['of a dead generation is not', withGrave(NO_WORKER, 1), claim(1, 'i-1'), undefined],
  ])('%s', (_name, entry, claimed, expected) => {
    const after = withClaim(entry, claimed);
    expect(after.instanceId).toBe(expected);
    expect(after === entry).toBe(after.enteredAtMs !== 30);
  });
});

it('a grave stands for all generations before it, and is never taken back', () => {
  const buried = withGrave(second, 4);
  expect([1, 2, 3, 4, 5].map((generation) => isPast(buried, generation))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(withGrave(buried, 2)).toBe(buried);
});
