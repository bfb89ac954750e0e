import { isFault } from '@swe/domain';
import type { InboxItem, Session } from '@swe/domain';
import { failSession, unreadable } from '../agent/fail-session';
import { settleLeftCalls } from '../agent/reserve-call';
import { stageAdmission } from '../agent/stage-admission';
import { stageStoppedAsleep } from '../agent/turn-end';
import { openSessionRun, stageStatus } from '../agent/session-run';
import type { WritingPorts } from '../agent/agent-ports';
import type { SessionRun } from '../agent/session-run';
import type { Manager, ManagerPorts } from './manager-ports';
import { withLease } from './with-lease';

/**
 * `stop` and `end` for a session that no machine serves; none is started for them, and a turn that was put down ends.
 * Messages that are deleted, or whose senders are refused, are passed over.
 */
export async function runCommands(
  ports: ManagerPorts,
  manager: Manager,
  session: Session,
  inbox: readonly InboxItem[],
): Promise<void> {
  const quiet = { ...ports, observe: () => undefined };
  await withLease(ports, manager, session, async (current, fence) => {
    let run: SessionRun<WritingPorts>;
    try {
      run = await openSessionRun(quiet, current, fence, () => undefined);
    } catch (error) {
      if (!isFault(error, 'invalid')) throw error;
      return failSession(ports, current, fence, unreadable(current, fence, error));
    }
    await runIn(run, inbox, ports.directory);
    if (run.endRequested) await settleLeftCalls(ports.ledger, run);
  });
}

async function runIn(
  run: SessionRun<WritingPorts>,
  inbox: readonly InboxItem[],
  directory: ManagerPorts['directory'],
): Promise<void> {
  const nothingRuns = { endProcesses: async () => 0, directory };
  const ranCommand = await stageAdmission(run, inbox, nothingRuns);
  if (ranCommand && run.openMessages.length > 0) stageStoppedAsleep(run);
  if (run.endRequested) {
    stageStatus(run, 'session.ended');
    run.stage({ session: { manageAtMs: run.ports.clock.nowMs() } });
  } else if (run.session.status === 'queued' && run.openMessages.length === 0) {
    stageStatus(run, 'work.absent');
  }
  try {
    await run.commit();
  } catch (error) {
    // A message came behind the `end`, or was edited: the next look finds them all.
    if (!isFault(error, 'conflict')) throw error;
  }
}
