import { isFault } from '@swe/domain';
import type { JournalEntry } from '@swe/domain';
import { lostFilesNote, outdatedBlobs } from './checkpoint-policy';
import type { FileRestorer } from './put-back-files';
import { restoreCheckpoint } from './restore-checkpoint';
import type { RestoredWorkspace } from './restore-checkpoint';
import { saveCheckpoint } from './save-checkpoint';
import type { SessionRun } from './session-run';

/** The workspace's checkpoints, taken beside the work. */
export interface KeptCheckpoints {
  /** A step is over: what it changed is saved beside what follows, once the last checkpoint is old enough. */
  begin(): void;
  /** Resolves when none is being taken: what changes the workspace goes on then. */
  taken(): Promise<void>;
  /** Saves what tools changed since the last checkpoint, or whatever changed since any tool ran. */
  save(what?: 'since-tools' | 'anything'): Promise<void>;
  /** Ends one that is being taken. */
  close(): Promise<void>;
}

/** How many checkpoints before this run are looked at for blobs that a run which died did not delete. */
const LOOKED_BACK = 10;

/**
 * Opens the workspace to the session: on a machine that it never was on, its last checkpoint and the files
 * that people sent are put back first, and the model is told. What may work later is thrown, and nothing is saved over a checkpoint that was not put back.
 */
export async function keepCheckpoints(
  run: SessionRun,
  everyMs: number,
  lost: AbortSignal,
  putBackFiles: FileRestorer = async () => [],
): Promise<KeptCheckpoints> {
  const { ports, session, fence } = run;
  const { snapshots, clock, logger } = ports;
  const closed = new AbortController();
  const signal = AbortSignal.any([lost, closed.signal]);
  if (!(await snapshots.isCurrent())) {
    await putBack(run, putBackFiles, signal);
    await snapshots.declareCurrent();
  }
  let running = Promise.resolve();
  let nextAtMs = -Infinity;
  let isDue = false;
  let pruned = Math.max(0, run.checkpoints.length - LOOKED_BACK);

  /** A workspace that cannot be saved is no reason to stop working in it. */
  async function saveNow(): Promise<void> {
    try {
      const point = { sessionId: session.id, fence, journalSeq: run.settledSeq };
      const last = run.checkpoints.at(-1);
      const checkpoint = await saveCheckpoint(ports, point, last, run.unrestored, signal);
      if (checkpoint !== undefined) run.stage({ entries: [checkpoint] });
      else if (last === undefined || last.notSaved.length === 0) run.toolsSaved(point.journalSeq);
    } catch (error) {
      if (!isFault(error, 'cancelled')) {
        logger.warn('checkpoint.failed', { sessionId: session.id, reason: String(error) });
      }
    }
    nextAtMs = clock.monotonicMs() + everyMs;
  }

  async function saveBesideWork(): Promise<void> {
    isDue = false;
    if (signal.aborted || !run.hasUnsavedTools) return;
    const before = run.checkpoints.length;
    await saveNow();
    if (run.checkpoints.length === before) return;
    try {
      // Nothing is deleted before what stands for it is written.
      await run.commit();
    } catch (error) {
      // The work writes next, and meets the same.
      logger.warn('checkpoint.unwritten', { sessionId: session.id, reason: String(error) });
      return;
    }
    await prune();
  }

  async function prune(): Promise<void> {
    const outdated = outdatedBlobs(run.checkpoints, pruned);
    pruned = run.checkpoints.length;
    try {
      for (const key of outdated) await ports.blobs.delete(session.id, key);
    } catch (error) {
      logger.warn('checkpoint.undeleted', { sessionId: session.id, reason: String(error) });
    }
  }

  async function saveWhenDue(): Promise<void> {
    // A timer may ring a little early, and one may be taken meanwhile.
    while (isDue && !signal.aborted && clock.monotonicMs() < nextAtMs) {
      await clock.sleep(nextAtMs - clock.monotonicMs(), signal);
    }
    if (isDue) running = running.then(saveBesideWork);
  }

  return {
    begin() {
      if (!run.hasUnsavedTools || isDue) return;
      isDue = true;
      if (clock.monotonicMs() >= nextAtMs) running = running.then(saveBesideWork);
      else void saveWhenDue();
    },
    taken: () => running,
    async save(what = 'since-tools') {
      await running;
      isDue = false;
      if (what === 'anything' ? run.hasToolRun : run.hasUnsavedTools) await saveNow();
    },
    async close() {
      closed.abort();
      await running;
    },
  };
}

async function putBack(run: SessionRun, putBackFiles: FileRestorer, signal: AbortSignal): Promise<void> {
  const { ports } = run;
  const restored = await putBackWorkingCopies(run, signal);
  // Behind the working copies: one of them may be the whole workspace.
  const lostFiles = await putBackFiles(run.files);
  if (restored === undefined && lostFiles.length === 0) return;
  const note = [restored?.note ?? '', lostFilesNote(lostFiles)].filter((each) => each !== '').join('\n');
  const atMs = ports.clock.nowMs();
  const unrestored = [...(restored?.unrestored ?? [])];
  run.stage({ entries: [{ kind: 'checkpoint-restored', atMs, note, unrestored }] });
  await run.commit();
  ports.observe({ type: 'workspace.restored', note });
}

async function putBackWorkingCopies(
  { ports, session, checkpoints, hasUnsavedTools }: SessionRun,
  signal: AbortSignal,
): Promise<RestoredWorkspace | undefined> {
  if (checkpoints.length === 0) {
    // Nothing to put back; and where nothing ever ran, or it is all there, nothing to tell.
    if (!hasUnsavedTools || (await ports.snapshots.workingCopies(signal)).length > 0) return undefined;
  }
  const entries: JournalEntry[] = await Array.fromAsync(ports.journal.read(session.id, 1));
  return restoreCheckpoint(ports, session.id, entries, signal);
}
