import { describe, expect, it } from '@jest/globals';
import { JOURNAL_VERSION } from '@swe/domain';
import type { JournalEntry, NewJournalEntry, SavedWorkingCopy } from '@swe/domain';
import { callsAfter, candidatesFor, latestCheckpoint, outdatedBlobs, restoreNote } from './checkpoint-policy';
import type { Checkpoint } from './checkpoint-policy';

const saved = (directory: string, takenAtSeq: number): SavedWorkingCopy => ({
  directory,
  blobKey: `checkpoint/${takenAtSeq}/0`,
  fingerprint: `f${takenAtSeq}`,
  takenAtSeq,
  leftOut: [],
  unsteady: [],
});
const checkpoint = (journalSeq: number, ...workingCopies: SavedWorkingCopy[]): Checkpoint => ({
  kind: 'checkpoint-saved',
  atMs: 0,
  journalSeq,
  workingCopies,
  notSaved: [],
});
const started = (callId: string, name: string) => ({ kind: 'tool-started', atMs: 0, callId, name }) as const;
const finished = (callId: string, command: string): NewJournalEntry => ({
  kind: 'tool-finished',
  atMs: 0,
  callId,
  name: 'bash',
  content: [],
  isError: false,
  durationMs: 1,
  ran: { command, cwd: '/w', exitCode: 0 },
});
const journalOf = (...entries: readonly NewJournalEntry[]): JournalEntry[] =>
  entries.map((entry, i) => ({ ...entry, seq: i + 1, v: JOURNAL_VERSION }));

const [older, newer] = [checkpoint(0, saved('shop', 0)), checkpoint(2, saved('shop', 2), saved('lib', 2))];

describe('the checkpoint to restore', () => {
  it.each([
    ['is none when nothing was saved', [], undefined],
    ['is the newest', [older, started('a', 'bash'), newer], 2],
  ] as const)('%s', (_name, entries, journalSeq) => {
    expect(latestCheckpoint(journalOf(...entries))?.journalSeq).toBe(journalSeq);
  });

  it('falls back to the one before, each blob once, for the same directory', () => {
    const again = checkpoint(3, saved('shop', 2));
    const keys = (directory: string) =>
      candidatesFor(journalOf(older, newer, again), directory).map(({ takenAtSeq }) => takenAtSeq);
    expect(keys('shop')).toEqual([2, 0]);
    expect(keys('lib')).toEqual([2]);
    expect(keys('nowhere')).toEqual([]);
  });
});

it('the newest three snapshots of a working copy are kept, and what newer ones pushed out is told', () => {
  const at = (...seqs: number[]): Checkpoint[] => seqs.map((seq) => checkpoint(seq, saved('shop', seq)));
  expect(outdatedBlobs(at(1, 2, 3), 0)).toEqual([]);
  expect(outdatedBlobs(at(1, 2, 3, 4), 3)).toEqual(['checkpoint/1/0']);
  expect(outdatedBlobs(at(1, 2, 3, 4, 5), 4)).toEqual(['checkpoint/2/0']);
  expect(outdatedBlobs(at(1, 2, 3, 4, 5), 3).toSorted()).toEqual(['checkpoint/1/0', 'checkpoint/2/0']);
  expect(outdatedBlobs(at(1, 2, 3, 4, 5), 0)).toEqual(['checkpoint/1/0', 'checkpoint/2/0']);
  const unchanged = [...at(1, 2, 3), checkpoint(4, saved('shop', 3), saved('lib', 4))];
  expect(outdatedBlobs(unchanged, 3)).toEqual([]);
});

it('what was called after it is told by its command, or its name', () => {
  const entries = journalOf(
    started('a', 'bash'),
    finished('a', 'npm test'),
    started('b', 'bash'),
    finished('b', 'make'),
    started('c', 'write_file'),
  );
  expect(callsAfter(entries, 2)).toEqual(['bash: make', 'write_file']);
  expect(callsAfter(entries, 5)).toEqual([]);
});

it('the model is told what came back, what did not, and what it has to do again', () => {
  const entries = journalOf(
    older,
    started('a', 'write_file'),
    newer,
    started('b', 'bash'),
    finished('b', 'make'),
  );
  const note = restoreNote(
    newer,
    [
      { directory: 'shop', from: saved('shop', 2), failures: [], lost: ['.git/hooks'] },
      { directory: 'lib', failures: ['the blob is damaged'], lost: [] },
    ],
    entries,
  );
  expect(note).toContain('shop: restored as it was after entry 2.');
  expect(note).toContain('shop: did not come back:\n- .git/hooks\n');
  expect(note).toContain('lib: could not be restored.');
  expect(note).toContain('the blob is damaged');
  expect(note).toContain('bash: make');
  expect(note).toMatch(/Processes, installed packages/);
});
