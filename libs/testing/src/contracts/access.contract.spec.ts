import type { Access } from '@swe/domain';
import { MemoryAccess } from '../memory/memory-access';
import { accessContract } from './access.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (access: Access) => Partial<Access>) {
  return () => {
    const access = new MemoryAccess();
    return { subject: override<Access>(access, changesOf(access)) };
  };
}

proveBites('Access', accessContract, {
  'who was approved is approved, in that workspace and no other': broken((access) => ({
    isApproved: (_workspace, person) => access.isApproved('slack:T1', person),
  })),
  'a second approval changes nothing: the first one stays': broken((access) => ({
    approve: async (approval) => {
      await access.revoke(approval.workspace, approval.person);
      await access.approve(approval);
    },
  })),
  'a revoked person is approved no more, until approved again; revoking somebody else changes nothing':
    broken(() => ({ revoke: async () => undefined })),
  '`list` gives every approval of the workspace once, oldest first': broken((access) => ({
    list: async (workspace) => (await access.list(workspace)).toReversed(),
  })),
});
