import type { InboxItem, Session } from '@swe/domain';
import { postOf, stageStatus } from '../agent/session-run';
import type { Manager, ManagerPorts } from './manager-ports';
import { withLease } from './with-lease';

/**
 * Tells the person that their messages cannot be worked on, and why: each gets its outcome. A further message is
 * tried again.
 */
export async function failSession(
  ports: ManagerPorts,
  manager: Manager,
  session: Session,
  inbox: readonly InboxItem[],
  cause: string,
): Promise<void> {
  await withLease(ports, manager, session, async (run) => {
    const open = [...run.openMessages, ...inbox.filter(isOpen).map(({ seq }) => seq)];
    const body = `I can't start: ${cause}\n\nSend a message to make me try again.`;
    stageStatus(run, 'session.failed');
    run.stage({
      admitted: inbox,
      outcomes: open.map((seq) => ({ seq, outcome: { kind: 'failed', cause } })),
      outbox: [postOf(run, `${session.id}/cannot-start-${session.generation}`, body)],
      session: { failure: cause, startAttempts: undefined, retryAtMs: undefined, wakeAtMs: undefined },
    });
    await run.commit();
  });
}

function isOpen({ outcome }: InboxItem): boolean {
  return outcome === undefined;
}
