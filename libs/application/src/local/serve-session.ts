import { Fault } from '@swe/domain';
import { runWorker } from '../agent';
import type { AgentPorts, SessionWorker, WorkerTiming } from '../agent';
import { agentProfile } from './agent-profile';
import type { ProfileOptions, SessionMachine, ToolPorts } from './agent-profile';

export interface ServeOptions extends ProfileOptions {
  openMachine(sessionId: string, generation: number): Promise<SessionMachine>;
  readonly timing: WorkerTiming;
  /** Asks the worker to end. */
  readonly signal: AbortSignal;
}

/** A worker of the twin, from its start to its end. Throws `missing` for an unknown session. */
export async function serveSession(
  ports: Omit<AgentPorts, 'snapshots'> & ToolPorts,
  worker: SessionWorker,
  options: ServeOptions,
): Promise<void> {
  const session = await ports.store.load(worker.sessionId);
  if (session === undefined) throw new Fault('missing', `there is no session ${worker.sessionId}`);
  await using machine = await options.openMachine(session.id, worker.generation);
  const { snapshots, logger } = machine;
  const profile = agentProfile(ports, machine, session, options);
  await runWorker({ ...ports, snapshots, logger }, worker, profile, options.timing, options.signal);
}
