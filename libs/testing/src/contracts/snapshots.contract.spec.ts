import type { Snapshots } from '@swe/domain';
import type { MemorySnapshots } from '../memory/memory-snapshots';
import { openMemorySnapshots } from '../memory/open-memory-snapshots';
import { override } from '../memory/override';
import { proveBites } from './run-contract';
import { snapshotsContract } from './snapshots.contract';
import type { SnapshotsSubject } from './snapshots.contract';

type Changes = (snapshots: MemorySnapshots) => Partial<Snapshots>;
const unchanged: Changes = () => ({});

function broken(here: Changes, there: Changes = unchanged) {
  return (): { subject: SnapshotsSubject } => {
    const subject = openMemorySnapshots();
    const machine = ({ snapshots, ...beside }: typeof subject.here, changes: Changes) => ({
      ...beside,
      snapshots: override<Snapshots>(snapshots, changes(snapshots)),
    });
    const changedHere = machine(subject.here, here);
    return {
      subject: {
        ...subject,
        here: changedHere,
        hereAgain: () => override<Snapshots>(subject.hereAgain(), here(subject.here.snapshots)),
        there: machine(subject.there, there),
      },
    };
  };
}

const live = new AbortController().signal;
const deaf = (): Changes => (snapshots) => ({
  take: (directory, since) => snapshots.take(directory, since, live),
});

proveBites('Snapshots', snapshotsContract, {
  'every working copy is named once, nested ones included, an outer one before those in it': broken(
    (snapshots) => ({
      workingCopies: async (signal) => (await snapshots.workingCopies(signal)).toReversed(),
    }),
  ),
  'what was taken comes back: bytes, executable bits and links of every file that is not ignored': broken(
    unchanged,
    (snapshots) => ({
      restore: async (directory, snapshot, signal) => {
        const restored = await snapshots.restore(directory, snapshot, signal);
        const copy = snapshots.workspace.get(directory);
        for (const [path, said] of copy ?? []) copy?.set(path, said.replace('true ', 'false '));
        return restored;
      },
    }),
  ),
  'a state that has the given fingerprint gives nothing; any change gives a snapshot': broken(
    (snapshots) => ({ take: (directory, _since, signal) => snapshots.take(directory, undefined, signal) }),
  ),
  "an outer working copy's snapshot holds none of a nested one's files, and each comes back from its own":
    broken(
      (snapshots) => ({
        take: (directory, since, signal) => {
          for (const [path, said] of snapshots.workspace.get('shop/lib') ?? []) {
            snapshots.workspace.get('shop')?.set(`lib/${path}`, said);
          }
          return snapshots.take(directory, since, signal);
        },
      }),
      (snapshots) => ({
        restore: async (directory, snapshot, signal) => {
          const restored = await snapshots.restore(directory, snapshot, signal);
          snapshots.workspace.get(directory)?.delete('a');
          return restored;
        },
      }),
    ),
  'a file that holds a credential is left out and named': broken((snapshots) => ({
    take: async (...args) => {
      const taken = await snapshots.take(...args);
      return taken && { ...taken, leftOut: [] };
    },
  })),
  'a file too large for a snapshot is left out and named': broken((snapshots) => ({
    take: async (...args) => {
      const taken = await snapshots.take(...args);
      return taken && { ...taken, leftOut: taken.leftOut.filter(({ why }) => why !== 'too-large') };
    },
  })),
  'a snapshot above the limit is `invalid`, naming its directory': broken((snapshots) => ({
    take: async (...args) => {
      try {
        return await snapshots.take(...args);
      } catch {
        return undefined;
      }
    },
  })),
  'a directory that is no working copy is `missing`': broken((snapshots) => ({
    take: (_directory, since, signal) => snapshots.take('shop', since, signal),
  })),
  'restoring where a working copy is already is a `conflict` and changes nothing': broken((snapshots) => ({
    restore: (directory, snapshot, signal) => {
      snapshots.workspace.delete(directory);
      return snapshots.restore(directory, snapshot, signal);
    },
  })),
  'damaged bytes are `invalid` and leave nothing behind': broken(unchanged, (snapshots) => ({
    restore: (directory, snapshot, signal) => {
      snapshots.workspace.set(`${directory}-unfinished`, new Map());
      return snapshots.restore(directory, snapshot, signal);
    },
  })),
  'a workspace is current once it was declared so, on that disk and from then on': broken(() => {
    let isCurrent = false;
    return {
      isCurrent: async () => isCurrent,
      declareCurrent: async () => void (isCurrent = true),
    };
  }),
  'an abort is `cancelled`': broken(deaf()),
});
