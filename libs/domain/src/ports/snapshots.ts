/** A folder of the workspace with a git repository's files checked out in it. */
export interface WorkingCopy {
  /** Relative to the workspace's root; `.` is the root itself. */
  readonly directory: string;
  /** Why no snapshot of it can be taken; absent when one can. */
  readonly unsupported?: string;
}

/** Something that is not in a snapshot, though it is not ignored. */
export interface LeftOut {
  /** Relative to the working copy; in its git directory, `.git/...`. */
  readonly path: string;
  readonly why: 'credential' | 'too-large' | 'unsupported';
}

/** The state of a working copy, apart from the machine it was on. */
export interface Snapshot {
  /** Equal for equal states, whatever the bytes: what `take` compares by. */
  readonly fingerprint: string;
  /** For `restore` alone to read. They tell objects of `source` by their name only, where it has them. */
  readonly bytes: Uint8Array;
  /** The remote's URL without credentials; absent when the working copy has none, or none that may be fetched from. */
  readonly source?: string;
  readonly leftOut: readonly LeftOut[];
  /** Files that changed while they were read, twice: taken as they were then. */
  readonly unsteady: readonly string[];
}

export interface StoredSnapshot {
  readonly bytes: Uint8Array;
  /** Where to fetch from what the bytes leave to the source; the working copy's remote is set to it. */
  readonly source?: string;
}

export interface Restored {
  /** What was there and did not come back, in words: ignored files by their name, hooks, settings, what was left out. */
  readonly lost: readonly string[];
}

/**
 * Working copies taken off a machine and put back on another: HEAD, local and remote-tracking refs, stash and reflogs,
 * the index as it is, an operation in progress, the settings that matter, and every file that is tracked or untracked
 * but not ignored, byte for byte, through no filter. Nothing of the repository's own settings or hooks is ever run.
 *
 * - every working copy is named once, nested ones included, an outer one before those in it
 * - what was taken comes back: bytes, executable bits and links of every file that is not ignored
 * - a state that has the given fingerprint gives nothing; any change gives a snapshot
 * - an outer working copy's snapshot holds none of a nested one's files, and each comes back from its own
 * - a file that holds a credential is left out and named
 * - a file too large for a snapshot is left out and named
 * - a snapshot above the limit is `invalid`, naming its directory
 * - a directory that is no working copy is `missing`
 * - restoring where a working copy is already is a `conflict` and changes nothing
 * - damaged bytes are `invalid` and leave nothing behind
 * - a workspace is current once it was declared so, on that disk and from then on
 * - an abort is `cancelled`
 */
export interface Snapshots {
  /** Whether the session's work goes on in this workspace; else its last checkpoint is to be restored here first. */
  isCurrent(): Promise<boolean>;
  declareCurrent(): Promise<void>;
  workingCopies(signal: AbortSignal): Promise<readonly WorkingCopy[]>;
  /** Undefined when the state still has the fingerprint `since`. Processes may go on writing meanwhile. */
  take(directory: string, since: string | undefined, signal: AbortSignal): Promise<Snapshot | undefined>;
  /**
   * `missing` when the source does not have what the bytes leave to it any more, `transient` when it does not answer or
   * the machine has no room: the snapshot is as good as before.
   */
  restore(directory: string, snapshot: StoredSnapshot, signal: AbortSignal): Promise<Restored>;
}
