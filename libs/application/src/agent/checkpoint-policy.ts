import { HARNESS_NOTE } from '@swe/domain';
import type { JournalEntry, JournalEntryOf, SavedWorkingCopy } from '@swe/domain';

export type Checkpoint = JournalEntryOf<'checkpoint-saved'>;

const MAX_NAMED = 20;
const MAX_COMMAND_CHARACTERS = 200;
/** So many snapshots of a working copy are kept: the newest, and what a damaged one falls back to. */
const MAX_SNAPSHOTS = 3;

/** The newest checkpoint; undefined when nothing was ever saved. */
export function latestCheckpoint(entries: readonly JournalEntry[]): Checkpoint | undefined {
  return entries.findLast((entry) => entry.kind === 'checkpoint-saved');
}

/** The snapshots that a directory of the newest checkpoint can be restored from, newest first, each blob once. */
export function candidatesFor(entries: readonly JournalEntry[], directory: string): SavedWorkingCopy[] {
  const saved = entries
    .filter((entry) => entry.kind === 'checkpoint-saved')
    .flatMap(({ workingCopies }) => workingCopies.filter((copy) => copy.directory === directory))
    .reverse();
  return saved
    .filter((copy, i) => saved.findIndex(({ blobKey }) => blobKey === copy.blobKey) === i)
    .slice(0, MAX_SNAPSHOTS);
}

/**
 * Blobs that nobody falls back to any more since the checkpoints from index `from` on were saved. `checkpoints` are all
 * of a session's, oldest first.
 */
export function outdatedBlobs(checkpoints: readonly Checkpoint[], from: number): string[] {
  const kept = keptBlobs(checkpoints);
  const before = keptBlobs(checkpoints.slice(0, from));
  const since = checkpoints.slice(from).flatMap(({ workingCopies }) => workingCopies);
  return [...before.union(new Set(since.map(({ blobKey }) => blobKey)))].filter((key) => !kept.has(key));
}

function keptBlobs(checkpoints: readonly Checkpoint[]): ReadonlySet<string> {
  const byDirectory = new Map<string, Set<string>>();
  for (const { directory, blobKey } of checkpoints
    .toReversed()
    .flatMap(({ workingCopies }) => workingCopies)) {
    const keys = byDirectory.get(directory) ?? new Set();
    if (keys.size < MAX_SNAPSHOTS) keys.add(blobKey);
    byDirectory.set(directory, keys);
  }
  return new Set([...byDirectory.values()].flatMap((keys) => [...keys]));
}

/** Tool calls that were started after entry `journalSeq`, in words: what they did to files is lost. */
export function callsAfter(entries: readonly JournalEntry[], journalSeq: number): string[] {
  const later = entries.filter(({ seq }) => seq > journalSeq);
  return later.flatMap((entry) => {
    if (entry.kind !== 'tool-started') return [];
    const end = later.find((each) => each.kind === 'tool-finished' && each.callId === entry.callId);
    const command = end?.kind === 'tool-finished' ? end.ran?.command : undefined;
    return [command === undefined ? entry.name : `${entry.name}: ${shortened(command)}`];
  });
}

function shortened(command: string): string {
  const [line = '', ...more] = command.trim().split('\n');
  const isCut = more.length > 0 || line.length > MAX_COMMAND_CHARACTERS;
  return isCut ? `${line.slice(0, MAX_COMMAND_CHARACTERS)}...` : line;
}

/** How one working copy came back. */
export interface RestoredCopy {
  readonly directory: string;
  /** Absent when none of its snapshots could be restored. */
  readonly from?: SavedWorkingCopy;
  /** It was there already, put back by a try that was cut off: from this snapshot, or from a newer one. */
  readonly orNewer?: boolean;
  /** Why newer snapshots, or all, could not be. */
  readonly failures: readonly string[];
  readonly lost: readonly string[];
}

const NEW_MACHINE = `${HARNESS_NOTE} This is a new machine.`;
const LOST_CALLS = 'What these later tool calls did to files is lost; do it again where it is needed';

/** What the model is told when its machine went away before anything was saved; undefined when it had done nothing. */
export function nothingSavedNote(entries: readonly JournalEntry[]): string | undefined {
  const calls = callsAfter(entries, 0);
  if (calls.length === 0) return undefined;
  return `${NEW_MACHINE} The one before went away before anything was saved, and no working copy is there.\n${list(LOST_CALLS, calls)}`;
}

/** What the model is told about files that people sent and that could not be put back; nothing when there are none. */
export function lostFilesNote(paths: readonly string[]): string {
  return list(
    `${HARNESS_NOTE} These files that people sent are lost; ask for them again where they are needed`,
    paths,
  );
}

/** What the model is told about a workspace that was put back. */
export function restoreNote(
  checkpoint: Checkpoint,
  copies: readonly RestoredCopy[],
  entries: readonly JournalEntry[],
): string {
  const notSaved = new Set(checkpoint.notSaved.map(({ directory }) => directory));
  const older = copies.filter(
    ({ directory, failures, orNewer }) => failures.length > 0 || orNewer === true || notSaved.has(directory),
  );
  const oldest = Math.min(checkpoint.journalSeq, ...older.map(({ from }) => from?.takenAtSeq ?? 0));
  return [
    `${NEW_MACHINE} The workspace was restored from the checkpoint after journal entry ${checkpoint.journalSeq}.`,
    ...copies.flatMap(linesFor),
    ...checkpoint.notSaved.map(
      ({ directory, why }) => `${directory}: its last state could not be saved: ${why}`,
    ),
    list(LOST_CALLS, callsAfter(entries, oldest)),
    'Processes, installed packages and other ignored files, empty folders and files outside the working copies did not survive; files that people sent are there as they were sent.',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function linesFor({ directory, from, orNewer, failures, lost }: RestoredCopy): string[] {
  const missing = [...(from?.leftOut ?? []).map(({ path, why }) => `${path} (${why})`), ...lost];
  const is =
    from === undefined
      ? 'could not be restored'
      : `restored as it was after entry ${from.takenAtSeq}${orNewer === true ? ' or later: look at it' : ''}`;
  return [
    `${directory}: ${is}.`,
    ...failures.map((failure) => `${directory}: a newer snapshot could not be used: ${failure}`),
    list(`${directory}: did not come back`, [...new Set(missing)]),
    list(`${directory}: changed while it was saved, look at it before relying on it`, from?.unsteady ?? []),
  ];
}

function list(title: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > MAX_NAMED ? [`and ${names.length - MAX_NAMED} more`] : [];
  return [`${title}:`, ...[...names.slice(0, MAX_NAMED), ...more].map((name) => `- ${name}`)].join('\n');
}
