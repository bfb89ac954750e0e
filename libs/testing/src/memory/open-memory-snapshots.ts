import type { SnapshotMachine, SnapshotsSubject } from '../contracts';
import { emptyDisk, MemorySnapshots } from './memory-snapshots';

const LIMITS = { maxBytes: 60_000, maxFileBytes: 10_000, credential: 'our-token' };

export interface MemorySnapshotMachine extends SnapshotMachine {
  readonly snapshots: MemorySnapshots;
}

/** Two memory machines with what their contract wants beside them. */
export function openMemorySnapshots(): SnapshotsSubject & {
  readonly here: MemorySnapshotMachine;
  readonly there: MemorySnapshotMachine;
} {
  const disk = emptyDisk();
  const here = machineOf(new MemorySnapshots(LIMITS, disk));
  return {
    here,
    hereAgain: () => new MemorySnapshots(LIMITS, disk),
    there: machineOf(new MemorySnapshots(LIMITS)),
    ...LIMITS,
  };
}

function machineOf(snapshots: MemorySnapshots): MemorySnapshotMachine {
  const { workspace } = snapshots;
  /** The innermost working copy that the path lies in, and where in it. */
  const place = (path: string): readonly [Map<string, string>, string] => {
    const directory = [...workspace.keys()]
      .filter((each) => path.startsWith(`${each}/`))
      .sort()
      .at(-1);
    const copy = directory === undefined ? undefined : workspace.get(directory);
    if (directory === undefined || copy === undefined) throw new Error(`${path} is in no working copy`);
    return [copy, path.slice(directory.length + 1)];
  };
  const put = (path: string, said: string): void => {
    const [copy, inside] = place(path);
    copy.set(inside, said);
  };
  return {
    snapshots,
    makeWorkingCopy: async (directory) => void workspace.set(directory, new Map()),
    write: async (path, content, { executable } = { executable: false }) =>
      put(path, `${executable} ${content}`),
    link: async (path, target) => put(path, `link to ${target}`),
    remove: async (path) => {
      const [copy, inside] = place(path);
      copy.delete(inside);
    },
    files: async (directory) => Object.fromEntries(workspace.get(directory) ?? []),
  };
}
