import { isFault } from '@swe/domain';
import type { JournalEntry } from '@swe/domain';
import { outdatedBlobs } from './checkpoint-policy';
import { restoreCheckpoint } from './restore-checkpoint';
import { saveCheckpoint } from './save-checkpoint';
import type { SessionRun } from './session-run';

/** The workspace's checkpoints, taken beside the work. */
export interface KeptCheckpoints {
  /** A step is over: what it changed is saved beside what follows, unless the last checkpoint is too young. */
  begin(): void;
  /** Resolves when none is being taken: what changes the workspace goes on then. */
  taken(): Promise<void>;
  /** Saves what tools changed since the last checkpoint, or whatever changed. */
  save(what?: 'since-tools' | 'anything'): Promise<void>;
}

/**
 * Opens the workspace to the session: on a machine that it never was on, its last checkpoint is put back first, and the
 * model is told. What may work later is thrown, and nothing is saved over a checkpoint that was not put back.
 */
export async function keepCheckpoints(
  run: SessionRun,
  everyMs: number,
  signal: AbortSignal,
): Promise<KeptCheckpoints> {
  const { ports, session, fence } = run;
  const { snapshots, clock, logger } = ports;
  if (!(await snapshots.isCurrent())) {
    await putBack(run, signal);
    await snapshots.declareCurrent();
  }
  let running = Promise.resolve();
  let nextAtMs = -Infinity;

  /** A workspace that cannot be saved is no reason to stop working in it. */
  async function saveNow(): Promise<void> {
    try {
      const point = { sessionId: session.id, fence, journalSeq: run.lastSeq };
      const checkpoint = await saveCheckpoint(ports, point, run.checkpoints.at(-1), signal);
      if (checkpoint !== undefined) run.stage({ entries: [checkpoint] });
      run.toolsSaved(point.journalSeq);
    } catch (error) {
      if (!isFault(error, 'cancelled')) {
        logger.warn('checkpoint.failed', { sessionId: session.id, reason: String(error) });
      }
    }
    nextAtMs = clock.monotonicMs() + everyMs;
  }

  async function saveBesideWork(): Promise<void> {
    const before = run.checkpoints.length;
    await saveNow();
    if (run.checkpoints.length === before) return;
    try {
      // Nothing is deleted before what stands for it is written.
      await run.commit();
      for (const key of outdatedBlobs(run.checkpoints)) await ports.blobs.delete(session.id, key);
    } catch (error) {
      // The work itself writes next, and meets the same; a blob too many does no harm.
      logger.warn('checkpoint.unwritten', { sessionId: session.id, reason: String(error) });
    }
  }

  return {
    begin() {
      if (run.hasUnsavedTools && clock.monotonicMs() >= nextAtMs) running = running.then(saveBesideWork);
    },
    taken: () => running,
    async save(what = 'since-tools') {
      await running;
      if (what === 'anything' || run.hasUnsavedTools) await saveNow();
    },
  };
}

async function putBack(run: SessionRun, signal: AbortSignal): Promise<void> {
  const { ports, session } = run;
  if (run.checkpoints.length === 0) {
    // Nothing to put back; and where nothing ever ran, or it is all there, nothing to tell.
    if (!run.hasUnsavedTools || (await ports.snapshots.workingCopies(signal)).length > 0) return;
  }
  const entries: JournalEntry[] = await Array.fromAsync(ports.journal.read(session.id, 1));
  const note = await restoreCheckpoint(ports, session.id, entries, signal);
  if (note === undefined) return;
  run.stage({ entries: [{ kind: 'checkpoint-restored', atMs: ports.clock.nowMs(), note }] });
  await run.commit();
  ports.observe({ type: 'workspace.restored', note });
}
