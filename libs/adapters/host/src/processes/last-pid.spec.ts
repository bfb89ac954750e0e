import { describe, expect, it } from '@jest/globals';
import { cameAfter, countedBefore } from './last-pid';
import type { LastPid } from './last-pid';

const at = (pid: number, atMs = 0): LastPid => ({ pid, atMs });

describe('what was read before a child is relied on', () => {
  it('when the child has its place in the count', () => {
    expect(countedBefore(101, at(100), at(101))).toEqual(at(100));
    // Somebody else began something meanwhile.
    expect(countedBefore(102, at(100), at(103))).toEqual(at(100));
  });

  it.each([
    ['nobody says it', undefined, undefined],
    ['it is always 0', at(0), at(0)],
    ['it is the host’s, which has more', at(500_000), at(500_001)],
    ['it is the host’s, which has fewer', at(50), at(51)],
    ['it is of a while ago', at(90), at(90)],
    ['the numbers began anew', at(32_767), at(301)],
    ['it is no number', at(Number.NaN), at(Number.NaN)],
  ])('but not when %s', (_when, before, after) => {
    expect(countedBefore(101, before, after)).toBeUndefined();
  });
});

describe('who came after a pid', () => {
  /** A count that says these one after the other, and who is there at that time. */
  function proc(said: readonly LastPid[], exists: (pid: number) => boolean = () => false) {
    const left = [...said];
    return { last: () => (left.length > 1 ? left.shift() : left[0]), exists };
  }

  it('is nobody when no pid was given out, or all who got one are gone', () => {
    expect(cameAfter(at(100), proc([at(100, 5)]))).toBe('nobody');
    expect(cameAfter(at(100), proc([at(103, 5)]))).toBe('nobody');
  });

  it('is whoever has a greater one when one of them is there', () => {
    expect(
      cameAfter(
        at(100),
        proc([at(103, 5)], (pid) => pid === 103),
      ),
    ).toBe('greater');
    expect(cameAfter(at(100), proc([at(900, 5)]))).toBe('greater');
  });

  it('is also who was left by one that was gone when it was tried', () => {
    const hopping = proc([at(102, 5), at(103, 6)], (pid) => pid === 103);
    expect(cameAfter(at(100), hopping)).toBe('greater');
  });

  it.each([
    ['nothing is known of before', undefined, [at(103, 5)]],
    ['that is so long ago that pids may have come again', at(100), [at(103, 100)]],
    ['they may have come again while it was tried', at(100), [at(102, 99), at(103, 100)]],
    ['the numbers have begun anew', at(100), [at(99, 5)]],
    ['they have begun anew while it was tried', at(100), [at(102, 5), at(101, 6)]],
  ])('may be anybody when %s', (_when, earlier, said) => {
    expect(cameAfter(earlier, proc(said))).toBe('anybody');
  });
});
