import { describe, expect, it } from '@jest/globals';
import { JOURNAL_VERSION } from '@swe/domain';
import type { JournalEntry, NewJournalEntry } from '@swe/domain';
import { ManualClock, MemoryBlobStore, MemorySnapshots } from '@swe/testing/memory';
import type { Checkpoint } from './checkpoint-policy';
import { callsAfter, candidatesFor } from './checkpoint-policy';
import { restoreCheckpoint } from './restore-checkpoint';
import { saveCheckpoint } from './save-checkpoint';

const never = new AbortController().signal;

/** A machine with these working copies, each of which has one file. */
function machineOf(states: Record<string, string>): MemorySnapshots {
  const snapshots = new MemorySnapshots({ maxBytes: 100 });
  for (const [directory, state] of Object.entries(states)) {
    snapshots.workspace.set(directory, new Map([['file', state]]));
  }
  return snapshots;
}

function journalOf(...entries: NewJournalEntry[]): JournalEntry[] {
  return entries.map((entry, i) => ({ ...entry, seq: i + 1, v: JOURNAL_VERSION }));
}

async function saved(states: Record<string, string>, blobs: MemoryBlobStore, seq: number, last?: Checkpoint) {
  const ports = { snapshots: machineOf(states), blobs, clock: new ManualClock() };
  return saveCheckpoint(ports, { sessionId: 's1', fence: 7, journalSeq: seq }, last, new Set(), never);
}

describe('a checkpoint', () => {
  it('holds what did not change by its older snapshot, and is none when nothing changed', async () => {
    const blobs = new MemoryBlobStore();
    const first = await saved({ a: 'one', b: 'one' }, blobs, 1);
    const second = await saved({ a: 'two', b: 'one' }, blobs, 5, first);
    expect(second?.workingCopies.map(({ blobKey }) => blobKey)).toEqual([
      'checkpoint/5-7/0',
      'checkpoint/1-7/1',
    ]);
    expect(await saved({ a: 'two', b: 'one' }, blobs, 9, second)).toBeUndefined();
    expect((await saved({ a: 'two' }, blobs, 9, second))?.workingCopies).toHaveLength(1);
  });

  it('names a working copy that cannot be saved, keeps its older snapshot and saves the others', async () => {
    const blobs = new MemoryBlobStore();
    const first = await saved({ a: 'one', b: 'one' }, blobs, 1);
    const second = await saved({ a: 'x'.repeat(200), b: 'two' }, blobs, 5, first);
    expect(second?.notSaved).toEqual([{ directory: 'a', why: 'a is too large' }]);
    expect(second?.workingCopies.map(({ takenAtSeq }) => takenAtSeq)).toEqual([1, 5]);
  });

  it('comes back from the one before it when its own blob is damaged, and the model is told', async () => {
    const blobs = new MemoryBlobStore();
    const first = (await saved({ a: 'one' }, blobs, 1))!;
    const second = (await saved({ a: 'two' }, blobs, 3, first))!;
    await blobs.put('s1', 'checkpoint/3-7/0', Buffer.from('damaged'));
    const ran = { command: 'make', cwd: '.', exitCode: 0 };
    const call = { atMs: 0, callId: 'c', name: 'bash' };
    const entries = journalOf(
      { kind: 'wait-until', atMs: 0, wakeAtMs: 0, reason: '' },
      first,
      { kind: 'tool-started', ...call },
      second,
      { kind: 'tool-finished', ...call, content: [], isError: false, durationMs: 0, ran },
    );
    const snapshots = new MemorySnapshots();
    const ports = { snapshots, blobs };
    const restored = await restoreCheckpoint(ports, 's1', entries, never);
    expect(snapshots.workspace).toEqual(new Map([['a', new Map([['file', 'one']])]]));
    expect(restored?.note).toContain('a newer snapshot could not be used: the snapshot is damaged');
    expect(restored?.note).toContain('bash: make');
    expect(callsAfter(entries, 3)).toEqual([]);
    expect(candidatesFor(entries, 'a')).toHaveLength(2);
    expect(await restoreCheckpoint(ports, 's1', [], never)).toBeUndefined();
    const again = await restoreCheckpoint(ports, 's1', entries, never);
    expect(again?.note).toContain('a: restored as it was after entry 1 or later');
  });
});
