import { expect } from '@jest/globals';
import type { Access, Approval } from '@swe/domain';
import type { Contract } from './run-contract';

const HERE = 'slack:T1';
const THERE = 'slack:T2';

export const accessContract = {
  async 'who was approved is approved, in that workspace and no other'(access) {
    await access.approve(approvalOf('slack:T1/ada'));
    expect(await access.isApproved(HERE, 'slack:T1/ada')).toBe(true);
    expect(await access.isApproved(THERE, 'slack:T1/ada')).toBe(false);
    expect(await access.isApproved(HERE, 'slack:T1/ad')).toBe(false);
  },

  async 'a second approval changes nothing: the first one stays'(access) {
    const first = approvalOf('slack:T1/ada');
    await access.approve(first);
    await access.approve({ ...first, by: 'slack:T1/eve', atMs: 9 });
    expect(await access.list(HERE)).toEqual([first]);
  },

  async 'a revoked person is approved no more, until approved again; revoking somebody else changes nothing'(
    access,
  ) {
    await access.approve(approvalOf('slack:T1/ada'));
    await access.revoke(HERE, 'slack:T1/bob');
    await access.revoke(THERE, 'slack:T1/ada');
    expect(await access.isApproved(HERE, 'slack:T1/ada')).toBe(true);
    await access.revoke(HERE, 'slack:T1/ada');
    await access.revoke(HERE, 'slack:T1/ada');
    expect(await access.isApproved(HERE, 'slack:T1/ada')).toBe(false);
    expect(await access.list(HERE)).toEqual([]);
    const again = { ...approvalOf('slack:T1/ada'), atMs: 9 };
    await access.approve(again);
    expect(await access.list(HERE)).toEqual([again]);
  },

  async '`list` gives every approval of the workspace once, oldest first'(access) {
    const approvals = [3, 1, 2].map((atMs) => ({ ...approvalOf(`slack:T1/user ${5 - atMs}`), atMs }));
    for (const approval of approvals) await access.approve(approval);
    await access.approve({ ...approvalOf('slack:T2/bob'), workspace: THERE });
    expect((await access.list(HERE)).map(({ atMs }) => atMs)).toEqual([1, 2, 3]);
    expect(await access.list(HERE)).toEqual(approvals.toSorted((a, b) => a.atMs - b.atMs));
  },
} satisfies Contract<Access>;

function approvalOf(person: string): Approval {
  return { workspace: HERE, person, by: 'slack:T1/admin', atMs: 1 };
}
