import { SECRET } from '../contracts';
import type { WorkspaceSubject } from '../contracts';
import { MemoryWorkspace } from './memory-workspace';

/** A memory workspace with what its contract wants beside it. */
export function openMemoryWorkspace(workspace = new MemoryWorkspace()): WorkspaceSubject {
  const outside = '/outside';
  workspace.put(`${outside}/secret`, SECRET);
  return {
    workspace,
    outside,
    link: async (path, target) => workspace.link(path, target),
    makeExecutable: async (path) => workspace.makeExecutable(path),
    filesOutside: async () => workspace.files(outside),
  };
}
