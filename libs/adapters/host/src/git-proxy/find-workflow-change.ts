import type { WorkflowFinding } from '@swe/domain';
import { ProvenObjects } from './proven-objects';
import type { GitObjects } from './proven-objects';

/** What the host itself says of its branches. */
export interface BaseBranches {
  /** The branch that the session's work in a repository starts from; undefined while it has no commit at all. */
  baseBranch(repository: string): Promise<string | undefined>;
  isOnBranch(repository: string, branch: string, sha: string): Promise<boolean>;
}

const TREE = '40000';
const FOLDER = '.github';
const WORKFLOWS = 'workflows';

/**
 * Whether the workflow files of `commit` are others than those it started from. No pack is read for that: an object's id
 * is the hash of its content, so commit, root tree and `.github` tree, hashed here, prove which tree of workflows the
 * commit has, whoever hands them over; and that the commit it started from is one of the base branch the host says.
 */
export async function findWorkflowChange(
  repository: string,
  commit: string,
  objects: GitObjects,
  branches: BaseBranches,
  signal: AbortSignal,
): Promise<WorkflowFinding> {
  const proven = new ProvenObjects(objects, signal);
  const pushed = await workflowsOf(commit, proven);
  if (pushed === undefined) return 'unreadable';
  const base = await branches.baseBranch(repository);
  if (base === undefined) return pushed === '' ? 'unchanged' : 'changed';
  let isAnyReadable = false;
  for (const start of await objects.forkPoints(commit, base, signal)) {
    const before = await workflowsOf(start, proven);
    if (before === undefined) continue;
    if (before !== pushed) isAnyReadable = true;
    else if (await branches.isOnBranch(repository, base, start)) return 'unchanged';
  }
  return isAnyReadable ? 'changed' : 'unreadable';
}

/** Everything named `.github/workflows` in a commit, by ids; undefined where that is not proven. */
async function workflowsOf(commit: string, proven: ProvenObjects): Promise<string | undefined> {
  const rootId = (await proven.commit(commit))?.tree;
  const root = rootId === undefined ? undefined : await proven.tree(rootId);
  if (root === undefined) return undefined;
  const found: string[] = [];
  // In any case of letters, and as often as it is there: a host may see in a tree what git does not.
  for (const folder of root.filter(({ name }) => name.toLowerCase() === FOLDER)) {
    if (folder.mode !== TREE) {
      found.push(`${folder.name} ${folder.mode} ${folder.id}`);
      continue;
    }
    const inside = await proven.tree(folder.id);
    if (inside === undefined) return undefined;
    for (const { name, mode, id } of inside.filter(({ name }) => name.toLowerCase() === WORKFLOWS)) {
      found.push(`${folder.name}/${name} ${mode} ${id}`);
    }
  }
  return found.join('\n');
}
