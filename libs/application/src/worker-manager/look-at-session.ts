import { isFault } from '@swe/domain';
import type { Manager, ManagerPorts } from './manager-ports';
import { reconcileSession } from './reconcile-session';

/** `unreachable`: the store or the machines could not be asked at the moment, and the same look may do soon. */
export type LookResult = 'looked' | 'failed' | 'unreachable';

/** Looks at one session (`reconcileSession`). A failure is logged and told, never thrown: it holds up no other. */
export async function lookAtSession(
  ports: ManagerPorts,
  manager: Manager,
  sessionId: string,
): Promise<LookResult> {
  try {
    await reconcileSession(ports, manager, sessionId);
    return 'looked';
  } catch (error) {
    const reason = Error.isError(error) ? error.message : String(error);
    const kind = isFault(error) ? error.kind : 'bug';
    ports.logger.error('session.unreconciled', { sessionId, reason, kind });
    return isFault(error, 'transient', 'throttled') ? 'unreachable' : 'failed';
  }
}
